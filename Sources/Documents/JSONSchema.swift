import Contract

/// What a value of a field looks like in JSON, in the dialect of OpenAPI 3.1.
enum JSONSchema {
    /// The schema of a field in answers.
    static func answer(_ field: AnyField) -> JSON {
        schema(field, isRequest: false).adding("readOnly", field.isReadOnly ? true : nil)
    }

    /// The schema of a field in requests.
    static func request(_ field: AnyField) -> JSON {
        schema(field, isRequest: true).adding("default", initial(field))
    }

    /// The number of a row, which only the server gives.
    static let id: JSON = [
        "type": "integer", "format": "int64", "description": "Number of the row, given by the server.", "minimum": 1,
        "readOnly": true,
    ]

    static func reference(_ name: String) -> JSON { ["$ref": "#/components/schemas/\(name)"] }

    /// The schema of an object with these members and no others; without a choice all of them are required.
    static func closed(_ members: [JSON.Member], required: [JSON.Member]? = nil) -> JSON {
        [
            "type": "object", "properties": .object(members),
            "required": .array((required ?? members).map { .string($0.name) }), "additionalProperties": false,
        ]
    }

    /// The schema of an object with these members, which may have further ones that are ignored.
    static func open(_ members: [JSON.Member], required: [String]) -> JSON {
        let object: JSON = ["type": "object", "properties": .object(members)]
        return object.adding("required", required.isEmpty ? nil : .array(required.map(JSON.string)))
    }
}

// MARK: By kind

extension JSONSchema {
    private static func schema(_ field: AnyField, isRequest: Bool) -> JSON {
        let types: [JSON] = types(field.kind, isRequest: isRequest) + (field.isNullable ? ["null"] : [])
        var schema: JSON = ["type": types.count == 1 ? types[0] : .array(types)]
        for limit in limits(field.kind, isRequest: isRequest) { schema = schema.adding(limit.name, limit.value) }
        if case .choice(let choices) = field.kind {
            schema = schema.adding(
                "enum", .array(choices.map { .string($0.value) } + (field.isNullable ? [.null] : [])))
        }
        let note = if case .reference = field.kind { " By its id." } else { "" }
        return schema.adding("description", .string(field.meaning + note))
    }

    private static func types(_ kind: Kind, isRequest: Bool) -> [JSON] {
        switch kind {
        case .text, .email, .url, .choice, .date, .timestamp: ["string"]
        case .integer, .reference: ["integer"]
        // The server never puts money into a binary float; a client that sends a number accepts that risk on its side.
        case .decimal: isRequest ? ["string", "number"] : ["string"]
        case .boolean: ["boolean"]
        }
    }

    private static func limits(_ kind: Kind, isRequest: Bool) -> [JSON.Member] {
        switch kind {
        case .text(let max, let blank):
            (blank ? [] : [.init("minLength", 1)]) + (max.map { [.init("maxLength", number(Int64($0)))] } ?? [])
        case .email(let max, let blank):
            // An optional address may be "", which the format would refuse.
            (blank ? [] : [.init("format", "idn-email")]) + [.init("maxLength", number(Int64(max)))]
        case .url(let max): [.init("maxLength", number(Int64(max)))]
        case .choice, .boolean: []
        case .integer(let range):
            [
                .init("format", Kind.int32.contains(range) ? "int32" : "int64"),
                .init("minimum", number(range.lowerBound)), .init("maximum", number(range.upperBound)),
            ]
        case .decimal(_, let digits, let places, let range):
            decimalLimits(whole: digits - places, places, range, isRequest: isRequest)
        case .date: [.init("format", "date")]
        case .timestamp: [.init("format", "date-time")]
        case .reference: [.init("format", "int64"), .init("minimum", 1)]
        }
    }

    private static func decimalLimits(
        whole: Int, _ places: Int, _ range: ClosedRange<Decimal>?, isRequest: Bool
    ) -> [JSON.Member] {
        let sign = range.map { $0.lowerBound.unscaled < 0 } ?? true ? "-?" : ""
        guard isRequest else { return [.init("pattern", "^\(sign)[0-9]{1,\(whole)}\\.[0-9]{\(places)}$")] }
        let largest = Decimal(unscaled: (0..<whole + places).reduce(1) { power, _ in power * 10 } - 1, places: places)
        let least = range?.lowerBound ?? Decimal(unscaled: -largest.unscaled, places: places)
        return [
            .init("pattern", "^\(sign)[0-9]{1,\(whole)}(\\.[0-9]{1,\(places)})?$"),
            .init("minimum", .number(least.description)),
            .init("maximum", .number((range?.upperBound ?? largest).description)),
        ]
    }

    private static func number(_ value: Int64) -> JSON { .number(String(value)) }

    /// The value stored when a create omits the field; nil if the field is required or the value is null.
    private static func initial(_ field: AnyField) -> JSON? {
        guard !field.isRequired else { return nil }
        return switch field.initial {
        case .null: nil
        case .boolean(let flag): .boolean(flag)
        case .integer(let value): number(value)
        case .decimal(let value): .string(value.description)
        case .text(let text): .string(text)
        case .date(let day): .string(day.text)
        case .timestamp(let time): .string(time.text)
        }
    }
}
