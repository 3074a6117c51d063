package import Contract

/// The schema of a service's messages, in the shape that all toolkits in Tests/System read: one namespace, named
/// types, repeated elements for lists, nothing nillable.
package enum XSD {
    /// The schema of a domain's messages as a document of its own, to check messages against.
    package static func document(for domain: Domain, operations: [Operation]) -> String {
        var schema = schema(for: domain, operations: operations.inService(of: domain))
        schema.set("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
        schema.set("xmlns:tns", domain.namespace)
        return schema.document
    }

    /// The inline schema of a WSDL, which declares the prefixes.
    static func schema(for domain: Domain, operations: [Operation]) -> Markup {
        var types = Types()
        let wrappers = operations.flatMap { operation in
            [
                wrapper(operation.name, operation.request, &types),
                wrapper(operation.answerName, [operation.result], &types),
            ]
        }
        types.add(.serviceFault)
        let fault = Markup(
            "xsd:element", ["name": Element.serviceFault, "type": "tns:" + ComplexType.serviceFault.name])
        return Markup(
            "xsd:schema", ["targetNamespace": domain.namespace, "elementFormDefault": "qualified"],
            types.simple.map(\.markup) + types.complex.map(\.markup) + wrappers + [fault])
    }

    /// The element of a message. Its type is anonymous, by which toolkits recognise that it can be unwrapped.
    private static func wrapper(_ name: String, _ elements: [Element], _ types: inout Types) -> Markup {
        let sequence = Markup("xsd:sequence", [:], elements.map { element($0, &types) })
        return Markup("xsd:element", ["name": name], [Markup("xsd:complexType", [:], [sequence])])
    }

    private static func element(_ element: Element, _ types: inout Types) -> Markup {
        let documentation = element.documentation
        var markup = Markup(
            "xsd:element", ["name": element.name, "type": types.name(of: element.content)],
            documentation.isEmpty
                ? [] : [Markup("xsd:annotation", [:], [Markup("xsd:documentation", [:], documentation)])])
        if !element.isRequired { markup.set("minOccurs", "0") }
        if element.isRepeated { markup.set("maxOccurs", "unbounded") }
        return markup
    }

    /// The named types met so far, each once, in the order of first use.
    private struct Types {
        var simple: [(name: String, markup: Markup)] = []
        var complex: [(name: String, markup: Markup)] = []

        /// The name by which an element refers to its type; a type of this schema is collected as well.
        mutating func name(of content: Element.Content) -> String {
            switch content {
            case .complex(let type):
                add(type)
                return "tns:" + type.name
            case .long: return "xsd:long"
            case .value(let kind):
                if let type = kind.namedType {
                    Self.keep(type.name, type.markup, in: &simple)
                    return "tns:" + type.name
                }
                return kind.builtInType
            }
        }

        mutating func add(_ type: ComplexType) {
            // The type's place is reserved before its parts are collected, so that it stands before them.
            let isNew = !complex.contains { $0.name == type.name }
            let place = complex.count
            if isNew { complex.append((type.name, Markup("xsd:complexType", ["name": type.name]))) }
            let sequence = Markup("xsd:sequence", [:], type.elements.map { XSD.element($0, &self) })
            let markup = Markup("xsd:complexType", ["name": type.name], [sequence])
            if isNew { complex[place].markup = markup }
            Self.keep(type.name, markup, in: &complex)
        }

        private static func keep(_ name: String, _ markup: Markup, in types: inout [(name: String, markup: Markup)]) {
            guard let known = types.first(where: { $0.name == name }) else { return types.append((name, markup)) }
            guard known.markup == markup else { fatalError("\(name) names two different types") }
        }
    }
}

// MARK: Names

extension Element {
    static let serviceFault = "service_fault"

    /// The element's meaning and what its type cannot express.
    var documentation: String { [meaning, content.notes].filter { !$0.isEmpty }.joined(separator: " ") }
}

extension Operation {
    /// The summary, the remarks for SOAP and the scope, as sentences.
    var documentation: String {
        ([summary + "."] + remarks.texts(for: .soap) + ["Scope: \(scope?.name ?? "any")."]).joined(separator: " ")
    }

    /// The element and the message of the answer.
    var answerName: String { name + "Response" }
}

extension [Operation] {
    /// The operations that the domain's SOAP service has under their own names.
    func inService(of domain: Domain) -> [Operation] {
        let own = filter { $0.domain == domain && $0.soap == .own }
        guard Set(own.map(\.name)).count == own.count else { fatalError("WS-I R2304: no two operations of one name") }
        return own
    }
}

// MARK: Types of values

extension Kind {
    /// The schema's own type for values of this kind. A decimal travels as text with a pattern, because toolkits read
    /// xsd:decimal into binary floats.
    fileprivate var namedType: (name: String, markup: Markup)? {
        if case .integer(Paging.sizes) = self { return Self.pageSize }
        guard case .decimal(let measure, let digits, let places, _) = self else { return nil }
        let name: String
        let pattern: String
        switch measure {
        case .percentage:
            name = "Percentage"
            pattern = "-?[0-9]{1,\(digits - places)}\\.[0-9]{\(places)}"
        case .weight:
            name = "Weight"
            pattern = "[0-9]{1,\(digits - places)}\\.[0-9]{\(places)}"
        // Figures without a unit were published under this name, and a published type keeps its name.
        case .money, .number:
            name = "Money"
            pattern = "-?[0-9]{1,13}\\.[0-9]{\(places)}"
        }
        let restriction = Markup(
            "xsd:restriction", ["base": "xsd:string"], [Markup("xsd:pattern", ["value": pattern])])
        return (name, Markup("xsd:simpleType", ["name": name], [restriction]))
    }

    /// The size of a page, with its limit. 0 is accepted as well: .NET sends it for a number that nobody set.
    private static let pageSize = (
        name: "PageSize",
        markup: Markup(
            "xsd:simpleType", ["name": "PageSize"],
            [
                Markup(
                    "xsd:restriction", ["base": "xsd:int"],
                    [
                        Markup("xsd:minInclusive", ["value": "0"]),
                        Markup("xsd:maxInclusive", ["value": "\(Paging.sizes.upperBound)"]),
                    ])
            ])
    )

    /// The type's name without its prefix.
    var typeName: String { namedType?.name ?? String(builtInType.drop { $0 != ":" }.dropFirst()) }

    fileprivate var builtInType: String {
        switch self {
        case .text, .email, .url, .choice, .reference: "xsd:string"
        case .integer(let range): Kind.int32.contains(range) ? "xsd:int" : "xsd:long"
        case .boolean: "xsd:boolean"
        case .date: "xsd:date"
        case .timestamp: "xsd:dateTime"
        case .decimal: fatalError("decimals have a type of their own")
        }
    }
}

extension Element.Content {
    /// What the type does not express. A list of values that may grow is declared as text, since old clients reject a
    /// whole answer when it has a value that their enumeration lacks.
    fileprivate var notes: String {
        guard case .value(.choice(let choices)) = self else { return "" }
        return "One of: " + choices.map(\.value).joined(separator: ", ") + "."
    }
}
