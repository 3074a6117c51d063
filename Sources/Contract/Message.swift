/// One element of a SOAP message: the schema, the reader and the samples in the documentation share it.
package struct Element: Sendable {
    package let name: String
    package let content: Content
    package let isRequired: Bool
    package let isRepeated: Bool
    package let meaning: String

    /// What an element holds.
    package enum Content: Sendable {
        case value(Kind)
        /// A whole number of 64 bits.
        case long
        case complex(ComplexType)
    }

    package init(
        _ name: String, _ content: Content, isRequired: Bool = true, isRepeated: Bool = false, _ meaning: String = ""
    ) {
        self.name = name
        self.content = content
        self.isRequired = isRequired
        self.isRepeated = isRepeated
        self.meaning = meaning
    }

    /// Any text, as keys and open lists of values travel.
    package static func text(
        _ name: String, isRequired: Bool = true, isRepeated: Bool = false, _ meaning: String = ""
    ) -> Element {
        Element(name, .value(.text(max: nil, blank: true)), isRequired: isRequired, isRepeated: isRepeated, meaning)
    }
}

/// A sequence of elements under a name.
package struct ComplexType: Sendable {
    package let name: String
    package let elements: [Element]

    package init(_ name: String, _ elements: [Element]) {
        self.name = name
        self.elements = elements
    }

    package func element(_ name: String) -> Element? { elements.first { $0.name == name } }
}

// MARK: The types every service has

extension ComplexType {
    /// The place where answers grow: they are frozen once published.
    package static let attribute = ComplexType("Attribute", [.text("name"), .text("value")])

    package static let serviceInfo = ComplexType(
        "ServiceInfo",
        [
            .text("contract_version"), Element("server_time", .value(.timestamp)),
            .text("supported_namespace", isRequired: false, isRepeated: true),
        ])

    package static let fieldError = ComplexType("FieldError", [.text("field"), .text("problem")])

    package static let serviceFault = ComplexType(
        "ServiceFault",
        [
            .text("error_code"), .text("error_text"), Element("retryable", .value(.boolean)),
            .text("request_id", isRequired: false),
            Element("field_error", .complex(fieldError), isRequired: false, isRepeated: true),
        ])
}

extension Element {
    package static let attributes = Element(
        "attribute", .complex(.attribute), isRequired: false, isRepeated: true,
        "Further properties, as names and values.")
    package static let clearField = Element.text(
        "clear_field", isRequired: false, isRepeated: true, "The name of an optional field to empty.")
    package static let expectedRevision = Element(
        "expected_revision", .long, isRequired: false,
        "The change is refused when the row has another revision by now.")
    package static let query = "query"
    package static let changes = "changes"
    package static let result = "result"
}

// MARK: A resource's types

extension Field {
    /// The element of this field in an answer.
    package var answerElement: Element {
        var holdsEmptyText = false
        switch kind {
        case .text(_, let blank), .email(_, let blank): holdsEmptyText = blank
        default: break
        }
        return Element(soapName, soapContent, isRequired: !isNullable && !holdsEmptyText, meaning)
    }

    /// The element of this field in a request.
    package func requestElement(isRequired: Bool) -> Element {
        Element(soapName, soapContent, isRequired: isRequired, meaning)
    }

    /// SOAP names a row of another table by its business key.
    package var soapName: String {
        if case .reference(let target) = kind { target.key } else { name }
    }

    private var soapContent: Element.Content {
        if case .reference = kind { .value(.text(max: nil, blank: false)) } else { .value(kind) }
    }
}

extension Resource {
    /// What SOAP names a row by.
    package var keyElement: Element {
        switch key {
        case .own(let field), .parent(let field): .text(field.soapName, field.meaning)
        case .id: Element("id", .long, "The number of the row.")
        }
    }

    /// A row in an answer: the XML writer's template has the same order.
    package var answerType: ComplexType {
        ComplexType(
            typeName,
            (key == .id ? [keyElement] : []) + fields.map(\.answerElement)
                + [Element("revision", .long, "Goes up by one with each change.")]
                + embedded.map { child in
                    Element(
                        child.element, child.isKeyOnly ? child.fields[0].answerElement.content : .complex(child.type),
                        isRequired: false, isRepeated: child.isMany)
                } + [.attributes])
    }

