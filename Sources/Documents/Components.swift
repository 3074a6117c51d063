import Contract

/// The named parts of an OpenAPI document: each a schema with an example that fits it, written once.
struct Components {
    private var schemas: [JSON.Member] = []
    private var examples: [JSON.Member] = []
    /// The parts that are whole bodies, of which only the examples are published.
    private var bodies: Set<String> = []
    private let sample: Sample

    init(_ sample: Sample) {
        self.sample = sample
        for part in Self.constant { add(part.name, part.schema, part.example) }
    }

    /// The values of `components.schemas` and `components.examples`.
    var schemasObject: JSON { .object(schemas) }
    var examplesObject: JSON {
        .object(examples.filter { bodies.contains($0.name) }.map { .init($0.name, ["value": $0.value]) })
    }

    /// Adds a part unless its name is there already: the same name always means the same part.
    @discardableResult
    private mutating func add(_ name: String, _ schema: JSON, _ example: JSON) -> String {
        if let known = schemas.first(where: { $0.name == name }) {
            guard known.value == schema else { fatalError("\(name) names two different schemas") }
        } else {
            schemas.append(.init(name, schema))
            examples.append(.init(name, example))
        }
        return name
    }

    private func example(_ name: String) -> JSON {
        guard let example = examples.first(where: { $0.name == name }) else { fatalError("no part \(name)") }
        return example.value
    }

    /// A media type whose body is one of these parts.
    mutating func media(_ names: [String]) -> JSON {
        bodies.formUnion(names)
        let references = names.map(JSONSchema.reference)
        return [
            "schema": references.count == 1 ? references[0] : ["oneOf": .array(references)],
            "examples": .object(names.map { .init($0, ["$ref": "#/components/examples/\($0)"]) }),
        ]
    }
}

// MARK: Rows in answers

extension Components {
    /// The schema of a row with everything that its answers show.
    mutating func row(_ resource: Resource) -> String {
        var members: [JSON.Member] = [.init("id", JSONSchema.id)]
        var values: [JSON.Member] = [.init("id", 1)]
        append(resource.fields, of: resource, &members, &values)
        for child in resource.embedded where !child.isKeyOnly {
            let part = embedded(child)
            let reference = JSONSchema.reference(part)
            members.append(
                .init(
                    child.name,
                    child.isMany
                        ? [
                            "type": "array", "items": reference, "description": .string(child.meaning),
                            "readOnly": true,
                        ]
                        : [
                            "oneOf": [reference, ["type": "null"]], "description": .string(child.meaning),
                            "readOnly": true,
                        ]))
            values.append(.init(child.name, child.isMany ? [example(part)] : example(part)))
        }
        return add(resource.typeName, JSONSchema.closed(members), .object(values))
    }

    /// The schema of a row shown inside another row.
    mutating func embedded(_ child: Embedded) -> String {
        var members: [JSON.Member] = child.showsID ? [.init("id", JSONSchema.id)] : []
        var values: [JSON.Member] = child.showsID ? [.init("id", 1)] : []
        append(child.fields, of: child.resource, &members, &values)
        return add(child.typeName, JSONSchema.closed(members), .object(values))
    }

    private mutating func append(
        _ fields: [AnyField], of resource: Resource, _ members: inout [JSON.Member], _ values: inout [JSON.Member]
    ) {
        for field in fields {
            if let shown = resource.expansions.first(where: { $0.field == field })?.resource {
                let part = row(shown)
                append(part, as: field.name, &members, &values)
            } else {
                members.append(.init(field.name, JSONSchema.answer(field)))
                values.append(.init(field.name, sample.json(field)))
            }
        }
    }

    /// The schema of a bare list of parts.
    mutating func list(of part: String) -> String {
        add(part + "List", ["type": "array", "items": JSONSchema.reference(part)], [example(part)])
    }

    /// The schema of a page of rows with the links to the previous and the next page.
    mutating func page(of resource: Resource) -> String {
        let part = row(resource)
        func link(_ meaning: String) -> JSON {
            ["type": ["string", "null"], "format": "uri", "description": .string(meaning)]
        }
        return add(
            part + "Page",
            JSONSchema.closed([
                .init(
                    "count", ["type": "integer", "minimum": 0, "description": "Number of rows on all pages together."]),
                .init("next", link("Address of the next page; null on the last.")),
                .init("previous", link("Address of the page before; null on the first.")),
                .init(
                    "results",
                    [
                        "type": "array", "items": JSONSchema.reference(part),
                        "maxItems": .number(String(Paging.restSize)), "description": "Rows of the page.",
                    ]),
            ]), ["count": 1, "next": .null, "previous": .null, "results": [example(part)]])
    }

