import Contract

/// The answers to OPTIONS, from which clients of the original server build their forms.
extension Router.Place {
    mutating func describe(_ catalogue: [Operation]) {
        var methods = operations.keys.map(\.rawValue) + ["OPTIONS"]
        if operations[.get] != nil { methods.append("HEAD") }
        allow = methods.sorted().joined(separator: ", ")

        let verb = action.map { ($0.prefix(1).uppercased() + $0.dropFirst()).map { $0 == "_" ? " " : $0 } }
        let title = verb.map { String($0) } ?? "\(resource.title) \(isRow ? "Instance" : "List")"
        let bindings = operations.values.flatMap { catalogue[$0].bindings }
        let about = action == nil ? resource.about : bindings.first { $0.action == action }?.options ?? ""
        let plain = Self.members(title, about)
        var full = plain
        for method in [Operation.Method.put, .post] where operations[method] != nil {
            full += ",\"actions\":{\"\(method.rawValue)\":\(resource.formFields)}"
            break
        }
        description = (Array("{\(plain)}".utf8), Array("{\(full)}".utf8))
    }

    static func members(_ title: String, _ about: String) -> String {
        "\"name\":\(title.json),\"description\":\(about.json),\"renders\":[\"application/json\"],"
            + "\"parses\":[\"application/json\",\"application/x-www-form-urlencoded\",\"multipart/form-data\"]"
    }
}

extension Router {
    /// The answer to OPTIONS at a domain's root.
    package static let rootDescription = Array(
        "{\(Place.members("Api Root", "The default basic root view for DefaultRouter"))}".utf8)
    package static let rootAllow = "GET, HEAD, OPTIONS"
}

extension Resource {
    /// The fields of a form, as the answer to OPTIONS lists them.
    fileprivate var formFields: String {
        let id = "\"id\":{\"type\":\"integer\",\"required\":false,\"read_only\":true,\"label\":\"ID\"}"
        let shown = embedded.filter { !$0.isKeyOnly }.map { child in
            let fields = child.fields.map { field in
                child.resource.expansions.first { $0.field == field }.map(\.formMember) ?? field.formMember
            }
            let children = (child.isMany ? [id] : []) + fields
            let object = "\"children\":{\(children.joined(separator: ","))}"
            let head =
                "\"required\":false,\"read_only\":true,\"label\":\(AnyField(child.name, .boolean, "").label.json)"
            return child.isMany
                ? "\"\(child.name)\":{\"type\":\"field\",\(head),\"child\":{\"type\":\"nested object\",\"required\":false,"
                    + "\"read_only\":true,\(object)}}"
                : "\"\(child.name)\":{\"type\":\"nested object\",\(head),\(object)}"
        }
        return "{" + ([id] + fields.map(\.formMember) + shown).joined(separator: ",") + "}"
    }
}

extension Resource.Expansion {
    /// The reference in a form that clients read only: it is shown as the whole row, which they cannot write.
    fileprivate var formMember: String {
        "\"\(field.name)\":{\"type\":\"nested object\",\"required\":false,\"read_only\":true,"
            + "\"label\":\(field.label.json),\"children\":\(resource.formFields)}"
    }
}

extension AnyField {
    fileprivate var formMember: String {
        var members =
            "\"type\":\"\(formType)\",\"required\":\(isRequired),\"read_only\":\(isReadOnly),\"label\":\(label.json)"
        switch kind {
        case .text(let max, _):
            if let max { members += ",\"max_length\":\(max)" }
        case .email(let max, _), .url(let max): members += ",\"max_length\":\(max)"
        case .integer:
            // The contract has this for every integer; the checks report narrower ranges.
            if !isReadOnly {
                members += ",\"min_value\":\(Kind.int32.lowerBound),\"max_value\":\(Kind.int32.upperBound)"
            }
        case .decimal(_, let digits, let places, _): members += ",\"max_digits\":\(digits),\"decimal_places\":\(places)"
        case .choice(let choices):
            let list = choices.map { "{\"value\":\($0.value.json),\"display_name\":\($0.label.json)}" }
            members += ",\"choices\":[\(list.joined(separator: ","))]"
        case .boolean, .date, .timestamp, .reference: break
        }
        return "\"\(name)\":{\(members)}"
    }

    private var formType: String {
        switch kind {
        case .text: "string"
        case .email: "email"
        case .url: "url"
        case .choice: "choice"
        case .integer: "integer"
        case .decimal: "decimal"
        case .boolean: "boolean"
        case .date: "date"
        case .timestamp: "datetime"
        case .reference: "field"
        }
    }
}

extension String {
    /// The text as a JSON string.
    package var json: String {
        var bytes = Bytes(capacity: utf8.count + 16)
        bytes.append(json: self)
        return bytes.text
    }
}
