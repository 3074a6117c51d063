import Contract

/// One method at one path: an operation as REST reaches it.
struct RESTCall {
    private let operation: Operation
    private let binding: Operation.Binding
    private let resource: Resource
    /// Whether the call may be refused because other rows refer to its row.
    private let isProtected: Bool

    init(_ operation: Operation, _ binding: Operation.Binding, isProtected: Bool) {
        guard let resource = operation.resource else { fatalError("\(operation.name) has no place in REST") }
        self.operation = operation
        self.binding = binding
        self.resource = resource
        self.isProtected = isProtected
    }

    var path: String {
        "/\(resource.domain.rawValue)/api/\(resource.path)/" + (isRow ? "{id}/" : "")
            + (binding.action.map { $0 + "/" } ?? "")
    }

    /// The operation's name; if it has two methods, PUT, the less used one, gets a name of its own.
    var operationID: String {
        isSecondMethod ? "put_" + operation.name.drop { $0 != "_" }.dropFirst() : operation.name
    }

    private var isSecondMethod: Bool { operation.bindings.count > 1 && binding.method == .put }

    private var summary: String { operation.summary + (isSecondMethod ? ", all required ones among them" : "") }

    func description(_ components: inout Components) -> JSON {
        let body = requestBody(&components)
        let description: JSON = [
            "operationId": .string(operationID), "summary": .string(summary),
            "tags": [.string(operation.domain.rawValue)],
        ]
        return description.adding("description", about.isEmpty ? nil : .string(about.joined(separator: "\n\n")))
            .adding("parameters", parameters.isEmpty ? nil : .array(parameters))
            .adding("requestBody", body)
            .adding("responses", replies(&components, hasBody: body != nil))
            .adding("x-scope", operation.scope.map { .string($0.name) })
    }

    private var isRow: Bool { operation.isOnRow }

    /// Whether a list is bare unless the client asks for a page.
    private var isPagedOnDemand: Bool { operation.reply == .list && operation.hasPages }

    /// The description besides the summary, in paragraphs.
    private var about: [String] {
        var about = operation.remarks.texts(for: .rest)
        if isSecondMethod {
            about.insert(
                "A PATCH that insists on the required fields: optional ones that are left out keep their values and are not "
                    + "reset.", at: 0)
        }
        if case .through(let other, let note) = operation.soap { about.append("In SOAP: \(other), by \(note).") }
        return about
    }
}

// MARK: Requests

extension RESTCall {
    private var parameters: [JSON] {
        var parameters: [JSON] = []
        if isRow {
            parameters.append([
                "name": "id", "in": "path", "required": true, "description": "Number of the row, given by the server.",
                "schema": ["type": "integer", "format": "int64", "minimum": 1],
            ])
        }
        if operation.body == .none { parameters += operation.arguments.map(Self.parameter) }
        if operation.hasPages { parameters.append(pageParameter) }
        if operation.effect == .writing { parameters.append(Self.dryRunParameter) }
        return parameters
    }

    private static let dryRunParameter: JSON = [
        "name": .string(Operation.dryRun), "in": "query", "required": false,
        "description": .string(
            "Whether only to try the call: true checks, locks and answers as the real call would, with X-Dry-Run: true, "
                + "and stores nothing. The id, the revision and the times in the answer are then not those of the real "
                + "call. Only true and false, in lower case; absent: false."),
        "schema": ["type": "boolean"],
    ]

    private static func parameter(_ argument: Argument) -> JSON {
        var meaning = argument.field.meaning
        if argument.isFilter, case .choice(let choices) = argument.field.kind {
            meaning += " One of: " + choices.map(\.value).joined(separator: ", ") + "; other text matches nothing."
        }
        // A filter takes any text: a value that no row has gives an empty list and no error.
        let schema: JSON = argument.isFilter ? ["type": "string"] : JSONSchema.request(argument.field)
        return [
            "name": .string(argument.restName), "in": "query", "required": .boolean(!argument.isOptional),
            "description": .string(meaning), "schema": schema,
        ]
    }

    private var pageParameter: JSON {
        let rows = "a page holds \(Paging.restSize) rows"
        return [
            "name": .string(Paging.page.name), "in": "query", "required": false,
            "description": .string(
                isPagedOnDemand
                    ? "Number of the page to return, or \(Paging.last); absent: all rows, as a bare list. With it \(rows)."
                    : "Number of the page to return, or \(Paging.last); absent: 1. Here \(rows)."),
            "schema": ["oneOf": [["type": "integer", "minimum": 1], ["const": .string(Paging.last)]]],
        ]
    }

    private func requestBody(_ components: inout Components) -> JSON? {
        let part: String
        switch operation.body {
        case .none: return nil
        case .create: part = components.input(resource, for: .create)
        case .update: part = components.input(resource, for: binding.method == .patch ? .change : .replace)
        case .arguments: part = components.arguments(operation)
        }
        let form: JSON = ["schema": JSONSchema.reference(part)]
        return [
            "required": .boolean(binding.method != .patch),
            "content": [
                "application/json": components.media([part]), "application/x-www-form-urlencoded": form,
                "multipart/form-data": form,
            ],
        ]
    }
}

// MARK: Replies

