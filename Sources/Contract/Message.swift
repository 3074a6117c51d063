// MARK: A resource's types

extension AnyField {
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

    /// The element of this field in a new row, with what is accepted and what its absence means.
    fileprivate var inputElement: Element {
        Element(soapName, soapContent, isRequired: isRequired, meaning + limit + absence)
    }

    /// The element of this field in changes to a row, with what is accepted.
    fileprivate func changeElement(of resource: Resource) -> Element {
        let meaning =
            resource.key == .own(self)
            ? "New number of the \(resource.singular.words), which is then unknown under the old one." : meaning
        return Element(soapName, soapContent, isRequired: false, meaning + limit)
    }

    /// The length of a text or the largest number, as a sentence; "" where the type says it, or none is near.
    private var limit: String {
        switch kind {
        case .text(let max?, _), .email(let max, _), .url(let max): " At most \(max) characters."
        // The meaning of a percentage says its range.
        case .decimal(.percentage, _, _, _): ""
        case .decimal(_, let digits, _, _): " At most \(Decimal.largest(digits: digits))."
        default: ""
        }
    }

    /// The value that a new row has without the element, as a sentence; "" for an empty text and none.
    private var absence: String {
        guard !isRequired else { return "" }
        return switch initial {
        case .text(let text) where !text.isEmpty: " Absent: \(text)."
        case .integer(let number): " Absent: \(number)."
        case .decimal(let number): " Absent: \(number)."
        case .boolean(let value): " Absent: \(value)."
        default: ""
        }
    }

    /// The field's name in SOAP, where a reference to another row is its business key.
    package var soapName: String {
        if case .reference(let target) = kind { target.key } else { name }
    }

    private var soapContent: Element.Content {
        if case .reference = kind { .value(.text(max: nil, blank: false)) } else { .value(kind) }
    }
}

extension Resource {
    /// The element by which SOAP names a row.
    package var keyElement: Element {
        switch key {
        case .own(let field), .parent(let field): .text(field.soapName, field.meaning)
        case .id: .rowID
        }
    }

    /// A row in an answer; the XML writer's template keeps the same order.
    package var answerType: ComplexType {
        ComplexType(
            typeName,
            (key == .id ? [keyElement] : []) + fields.map(\.answerElement)
                + [revision]
                + embedded.map(\.answerElement) + [.attributes])
    }

    private var revision: Element {
        let inside = embedded.isEmpty ? "" : " or of a row that belongs to it, shown here or only named"
        return Element(
            "revision", .long,
            "Version of the row, which the server raises with each change of it\(inside). Compare it, not a time, to know "
                + "whether you have seen the row as it is.")
    }

    /// A new row in a request.
    package var inputType: ComplexType {
        ComplexType(
            typeName + "Input",
            fields(givenTo: .create).map(\.inputElement) + [.attributes])
    }

    /// Changes to a row in a request; fields that are absent keep their values.
    package var changesType: ComplexType {
        ComplexType(
            typeName + "Changes",
            writableFields.map { $0.changeElement(of: self) } + [.clearField, .expectedRevision, .attributes])
    }

    /// Which rows of a list to return.
    package var queryType: ComplexType {
        var elements = [Paging.page, Paging.size].map { $0.requestElement(isRequired: false) }
        if notesChanges { elements.append(Paging.updatedSince.requestElement(isRequired: false)) }
        for filter in filters {
            switch filter {
            case .equals(let field): elements.append(field.filtering(self).requestElement(isRequired: false))
            case .contains(let field, _): elements.append(field.requestElement(isRequired: false))
            case .keys:
                elements.append(
                    .text(
                        keyElement.name, isRequired: false, isRepeated: true,
                        "Number of \(one) to return, repeated for up to \(Paging.sizes.upperBound) of them; absent: all."
                    ))
            }
        }
        return ComplexType(typeName + "Query", elements)
    }

