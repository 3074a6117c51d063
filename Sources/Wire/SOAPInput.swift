import Contract
import XML

/// Reads the elements of one operation by its declaration, in any order, each at most as often as declared.
struct SOAPInput {
    private let operation: Operation
    private let declared: [Contract.Element]
    private let call: XML.Element
    /// The namespaces that each element may have, whatever its parent's: rpc style has a qualified wrapper and bare
    /// parts.
    private let namespaces: [String]
    private var problems: [FieldProblem] = []
    private var isUnknown = true

    init(_ operation: Operation, _ declared: [Contract.Element], _ call: XML.Element, _ namespaces: [String]) {
        self.operation = operation
        self.declared = declared
        self.call = call
        self.namespaces = namespaces
    }

    func read() -> Input {
        var reader = self
        return reader.makeInput()
    }

    private mutating func makeInput() -> Input {
        var input = Input(.xml)
        let given = elements(of: call, declared: declared, path: "")
        for element in declared {
            guard let first = given[element.name]?.first else {
                if element.isRequired { note(element.name, Problem.missing.message) }
                continue
            }
            switch element.content {
            case .complex(let type):
                let inner = elements(of: first, declared: type.elements, path: element.name + ".")
                fill(&input, inner, element.name)
            case .value, .long: fill(&input, element, scalar(first, element.name))
            }
        }
        input.problems = problems
        input.hasOnlyUnknownFields = isUnknown
        return input
    }

    private mutating func note(_ field: String, _ message: String, isUnknown: Bool = false) {
        // A hundred problems are enough to correct a request; more would answer a flood of fields with a larger one.
        guard problems.count < 100 else { return }
        problems.append(FieldProblem([.init(String(field.unicodeScalars.prefix(200)))], message, isFromTop: true))
        self.isUnknown = self.isUnknown && isUnknown
    }

    /// The children by name; a child that is not declared, or occurs too often, becomes a problem.
    private mutating func elements(
        of parent: XML.Element, declared: [Contract.Element], path: String
    ) -> [String: [XML.Element]] {
        if !parent.hasOnlyWhitespace { note(path + parent.name, "Text is not allowed here.") }
        var found: [String: [XML.Element]] = [:]
        for child in parent.children {
            guard namespaces.contains(child.namespace), let element = declared.first(where: { $0.name == child.name })
            else {
                note(path + child.name, "There is no such field.", isUnknown: true)
                continue
            }
            if child.attribute("href") != nil { note(path + child.name, "References by href are not supported.") }
            if child.isNil { note(path + child.name, "nil is not allowed; \(Self.insteadOfNil(element, declared))") }
            if !element.isRepeated, found[child.name] != nil { note(path + child.name, "Given more than once.") }
            found[child.name, default: []].append(child)
        }
        return found
    }

    /// What a client does that has no value for the element.
    private static func insteadOfNil(_ element: Contract.Element, _ declared: [Contract.Element]) -> String {
        if element.isRequired { return "the element needs a value." }
        guard declared.contains(where: { $0.name == Element.clearField.name }) else { return "leave the element out." }
        return "name the field in \(Element.clearField.name) to empty it, or leave the element out to keep its value."
    }

    private mutating func scalar(_ element: XML.Element, _ path: String) -> String {
        if element.hasElements { note(path, "Elements are not allowed here.") }
        return element.text
    }

    /// Sets the key or an argument.
    private mutating func fill(_ input: inout Input, _ element: Contract.Element, _ text: String) {
        if let index = operation.arguments.firstIndex(where: { $0.field.soapName == element.name }) {
            setArgument(&input, index, .string(text))
        } else if case .long = element.content {
            switch Kind.integer(Int64.min...Int64.max).verdict(on: .string(text), as: .xml) {
            case .success(.integer(let id)): input.row = .id(id)
            case .success: note(element.name, Problem.missing.message)
            case .failure(let problem): note(element.name, problem.message)
            }
        } else {
            input.row = .key(text, column: operation.soapKey?.column)
        }
    }

    private func setArgument(_ input: inout Input, _ index: Int, _ raw: Raw) {
        if input.arguments.isEmpty { input.arguments = Array(repeating: nil, count: operation.arguments.count) }
        input.arguments[index] = raw
    }