extension RESTCall {
    private func replies(_ components: inout Components, hasBody: Bool) -> JSON {
        let success = success(&components)
        var replies: JSON = .object([success]).adding("400", badRequest(&components, hasBody: hasBody))
            .adding("404", notFound(&components)).adding("406", Self.shared("NotAcceptable"))
        if isProtected { replies = replies.adding("409", Self.shared("InUse")) }
        if hasBody {
            replies = replies.adding("413", Self.shared("TooLarge")).adding("415", Self.shared("UnsupportedMediaType"))
        }
        return replies.adding("500", Self.shared("InternalError")).adding("503", Self.shared("Unavailable"))
    }

    private func success(_ components: inout Components) -> JSON.Member {
        let status: String
        let meaning: String
        var parts: [String]
        switch operation.reply {
        case .deleted: return .init("204", ["description": "It is deleted."])
        case .created: (status, meaning, parts) = ("201", "The new row.", [components.row(resource)])
        case .row: (status, meaning, parts) = ("200", "The row.", [components.row(resource)])
        case .rowInside(let shape):
            (status, meaning, parts) = ("200", shape.meaning, [components.record(shape)])
        case .page: (status, meaning, parts) = ("200", "A page of rows.", [components.page(of: resource)])
        case .list:
            (status, meaning, parts) = ("200", "The rows.", [components.list(of: components.row(resource))])
            if isPagedOnDemand { parts.append(components.page(of: resource)) }
        case .part(let child):
            let part = components.embedded(child)
            (status, meaning, parts) =
                child.isMany ? ("200", "The rows.", [components.list(of: part)]) : ("200", "The row.", [part])
        case .changed: (status, meaning, parts) = ("200", "It is done.", [Components.message])
        case .record(let shape): (status, meaning, parts) = ("200", shape.meaning, [components.record(shape)])
        }
        return .init(status, Self.reply(meaning, parts, &components))
    }

    private func badRequest(_ components: inout Components, hasBody: Bool) -> JSON? {
        if hasBody {
            let refuses = operation.reply == .changed || operation.arguments.contains { $0.whenMissing?.form == .error }
            return Self.error(
                "The body cannot be read, or fields are wrong.",
                [Components.fieldErrors, Components.detail] + (refuses ? [Components.refusal] : []), &components)
        }
        if operation.reply == .changed {
            return Self.error(
                "The row's state does not allow it, or a parameter is wrong.",
                [Components.refusal, Components.fieldErrors], &components)
        }
        let hasChecks = operation.effect == .writing || operation.arguments.contains { !$0.isFilter }
        return hasChecks ? Self.error("A parameter is wrong.", [Components.fieldErrors], &components) : nil
    }

    private func notFound(_ components: inout Components) -> JSON? {
        if isRow {
            // A part that a row may lack has its own message when it is missing.
            let lacksPart = if case .part(let child) = operation.reply { !child.isMany } else { false }
            return Self.error(
                "No such row.", [Components.detail] + (lacksPart ? [Components.refusal] : []), &components)
        }
        return operation.hasPages ? Self.error("No such page.", [Components.detail], &components) : nil
    }
}

// MARK: What replies share

extension RESTCall {
    private static func reply(_ description: String, _ parts: [String], _ components: inout Components) -> JSON {
        ["description": .string(description), "content": ["application/json": components.media(parts)]]
    }

    private static func error(_ description: String, _ parts: [String], _ components: inout Components) -> JSON {
        [
            "description": .string(description), "headers": errorHeaders,
            "content": ["application/json": components.media(parts)],
        ]
    }

    private static func shared(_ name: String) -> JSON { ["$ref": "#/components/responses/\(name)"] }

    private static let errorHeaders: JSON = ["X-Error-Code": ["$ref": "#/components/headers/ErrorCode"]]

    /// The value of `components.headers`.
    static let headers: JSON = [
        "ErrorCode": [
            "description": "Kind of the error for programs, the same as SOAP's error_code. New ones may be added.",
            "schema": [
                "type": "string",
                // The last one is nginx's own.
                "examples": .array((Fault.Code.allCases.map(\.rawValue) + ["RATE_LIMITED"]).map { .string($0) }),
            ],
        ],
        "RetryAfter": [
            "description": "Number of seconds to wait before the request is sent again.",
            "schema": ["type": "integer", "minimum": 1],
        ],
    ]

    /// The value of `components.responses`: errors that are the same for every operation.
    static func sharedReplies(_ components: inout Components) -> JSON {
        [
            "NotAcceptable": error("The client accepts no JSON.", [Components.detail], &components),
            "InUse": error("Other rows refer to this one.", [Components.detail], &components),
            "TooLarge": error("The body is larger than the server accepts.", [Components.detail], &components),
            "UnsupportedMediaType": error(
                "The body is neither JSON nor a form, its charset is not accepted, or its bytes are not in it.",
                [Components.detail], &components),
            "InternalError": error(
                "The server failed. With the code OUTCOME_UNKNOWN nobody knows whether the change was stored: look before "
                    + "you repeat it.", [Components.failure], &components),
            "Unavailable": [
                "description": "Nothing was done; the same request may be sent again.",
                "headers": [
                    "X-Error-Code": ["$ref": "#/components/headers/ErrorCode"],
                    "Retry-After": ["$ref": "#/components/headers/RetryAfter"],
                ],
                "content": ["application/json": components.media([Components.failure])],
            ],
        ]
    }
}
