import Contract
import Controllers
import Documents

/// The documents of the real catalogue, as a server at a fixed address would publish them.
enum Published {
    static let operations = Catalogue.standard.operations
    static let publicURL = "http://localhost:8080"

    static func address(_ domain: Domain) -> String { "\(publicURL)/\(domain.rawValue)/soap/" }

    static func wsdl(_ domain: Domain, _ form: WSDL.Form = .wsdl) -> String {
        WSDL.document(for: domain, operations: operations, address: address(domain), form)
    }

    static let openAPI = OpenAPI.document(operations: operations, publicURL: publicURL)
}
