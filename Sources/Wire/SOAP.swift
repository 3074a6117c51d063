package import Contract
import XML

/// SOAP 1.1 and 1.2 on one URL per service: finds the operation that an envelope calls.
package struct SOAP: Sendable {
    private let operations: [Operation]
    private let services: [Domain: Service]

    /// What one service accepts, computed once.
    private struct Service {
        /// The namespaces that its elements may have: its own, the original service's or none.
        let namespaces: [String]
        /// The operations by name, each with its index in the catalogue and its elements.
        var operations: [String: (number: Int, elements: [Contract.Element])] = [:]

        init(_ domain: Domain) { namespaces = [domain.namespace, domain.legacyNamespace, ""] }
    }

    package init(_ operations: [Operation]) {
        self.operations = operations
        var services = Dictionary(uniqueKeysWithValues: Domain.allCases.map { ($0, Service($0)) })
        for (number, operation) in operations.enumerated() where operation.soap == .own {
            let previous = services[operation.domain]?.operations.updateValue(
                (number, operation.request), forKey: operation.name)
            guard previous == nil else { fatalError("\(operation.name) is declared twice") }
        }
        self.services = services
    }

    /// Finds the operation.
    ///
    /// The order of the checks is fixed: media type, XML, version, mandatory headers, body, operation, action
    /// (WS-I BP 1.1 R2724, R2725, R1027).
    package func find(_ request: HTTPRequest, _ exchange: inout Exchange) throws(SOAPProblem) -> Found {
        guard request.method == "POST" else { throw .notPosted }
        let type = MediaType(contentType: request.contentType ?? "")
        guard request.contentCoding == nil else {
            throw .unsupported("Send the envelope without a Content-Encoding.")
        }
        guard let announced = SOAPVersion.announced(by: type.essence) else {
            throw .unsupported("Send SOAP 1.1 as text/xml, or SOAP 1.2 as application/soap+xml.")
        }
        exchange.version = announced
        guard let service = services[exchange.domain] else { fatalError("every domain has a service") }
        let envelope = try SOAPEnvelope(
            request.body, charset: type.charset, announced: announced, knowing: service.namespaces)
        let call = try envelope.call()
        guard service.namespaces.contains(call.namespace) else {
            throw .fault(
                .unknownOperation,
                "The service has no operation \(call.name) in the namespace \(call.namespace). Its namespace is "
                    + "\(exchange.domain.namespace).")
        }
        exchange.namespace = call.namespace
        guard let (number, elements) = service.operations[call.name] else {
            let meant = service.operations.keys.first { Self.isSpelled(call.name, like: $0) }
            throw .fault(
                .unknownOperation,
                "The service has no operation \(call.name)." + (meant.map { " Did you mean \($0)?" } ?? ""))
        }
        let operation = operations[number]
        exchange.operation = operation
        try Self.refuse(action: request.soapAction ?? type.parameter("action"), notNaming: operation)
        return Found(
            number, operation, isDryRun: try isDryRun(request, envelope, operation),
            .soap(call, declared: elements, namespaces: service.namespaces))
    }

    /// Whether the operation is only to be tried, by a header block or, since a client may mean REST's parameter, by the
    /// address.
    private func isDryRun(
        _ request: HTTPRequest, _ envelope: SOAPEnvelope, _ operation: Operation
    ) throws(SOAPProblem) -> Bool {
        guard operation.effect == .writing else { return false }
        do throws(Fault) {
            return try DryRun.isWanted(
                in: request.query, Form.parse(request.query), blocks: envelope.texts(of: DryRun.name))
        } catch {
            throw .fault(error)
        }
    }

    /// Whether two names differ only in case and underscores, as toolkits' own names for an operation do.
    private static func isSpelled(_ name: String, like other: String) -> Bool {
        let letters = { (name: String) in name.lowercasedASCII.utf8.filter { $0 != UInt8(ascii: "_") } }
        return letters(name) == letters(other)
    }

    /// Refuses an action that names another operation than the body. Toolkits write it in single, double or doubled
    /// quotes, as `uri/op`, `uri#op`, `urn:op` or bare, so that only its last segment counts.
    private static func refuse(action: String?, notNaming operation: Operation) throws(SOAPProblem) {
        guard let action else { return }
        let unquoted = action.utf8.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
        let bare = String(String(decoding: unquoted, as: UTF8.self).trimmingSpaces)
        guard let last = bare.utf8.split(whereSeparator: { "/#:".utf8.contains($0) }).last,
            bare != operation.domain.namespace,
            bare.utf8.last != UInt8(ascii: "/"), !last.elementsEqual(operation.name.utf8)
        else { return }
        throw .fault(.actionMismatch, "The SOAPAction \(bare) is not the operation \(operation.name).")
    }
}