    /// The schema of a record of a declared shape.
    mutating func record(_ shape: Shape) -> String {
        var members: [JSON.Member] = []
        var values: [JSON.Member] = []
        for member in shape.members {
            switch member.content {
            case .value(let field):
                members.append(.init(member.name, JSONSchema.answer(field)))
                if !member.isOptional { values.append(.init(member.name, sample.json(field))) }
            case .values(let field):
                members.append(.init(member.name, ["type": "array", "items": JSONSchema.answer(field)]))
                values.append(.init(member.name, [sample.json(field)]))
            case .row(let resource):
                let part = row(resource)
                append(part, as: member.name, &members, &values)
            case .part(let child):
                let part = list(of: embedded(child))
                append(part, as: member.name, &members, &values)
            }
        }
        let optional = Set(shape.members.filter(\.isOptional).map(\.name))
        return add(
            shape.name, JSONSchema.closed(members, required: members.filter { !optional.contains($0.name) }),
            .object(values))
    }

    private func append(
        _ part: String, as name: String, _ members: inout [JSON.Member], _ values: inout [JSON.Member]
    ) {
        members.append(.init(name, JSONSchema.reference(part)))
        values.append(.init(name, example(part)))
    }
}

// MARK: Bodies of requests

extension Components {
    /// What a request does with a row; each purpose requires fewer fields than the one before.
    enum Purpose { case create, replace, change }

    /// A row as a request describes it.
    mutating func input(_ resource: Resource, for purpose: Purpose) -> String {
        let fields = resource.writableFields
        let required = fields.filter { field in
            switch purpose {
            case .create: field.isRequired
            case .replace: field.isRequired && !field.staysOnPut
            case .change: false
            }
        }
        // Two fields are enough to show a change. Unique fields and references are left out: rows would have to match.
        let shown = purpose == .change ? Array(fields.filter(\.isPlain).prefix(2)) : fields
        // A field that is absent from a PUT or a PATCH keeps its value, so only a create has defaults.
        let members = fields.map { field in
            JSON.Member(field.name, JSONSchema.request(purpose == .create ? field : field.withoutInitial))
        }
        let suffix =
            switch purpose {
            case .create: "Input"
            case .replace: "Replacement"
            case .change: "Changes"
            }
        return add(
            resource.typeName + suffix, JSONSchema.open(members, required: required.map(\.name)),
            .object(shown.map { .init($0.name, sample.json($0)) }))
    }

    /// The arguments of an operation as the body of its request.
    mutating func arguments(_ operation: Operation) -> String {
        let arguments = operation.arguments
        return add(
            operation.name.camelCased + "Input",
            JSONSchema.open(
                arguments.map { .init($0.restName, JSONSchema.request($0.field.withoutInitial)) },
                required: arguments.filter { !$0.isOptional }.map(\.restName)),
            .object(arguments.map { .init($0.restName, sample.json($0.field)) }))
    }
}

extension AnyField {
    fileprivate var isPlain: Bool {
        if case .reference = kind { false } else { !isUnique }
    }

    fileprivate var withoutInitial: AnyField {
        var field = self
        field.initial = .null
        return field
    }
}

// MARK: What is the same for every resource

extension Components {
    static let message = "Message"
    static let detail = "Detail"
    static let refusal = "Refusal"
    static let fieldErrors = "FieldErrors"
    static let failure = "Failure"

    private static let constant: [(name: String, schema: JSON, example: JSON)] = [
        text(message, "message", "Confirmation of what was done.", "Status updated successfully"),
        text(detail, "detail", "Explanation of what is wrong, for people.", "Not found."),
        text(refusal, "error", "Reason why the action is refused.", "Cannot cancel order with status delivered"),
        (
            fieldErrors,
            [
                "type": "object", "description": "Problems by field; non_field_errors has those of the whole.",
                "minProperties": 1,
                "additionalProperties": ["type": "array", "items": ["type": "string"], "minItems": 1],
            ], ["price": ["A valid number is required."]]
        ),
        (
            failure,
            JSONSchema.closed([
                .init("detail", ["type": "string", "description": "Explanation of what went wrong, for people."]),
                .init(
                    "request_id",
                    ["type": "string", "description": "Number under which the server's logs have the request."]),
            ]), ["detail": "Internal error.", "request_id": "5f0c2a9e8b7d4c3fa1e6d2b49c8075e3"]
        ),
    ]

    private static func text(
        _ name: String, _ member: String, _ meaning: String, _ example: String
    ) -> (name: String, schema: JSON, example: JSON) {
        (
            name, JSONSchema.closed([.init(member, ["type": "string", "description": .string(meaning)])]),
            .object([.init(member, .string(example))])
        )
    }
}