    /// Sets a row, changes to one, or a query.
    private mutating func fill(_ input: inout Input, _ inner: [String: [XML.Element]], _ name: String) {
        guard let resource = operation.resource else { return }
        switch operation.body {
        case .create, .update:
            input.isPartial = operation.body == .update
            var members: [Member] = []
            for field in resource.fields(givenTo: operation.body) {
                guard let element = inner[field.soapName]?.first else { continue }
                let text = scalar(element, "\(name).\(field.soapName)")
                if !field.kind.isUnsetTime(text) { members.append(Member(field.name, .string(text))) }
            }
            input.body = .success(Members(members))
            let cleared = inner[Element.clearField.name, default: []]
            if cleared.count > resource.fields.count + 1 {
                note("\(name).\(Element.clearField.name)", "Given too often.")
            }
            input.cleared = cleared.prefix(resource.fields.count + 1).map {
                scalar($0, "\(name).\(Element.clearField.name)")
            }
            input.expectedRevision = expectedRevision(inner, name)
            if let attributes = inner[Element.attributes.name] { input.attributes = readAttributes(attributes, name) }
            if operation.body == .update, problems.isEmpty, members.isEmpty, cleared.isEmpty, input.attributes == nil {
                // Toolkits drop elements that they do not know, such as a misspelt name, and the empty call would then
                // succeed.
                note(name, "Give at least one field to change.")
            }
        case .none, .arguments:
            input.page = given(inner, Paging.page, name)
            input.pageSize = given(inner, Paging.size, name)
            input.updatedSince = given(inner, Paging.updatedSince, name)
            for (index, argument) in operation.arguments.enumerated() {
                if let raw = given(inner, argument.field, name) { setArgument(&input, index, raw) }
            }
            guard operation.reply == .page else { return }
            input.filters = resource.filters.map { filter in filter.field.flatMap { given(inner, $0, name) } }
            let key = resource.keyElement.name
            input.keys = inner[key, default: []].filter { $0.hasElements || !$0.hasOnlyWhitespace }.map {
                scalar($0, "\(name).\(key)")
            }
        }
    }

    /// The value of a field in a query; nil when it is absent or blank, or is the default that .NET's DataContract
    /// serializer sends for a number or time that nobody set, since it omits no value type.
    private mutating func given(_ inner: [String: [XML.Element]], _ field: AnyField, _ path: String) -> Raw? {
        guard let element = inner[field.soapName]?.first else { return nil }
        let text = scalar(element, "\(path).\(field.soapName)")
        if element.hasOnlyWhitespace || field.kind.isUnsetTime(text) { return nil }
        if case .integer = field.kind, Kind.isZero(text) { return nil }
        return .string(text)
    }

    /// The revision that the row must have; nil when it is absent, or is .NET's default, since revisions begin at 1.
    private mutating func expectedRevision(_ inner: [String: [XML.Element]], _ path: String) -> Raw? {
        let name = Element.expectedRevision.name
        guard let element = inner[name]?.first else { return nil }
        let text = scalar(element, "\(path).\(name)")
        return Kind.isZero(text) ? nil : .string(text)
    }

    private mutating func readAttributes(_ elements: [XML.Element], _ path: String) -> [Member] {
        var attributes: [Member] = []
        // By bytes, since canonically equivalent texts are equal Strings and yet two names.
        var names: Set<[UInt8]> = []
        if elements.count > Element.mostAttributes {
            note("\(path).\(Element.attributes.name)", "Given more than \(Element.mostAttributes) times.")
        }
        for element in elements.prefix(Element.mostAttributes) {
            let inner = self.elements(
                of: element, declared: ComplexType.attribute.elements, path: "\(path).\(Element.attributes.name).")
            let values = ComplexType.attribute.elements.map { part in
                inner[part.name]?.first.map { scalar($0, "\(path).\(Element.attributes.name).\(part.name)") }
            }
            guard let name = values[0], let value = values[1], !name.isEmpty else {
                note("\(path).\(Element.attributes.name)", "An attribute needs a name and a value.")
                continue
            }
            if !names.insert(Array(name.utf8)).inserted {
                note("\(path).\(Element.attributes.name)", "\(name) is given twice.")
            }
            attributes.append(Member(name, .string(value)))
        }
        return attributes
    }
}

extension XML.Element {
    /// Whether the element declares that it has no value: by `xsi:nil`, also in another namespace, none, or other
    /// letters, or by the `xsi:null` of 1999. Any value but a plain false counts, since otherwise the empty element would
    /// clear a field.
    fileprivate var isNil: Bool {
        attributes.contains { name, value in
            ["nil", "null"].contains(name.lowercasedASCII)
                && !["false", "0"].contains(value.trimmingSpaces.lowercasedASCII)
        }
    }
}
