package import Contract

/// The first page of the documentation: where to read about REST and about each SOAP service.
package enum IndexPage {
    /// The page at `/docs/`; the other pages lie beside it.
    package static func html(domains: [Domain]) -> String {
        HTMLPage.document(
            title: "Messo Seller Center",
            [
                Markup("h2", [:], "REST"),
                Markup(
                    "p", [:],
                    [
                        Markup("a", ["href": restPath], "Read and try the REST API"), .text(", described by "),
                        Markup("a", ["href": "/openapi.json"], "/openapi.json"), .text(" (OpenAPI 3.1)."),
                    ]),
                Markup("h2", [:], "SOAP"),
                Markup(
                    "ul", [:],
                    domains.map { domain in
                        let address = "/\(domain.rawValue)/soap/"
                        return Markup(
                            "li", [:],
                            [
                                Markup("a", ["href": path(of: domain)], domain.serviceName), .text(": "),
                                Markup("a", ["href": address + "?wsdl"], "WSDL"), .text(", "),
                                Markup("a", ["href": address + "?wsdl11"], "WSDL without SOAP 1.2"),
                            ])
                    }),
            ])
    }

    /// Where the page that tries REST is.
    package static let restPath = "/docs/rest/"

    /// Where the page of a SOAP service is.
    package static func path(of domain: Domain) -> String { "/docs/soap/\(domain.rawValue)/" }
}