    /// A page of rows.
    package var pageType: ComplexType {
        ComplexType(
            typeName + "Page",
            [
                Element("page", .value(.integer(Kind.int32)), "Number of this page; the first is 1."),
                Element("page_size", .value(.integer(Kind.int32)), "Number of rows that a full page holds."),
                Element("total_count", .value(.integer(Kind.int32)), "Number of rows on all pages together."),
                Element("has_more", .value(.boolean), "Whether a page comes after this one."),
            ] + (notesChanges ? [Paging.nextUpdatedSince.answerElement] : []) + [
                Element(
                    singular, .complex(answerType), isRequired: false, isRepeated: true,
                    "\(one.capitalized), repeated for each on the page; absent on an empty page.")
            ])
    }
}

extension Element {
    fileprivate static let rowID = Element("id", .long, "Number of the row, given by the server.")
}

extension Embedded {
    /// The element of one of the rows in an answer.
    fileprivate var answerElement: Element {
        Element(
            element, isKeyOnly ? fields[0].answerElement.content : .complex(type), isRequired: false,
            isRepeated: isMany, meaning)
    }

    package var type: ComplexType {
        ComplexType(
            typeName,
            (showsID ? [.rowID] : []) + fields.map(\.answerElement))
    }
}

// MARK: An operation's messages

extension Operation {
    /// The elements under the operation's own element.
    package var request: [Element] {
        guard let resource else { return [] }
        let key = isOnRow ? [soapKey?.requestElement(isRequired: true) ?? resource.keyElement] : []
        switch body {
        case .create:
            return [Element(resource.singular, .complex(resource.inputType), "Fields of the new row.")]
        case .update:
            return key + [
                Element(
                    Element.changes, .complex(resource.changesType), "Fields to change; an absent one keeps its value.")
            ]
        case .arguments: return key + arguments.map { $0.field.requestElement(isRequired: !$0.isOptional) }
        case .none:
            let query = queryType
            let meaning = "Choice of the rows to return; absent: all, from the first page."
            return key + (query.map { [Element(Element.query, .complex($0), isRequired: false, meaning)] } ?? [])
        }
    }

    /// The optional arguments of a list, as one complex argument: every tested toolkit unwraps this shape.
    package var queryType: ComplexType? {
        guard case .collection(let resource) = target, body == .none else { return nil }
        if reply == .page { return resource.queryType }
        let paging = isLimited ? [] : [Paging.page, Paging.size]
        return ComplexType(
            name.camelCased + "Query",
            (arguments.map(\.field) + paging).map { $0.requestElement(isRequired: false) })
    }

    /// The one element of the answer.
    package var result: Element {
        let content: Element.Content =
            switch (reply, resource) {
            case (.record(let shape), _): .complex(shape.type)
            case (.part(let child), _): .complex(child.type)
            case (.deleted, _): .value(.boolean)
            case (.page, let resource?), (.list, let resource?): .complex(resource.pageType)
            case (_, let resource?): .complex(resource.answerType)
            case (_, nil): fatalError("\(name) answers with rows of no resource")
            }
        return Element(Element.result, content, resultMeaning)
    }

    private var resultMeaning: String {
        switch reply {
        case .row, .rowInside, .part: "Row that was asked for."
        case .created: "Row as it is stored now."
        case .changed: "Row after the action."
        case .page, .list: "Page of the rows that were asked for."
        case .deleted: "Always true: the row is deleted."
        case .record(let shape): shape.meaning
        }
    }
}

extension Shape {
    /// The record in an answer of SOAP.
    fileprivate var type: ComplexType {
        ComplexType(name, members.map(\.element) + (hasAttributes ? [.attributes] : []))
    }
}

extension Shape.Member {
    fileprivate var element: Element {
        switch content {
        case .value(let field):
            Element(soapName, field.answerElement.content, isRequired: !isOptional, meaning)
        case .values(let field):
            Element(soapName, field.answerElement.content, isRequired: false, isRepeated: true, meaning)
        case .row(let resource): Element(soapName, .complex(resource.answerType), isRequired: !isOptional, meaning)
        case .part(let part): part.answerElement
        }
    }
}
