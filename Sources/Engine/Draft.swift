import Contract
import Wire

/// A new row or changes to a row, checked as far as possible without the database.
package struct Draft {
    let resource: Resource
    let notation: Notation
    /// The values to store; a stamp is included only if the request gave it.
    var values: FieldValues
    /// References as the client sent them, by field name, for the message when a row does not exist.
    var references: [String: Raw] = [:]
    /// SOAP's references by field name, as keys whose rows are not looked up yet.
    var keys: [String: String] = [:]
    var problems: [FieldProblem] = []
    /// The attributes to store as they are; nil keeps the stored ones.
    var attributes: String?

    /// The purpose of a draft, which decides which fields may be missing.
    enum Purpose { case create, replace, change }

    init(_ resource: Resource, _ input: Input, _ purpose: Purpose) throws {
        self.resource = resource
        notation = input.notation
        values = FieldValues(resource)
        let members = try input.body.get()
        // REST's creates take what its updates take.
        let body: Operation.Body = input.notation == .xml && purpose == .create ? .create : .update
        for number in resource.numbers(givenTo: body) {
            let field = resource.fields[number]
            if input.cleared.contains(field.name) || input.cleared.contains(field.soapName) {
                clear(number, field, isAlsoGiven: members[field.name] != nil)
            } else {
                take(number, field, Self.given(field, members[field.name], input, purpose), purpose)
            }
        }
        refuseUnknown(input.cleared)
        if let sent = input.attributes {
            attributes = "{" + sent.map { "\($0.name.json):\($0.value.json)" }.joined(separator: ",") + "}"
        }
        if input.cleared.contains(Element.attributes.name) {
            if attributes != nil { note(givenAndCleared: Element.attributes.name) }
            attributes = "{}"
        }
    }

    /// A form's empty text and missing checkbox as the contract reads them. In every notation, "" as a reference means
    /// no row.
    private static func given(_ field: AnyField, _ raw: Raw?, _ input: Input, _ purpose: Purpose) -> Raw? {
        if case .reference = field.kind, raw == .string("") { return .null }
        // The original server reads a blank decimal as null if the field may be null.
        if case .decimal = field.kind, field.isNullable, input.notation != .xml, case .string(let text)? = raw,
            text.unicodeScalars.allSatisfy({ $0.properties.isWhitespace })
        {
            return .null
        }
        guard input.notation == .form else { return raw }
        guard let raw else { return field.kind == .boolean && purpose != .change ? .boolean(false) : nil }
        guard raw == .string(""), !field.kind.allowsBlank else { return raw }
        if field.isNullable { return .null }
        return field.isRequired ? raw : nil
    }

    private mutating func take(_ number: Int, _ field: AnyField, _ raw: Raw?, _ purpose: Purpose) {
        guard let raw else {
            switch purpose {
            case .create where field.stamp != nil: break
            case .create where !field.isRequired: values[number] = field.initial
            case .create: problems.append(FieldProblem(field, Problem.missing.message))
            case .replace where field.isRequired && !field.staysOnPut:
                problems.append(FieldProblem(field, Problem.missing.message))
            case .replace, .change: break
            }
            return
        }
        if raw == .null {
            guard field.isNullable else {
                problems.append(FieldProblem(field, Problem.null.message))
                return
            }
            values[number] = .null
            return
        }
        if case .reference = field.kind, notation == .xml, case .string(let key) = raw {
            keys[field.name] = key
            return
        }
        switch field.kind.verdict(on: raw, as: notation) {
        case .success(let value):
            values[number] = value
            if case .reference = field.kind { references[field.name] = raw }
        case .failure(let problem): problems += problem.messages.map { FieldProblem(field, $0) }
        }
    }

    private mutating func clear(_ number: Int, _ field: AnyField, isAlsoGiven: Bool) {
        if isAlsoGiven {
            note(givenAndCleared: field.soapName)
        } else if field.isNullable {
            values[number] = .null
        } else if field.kind.allowsBlank {
            values[number] = .text("")
        } else {
            problems.append(FieldProblem(Element.clearField.name, "\(field.soapName) cannot be empty."))
        }
    }

    private mutating func refuseUnknown(_ cleared: [String]) {
        guard !cleared.isEmpty else { return }
        let clearable = resource.writableFields.flatMap { [$0.name, $0.soapName] } + [Element.attributes.name]
        for name in cleared where !clearable.contains(name) {
            problems.append(FieldProblem(Element.clearField.name, "There is no field \(name) to clear."))
        }
    }

    private mutating func note(givenAndCleared name: String) {
        problems.append(FieldProblem(Element.clearField.name, "\(name) is both given and cleared."))
    }

    /// Adds the problems that concern several fields; `current` has the values that the draft does not change.
    mutating func check(_ rules: [Rule], current: [String: Value] = [:]) {
        for rule in rules {
            let names = rule.fields.map(\.name)
            let given = names.filter { values[$0] != nil }
            guard rule.needsAllFields ? given.count == names.count : !given.isEmpty,
                !problems.contains(where: { names.contains($0.name) })
            else { continue }
            if let problem = rule.problem({ values[$0.name] ?? current[$0.name] ?? .null }) { problems.append(problem) }
        }
    }
}

extension Kind {
    /// Whether "" is a value of this kind.
    var allowsBlank: Bool {
        switch self {
        case .text(_, let blank), .email(_, let blank): blank
        default: false
        }
    }
}

extension Raw {
    /// The text of an attribute as JSON.
    fileprivate var json: String {
        if case .string(let text) = self { text.json } else { "null" }
    }
}
