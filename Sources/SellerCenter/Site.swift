import Contract
import Controllers
import Documents
import Engine
import Wire

/// Everything that answers requests; made once at start-up and shared by the threads of a process.
final class Site: Sendable {
    let catalogue: Catalogue
    let shared: Session.Shared
    let notes: Notes
    private let rest: REST
    private let soap: SOAP
    private let address: PublicAddress
    /// The SOAP services by path, with and without the slash at the end, since a POST is never redirected.
    private let services: [String: Domain]
    /// The fixed documents by path.
    private let documents: [String: Document]

    init(_ catalogue: Catalogue, at address: PublicAddress, _ shared: Session.Shared, _ notes: Notes) {
        self.catalogue = catalogue
        self.shared = shared
        self.notes = notes
        self.address = address
        rest = REST(catalogue.operations, at: address)
        soap = SOAP(catalogue.operations)
        var services: [String: Domain] = [:]
        for domain in Domain.allCases {
            // Some toolkits post to the address from which they read the WSDL.
            for path in [domain.soapPath] + WSDL.Form.allCases.map({ $0.path(of: domain) }) {
                services[path] = domain
                services[String(path.dropLast())] = domain
            }
        }
        self.services = services
        documents = Self.makeDocuments(catalogue.operations)
    }

    /// The protocol of a request, by its path.
    func exchange(for request: HTTPRequest) -> Exchange {
        services[request.path].map { .soap(SOAP.Exchange($0)) } ?? .rest
    }

    /// Finds what the request asks for, and answers it at once if that needs no database.
    func find(_ request: HTTPRequest, _ exchange: inout Exchange, _ reply: Reply) throws -> Destination {
        if let document = document(request) {
            document.write(to: reply, base: address.base(for: request))
            return .answered
        }
        if case .soap(var known) = exchange {
            defer { exchange = .soap(known) }
            return .call(try soap.find(request, &known))
        }
        if documents[request.path] != nil {
            reply.set("Allow", "GET, HEAD")
            throw Fault.methodNotAllowed(request.method)
        }
        return try rest.find(request, reply)
    }
}

// MARK: Paths

extension Site {
    /// The document that a GET asks for: by its own path, by the query of a service's path, or, if a browser asks for a
    /// service's plain path, the page about the service.
    private func document(_ request: HTTPRequest) -> Document? {
        guard request.method == "GET" || request.method == "HEAD" else { return nil }
        if let document = documents[request.path] { return document }
        guard let domain = services[request.path] else { return nil }
        if let form = WSDL.Form(names: Form.parse(request.query).map(\.name)) {
            return documents[form.path(of: domain)]
        }
        return MediaType.isBrowser(request.accept) ? documents[IndexPage.path(of: domain)] : nil
    }

    private static func makeDocuments(_ operations: [Operation]) -> [String: Document] {
        let site = Document.placeOfAddress
        var documents = [
            IndexPage.openAPIPath: Document(REST.json, OpenAPI.document(operations: operations, publicURL: site)),
            IndexPage.path: Document(REST.html, IndexPage.html(domains: Domain.allCases)),
            IndexPage.servicesPath: Document(REST.html, IndexPage.servicesHTML(domains: Domain.allCases)),
        ]
        for domain in Domain.allCases {
            let address = site + domain.soapPath
            documents[IndexPage.path(of: domain)] = Document(
                REST.html, ServicePage.html(for: domain, operations: operations, address: address))
            for form in WSDL.Form.allCases {
                documents[form.path(of: domain)] = Document(
                    Document.xml, WSDL.document(for: domain, operations: operations, address: address, form))
            }
        }
        // The path without the slash works as well, since not every toolkit follows a redirect.
        for (path, document) in documents where path.hasSuffix("/") { documents[String(path.dropLast())] = document }
        return documents
    }
}

/// A fixed answer, made at start-up; only the site's address is filled in for each request.
private struct Document: Sendable {
    private let type: String
    /// The parts of the text between the places where the site's address belongs.
    private let parts: [[UInt8]]

    init(_ type: String, _ text: String) {
        self.type = type
        parts = text.split(separator: Self.placeOfAddress, omittingEmptySubsequences: false).map { Array($0.utf8) }
    }

    func write(to reply: Reply, base: String) {
        reply.contentType = type
        for (index, part) in parts.enumerated() {
            if index > 0 { reply.body.append(base) }
            reply.body.append(part)
        }
    }

    /// A placeholder for the site's address; no host has this name (RFC 6761 §6.4).
    static let placeOfAddress = "http://site.invalid"

    static let xml = "text/xml; charset=utf-8"
}

extension MediaType {
    /// Whether a browser asks: it accepts HTML, which programs do not name.
    fileprivate static func isBrowser(_ accept: String?) -> Bool {
        guard let accept, accept != "*/*" else { return false }
        return HeaderValue.parts(of: accept, separatedBy: UInt8(ascii: ",")).contains { range in
            let range = MediaType(range)
            // A weight of zero refuses the type: 0, 0., 0.0 to 0.000 (RFC 9110 §12.4.2).
            let isRefused = range.parameter("q")?.utf8.allSatisfy { "0.".utf8.contains($0) } ?? false
            return range.essence == "text/html" && !isRefused
        }
    }
}
