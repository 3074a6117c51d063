import Contract
import Controllers
import Documents
import Logging
import MariaDB
import Wire

/// Everything that answers requests, made once at start-up; the threads of a process share it.
final class Site: Sendable {
    let catalogue: Catalogue
    let shared: Call.Shared
    let notes: Notes
    private let rest: REST
    private let soap: SOAP
    /// The SOAP services by their paths, with and without the slash at the end: a POST is never redirected.
    private let services: [String: Domain]
    /// Documents by their path, ready to send.
    private let documents: [String: Document]

    init(_ catalogue: Catalogue, publicURL: String, _ shared: Call.Shared, _ notes: Notes) {
        self.catalogue = catalogue
        self.shared = shared
        self.notes = notes
        rest = REST(catalogue.operations)
        soap = SOAP(catalogue.operations)
        services = Dictionary(
            uniqueKeysWithValues: Domain.allCases.flatMap { domain in
                [(String(domain.soapPath.dropLast()), domain), (domain.soapPath, domain)]
            })
        documents = Self.makeDocuments(catalogue.operations, publicURL)
    }

    func answer(_ request: HTTPRequest, _ call: Call, _ log: Logger) {
        let reply = call.reply
        if request.isPreflight { return }
        if let document = document(request) {
            guard request.method == "GET" || request.method == "HEAD" else {
                reply.set("Allow", "GET, HEAD")
                return REST.write(
                    Fault.methodNotAllowed(request.method), reply, requestID: request.id)
            }
            reply.contentType = document.type
            reply.body.append(document.body)
        } else if let domain = services[request.path] {
            answerSOAP(domain, request, call, log)
        } else {
            answerREST(request, call, log)
        }
    }

    /// Answers with a fault in the form of what was asked, of which nothing is read.
    func refuse(_ request: HTTPRequest, _ fault: Fault, _ reply: Reply) {
        if let domain = services[request.path] {
            SOAP.Exchange(domain, announcedBy: request.contentType).write(.fault(fault), reply, requestID: request.id)
        } else {
            REST.write(fault, reply, requestID: request.id)
        }
    }

    private func answerREST(_ request: HTTPRequest, _ call: Call, _ log: Logger) {
        let reply = call.reply
        do {
            switch try rest.begin(request, reply) {
            case .answered: break
            case .run(let number, let input): try call.run(catalogue.endpoints[number], input)
            case .describe(let resource, let row, let plain, let full):
                reply.body.append(try call.hasRow(resource, row) ? full : plain)
            }
        } catch {
            let fault = fault(error, request, reply, log)
            if !reply.isPartlySent { REST.write(fault, reply, requestID: request.id) }
        }
    }

    private func answerSOAP(_ domain: Domain, _ request: HTTPRequest, _ call: Call, _ log: Logger) {
        let reply = call.reply
        var exchange = SOAP.Exchange(domain)
        do {
            let (number, input) = try soap.begin(request, &exchange)
            exchange.open(reply)
            try call.run(catalogue.endpoints[number], input)
            exchange.close(reply)
            reply.status = 200
        } catch let problem as SOAPProblem {
            exchange.write(problem, reply, requestID: request.id)
        } catch {
            let fault = fault(error, request, reply, log)
            if !reply.isPartlySent { exchange.write(.fault(fault), reply, requestID: request.id) }
        }
    }

    /// Any error as the fault that clients see; what is not theirs goes to the log with the same request id.
    private func fault(
        _ error: any Error, _ request: HTTPRequest, _ reply: Reply, _ log: Logger
    ) -> Fault {
        // Of an answer of which a part is out, nothing more can be said.
        reply.isBrokenOff = reply.isPartlySent
        switch error {
        case let fault as Fault: return fault
        case let interrupted as Interrupted: return self.fault(interrupted.cause, request, reply, log)
        case is ClientLeft: return .unavailable
        case let error as MariaDBError where error.isRefusal:
            notes.refused.add(1)
            return .unavailable
        case let error as MariaDBError:
            log.log(
                level: error.meaning == .refused ? .critical : .error, "MariaDB failed",
                metadata: [
                    "request_id": "\(request.id)", "number": "\(error.number)", "error": "\(error.message)",
                    "sql": "\(error.sql ?? "")", "path": "\(request.path)",
                ])
            switch error.meaning {
            case .passing, .refused: return .unavailable
            // Not to be repeated blindly: an order item would be there twice.
            case .unknown: return .outcomeUnknown
            case .ours: return Fault(.internal, "Internal error.")
            }
        default:
            log.error(
                "request failed",
                metadata: ["request_id": "\(request.id)", "error": "\(error)", "path": "\(request.path)"])
            return Fault(.internal, "Internal error.")
        }
    }
}

// MARK: Paths

extension Site {
    private func document(_ request: HTTPRequest) -> Document? {
        if let document = documents[request.path] { return document }
        guard !request.query.isEmpty, let domain = services[request.path] else { return nil }
        let names = Form.parse(request.query).map { $0.name.lowercased() }
        if names.contains("wsdl11") { return documents[domain.soapPath + "wsdl11/"] }
        return names.contains("wsdl") ? documents[domain.soapPath + "wsdl/"] : nil
    }

    private static func makeDocuments(_ operations: [Operation], _ publicURL: String) -> [String: Document] {
        var documents = [
            IndexPage.openAPIPath: Document(
                REST.json, OpenAPI.document(operations: operations, publicURL: publicURL)),
            IndexPage.path: Document(REST.html, IndexPage.html(domains: Domain.allCases)),
        ]
        for domain in Domain.allCases {
            let address = publicURL + domain.soapPath
            documents[IndexPage.path(of: domain)] = Document(
                REST.html, ServicePage.html(for: domain, operations: operations, address: address))
            for (name, includesSOAP12) in [("wsdl", true), ("wsdl11", false)] {
                documents["\(domain.soapPath)\(name)/"] = Document(
                    Document.xml,
                    WSDL.document(
                        for: domain, operations: operations, address: address, includingSOAP12: includesSOAP12))
            }
        }
        // No toolkit has to follow a redirect to the slash.
        for (path, document) in documents where path.hasSuffix("/") { documents[String(path.dropLast())] = document }
        return documents
    }
}

/// A fixed answer, made at start-up.
private struct Document: Sendable {
    let type: String
    let body: [UInt8]

    init(_ type: String, _ text: String) {
        self.type = type
        body = Array(text.utf8)
    }

    static let xml = "text/xml; charset=utf-8"
}