    /// A new row in a request.
    package var inputType: ComplexType {
        ComplexType(
            typeName + "Input",
            writableFields.map { $0.requestElement(isRequired: $0.isRequired) } + [.attributes])
    }

    /// Changes to a row in a request: absent is kept.
    package var changesType: ComplexType {
        ComplexType(
            typeName + "Changes",
            writableFields.map { $0.requestElement(isRequired: false) } + [.clearField, .expectedRevision, .attributes])
    }

    /// Which rows of a list to return.
    package var queryType: ComplexType {
        var elements = [Paging.page, Paging.size].map { $0.requestElement(isRequired: false) }
        if hasUpdates { elements.append(Paging.updatedSince.requestElement(isRequired: false)) }
        for filter in filters {
            switch filter {
            case .equals(let field), .contains(let field, _): elements.append(field.requestElement(isRequired: false))
            case .keys: elements.append(.text(keyElement.name, isRequired: false, isRepeated: true))
            }
        }
        return ComplexType(typeName + "Query", elements)
    }

    /// A page of rows.
    package var pageType: ComplexType {
        ComplexType(
            typeName + "Page",
            [
                Element("page", .value(.integer(Kind.int32))), Element("page_size", .value(.integer(Kind.int32))),
                Element("total_count", .value(.integer(Kind.int32))), Element("has_more", .value(.boolean)),
                Element(singular, .complex(answerType), isRequired: false, isRepeated: true),
            ])
    }

    /// Whether rows say when they were last changed.
    package var hasUpdates: Bool { field("updated_at") != nil }
}

extension Embedded {
    /// Whether only the key is shown, as plain repeated elements.
    package var isKeyOnly: Bool { audience == .soapKeysOnly }

    package var type: ComplexType {
        ComplexType(
            typeName,
            (showsID && isMany ? [Element("id", .long)] : []) + fields.map(\.answerElement))
    }
}

// MARK: An operation's messages

extension Operation {
    /// The elements under the operation's own element.
    package var request: [Element] {
        guard let resource else { return [] }
        let key = target == .row ? [soapKey?.requestElement(isRequired: true) ?? resource.keyElement] : []
        switch body {
        case .create: return [Element(resource.singular, .complex(resource.inputType))]
        case .update: return key + [Element(Element.changes, .complex(resource.changesType))]
        case .arguments: return key + arguments.map { $0.field.requestElement(isRequired: !$0.isOptional) }
        case .none:
            let query = queryType
            return key + (query.map { [Element(Element.query, .complex($0), isRequired: false)] } ?? [])
        }
    }

    /// The optional arguments of a list, as one complex argument: the shape that every toolkit unwraps.
    package var queryType: ComplexType? {
        guard let resource, target == .collection, body == .none else { return nil }
        if reply == .page { return resource.queryType }
        let paging =
            reply == .list && arguments.contains { $0.field == Paging.limit } ? [] : [Paging.page, Paging.size]
        return ComplexType(
            name.camelCased + "Query",
            (arguments.map(\.field) + paging).map { $0.requestElement(isRequired: false) })
    }

    /// The one element of the answer.
    package var result: Element {
        let content: Element.Content =
            switch reply {
            case .row, .created, .changed, .tracking: .complex(resource!.answerType)
            case .page, .list: .complex(resource!.pageType)
            case .deleted: .value(.boolean)
            case .validity:
                .complex(
                    ComplexType(
                        resource!.typeName + "Validity",
                        [
                            Element("valid", .value(.boolean)),
                            .text("reason", isRequired: false, "Why it cannot be used."),
                            Element(resource!.singular, .complex(resource!.answerType), isRequired: false),
                            .attributes,
                        ]))
            case .serviceInfo: .complex(.serviceInfo)
            }
        return Element(Element.result, content)
    }
}
