package import Contract

/// REST by the contract: finds the operation that a request calls, and turns a fault into an answer.
package struct REST: Sendable {
    package let router: Router
    private let operations: [Operation]
    private let address: PublicAddress
    private let indexDocument: [UInt8]

    package init(_ operations: [Operation], at address: PublicAddress) {
        self.operations = operations
        self.address = address
        router = Router(operations)
        indexDocument = Self.makeIndex(operations)
    }

    /// Finds out what the request asks for, and answers it at once if that needs no database.
    package func find(_ request: HTTPRequest, _ reply: Reply) throws(Fault) -> Destination {
        switch router.match(request.path) {
        case .nothing:
            reply.status = Fault.Code.notFound.status
            reply.contentType = Self.html
            reply.set("X-Error-Code", Fault.Code.notFound.rawValue)
            reply.body.append("<!doctype html><title>Not Found</title><h1>Not Found</h1>")
            return .answered
        case .redirect:
            // After a 301, clients repeat a POST as a GET without its body and report success. 308 keeps method and
            // body (RFC 9110 §15.4.9).
            reply.status = ["GET", "HEAD", "OPTIONS"].contains(request.method) ? 301 : 308
            reply.contentType = Self.html
            reply.set("Location", request.path + "/" + (request.query.isEmpty ? "" : "?" + request.query))
            return .answered
        case .index:
            return try answerIndex(request, reply)
        case .root(let domain, let suffix):
            return try answerRoot(domain, suffix, request, reply)
        case .place(let place, let id, let suffix):
            return try enter(router.places[place], id, suffix, request, reply)
        }
    }

    /// Checks in the contract's order: format and Accept, then the method.
    private func enter(
        _ place: Router.Place, _ id: String?, _ suffix: String?, _ request: HTTPRequest, _ reply: Reply
    ) throws(Fault) -> Destination {
        let parameters = Form.parse(request.query)
        reply.set("Allow", place.allow)
        try negotiate(request, suffix, parameters)
        let row = id.map(Self.row) ?? .none
        if request.method == "OPTIONS" {
            reply.contentType = Self.json
            guard place.isRow, place.action == nil else {
                reply.body.append(place.description.full)
                return .answered
            }
            return .describe(place.resource, row, plain: place.description.plain, full: place.description.full)
        }
        let method = Operation.Method(rawValue: request.method == "HEAD" ? "GET" : request.method)
        guard let method, let number = place.operations[method] else {
            throw Fault.methodNotAllowed(request.method)
        }
        let operation = operations[number]
        if operation.hasPages {
            reply.links = PageLinks(
                address: address.base(for: request) + request.path, parameters: parameters)
        }
        reply.contentType = Self.json
        let isDryRun = operation.effect == .writing ? try DryRun.isWanted(in: request.query, parameters) : false
        return .call(Found(number, operation, isDryRun: isDryRun, .rest(row, method, parameters: parameters)))
    }

    private func negotiate(
        _ request: HTTPRequest, _ suffix: String?, _ parameters: [(name: String, value: String)]
    ) throws(Fault) {
        let formats = [suffix, parameters.last { $0.name == "format" }?.value].compactMap { $0 }
        guard formats.allSatisfy({ $0 == "json" || $0 == "api" || $0.isEmpty }) else { throw .notFound }
        if suffix == nil, !MediaType.accepts(request.accept) {
            throw Fault(.notAcceptable, "Could not satisfy the request Accept header.")
        }
    }

    /// A row's id as the contract reads it: digits of any length, with or without a sign; other text is no id.
    private static func row(_ text: String) -> RowName {
        let digits =
            text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+")
            ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return .malformed
        }
        return Int64(text).map { .id($0) } ?? .impossibleID
    }

    package static let json = "application/json"
    package static let html = "text/html; charset=utf-8"
}

// MARK: Roots

extension REST {
    private func answerIndex(_ request: HTTPRequest, _ reply: Reply) throws(Fault) -> Destination {
        reply.set("Allow", Router.rootAllow)
        guard ["GET", "HEAD", "OPTIONS"].contains(request.method) else {
            throw Fault.methodNotAllowed(request.method)
        }
        reply.contentType = Self.json
        reply.body.append(indexDocument)
        return .answered
    }

    private func answerRoot(
        _ domain: Domain, _ suffix: String?, _ request: HTTPRequest, _ reply: Reply
    ) throws(Fault) -> Destination {
        reply.set("Allow", Router.rootAllow)
        try negotiate(request, suffix, Form.parse(request.query))
        reply.contentType = Self.json
        switch request.method {
        case "GET", "HEAD":
            let root = address.base(for: request) + domain.restPath
            let members = Self.collections(operations, in: domain).map { path in
                "\(path.json):\((root + path + (suffix.map { "." + $0 } ?? "/")).json)"
            }
            reply.body.append("{\(members.joined(separator: ","))}")
        case "OPTIONS": reply.body.append(Router.rootDescription)
        default: throw Fault.methodNotAllowed(request.method)
        }
        return .answered
    }

    private static func collections(_ operations: [Operation], in domain: Domain) -> [String] {
        var paths: [String] = []
        for operation in operations where operation.domain == domain && !operation.bindings.isEmpty {
            if let path = operation.resource?.path, !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    /// The fixed document at `/`.
    private static func makeIndex(_ operations: [Operation]) -> [UInt8] {
        let domains = Domain.allCases.map { domain in
            let name = domain.rawValue
            let endpoints = collections(operations, in: domain).map(\.json).joined(separator: ",")
            return
                "\"\(name)\":{\"rest_api\":\"\(domain.restPath)\",\"soap_api\":\"\(domain.soapPath)\",\"endpoints\":[\(endpoints)]}"
        }
        let head = "\"message\":\"Welcome to Messo Seller Center API\",\"version\":\"1.0\""
        return Array("{\(head),\"documentation\":{\(domains.joined(separator: ","))}}".utf8)
    }
}
