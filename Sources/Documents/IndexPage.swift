package import Contract

/// The first page of the documentation: REST to read and try, and where each SOAP service is described.
package enum IndexPage {
    /// The page at `/docs/`; the pages of the services lie beside it.
    package static func html(domains: [Domain]) -> String {
        HTMLPage.document(
            title: "Messo Seller Center",
            [
                Markup("h2", [:], "SOAP"), services(domains),
                Markup("h2", [:], "REST"),
                Markup(
                    "p", [:],
                    [.text("Described by "), Markup("a", ["href": openAPIPath], openAPIPath), .text(" (OpenAPI 3.1).")]),
                // Swagger UI takes this place over; the web server has it as files (nginx/serve puts them there).
                Markup("div", ["id": "swagger-ui"]),
                Markup("link", ["rel": "stylesheet", "href": assetsPath + "swagger-ui.css"]),
                Markup("script", ["src": assetsPath + "swagger-ui-bundle.js"], ""),
                Markup(
                    "script", [:], "window.ui = SwaggerUIBundle({ url: '\(openAPIPath)', dom_id: '#swagger-ui' });"),
            ])
    }

    /// The page at `/docs/soap/`, which lists the services alone.
    package static func servicesHTML(domains: [Domain]) -> String {
        HTMLPage.document(
            title: "SOAP services",
            [services(domains), Markup("p", [:], [.text("REST: "), Markup("a", ["href": path], path), .text(".")])])
    }

    private static func services(_ domains: [Domain]) -> Markup {
        Markup(
            "ul", [:],
            domains.map { domain in
                let address = domain.soapPath
                return Markup(
                    "li", [:],
                    [
                        Markup("a", ["href": path(of: domain)], domain.serviceName), .text(": "),
                        Markup("a", ["href": address + "?wsdl"], "WSDL"), .text(", "),
                        Markup("a", ["href": address + "?wsdl11"], "WSDL without SOAP 1.2"),
                    ])
            })
    }

    /// Where this page is.
    package static let path = "/docs/"

    /// Where the list of the SOAP services is.
    package static let servicesPath = path + "soap/"

    /// Where the page of a SOAP service is.
    package static func path(of domain: Domain) -> String { "\(servicesPath)\(domain.rawValue)/" }

    /// Where the OpenAPI document is.
    package static let openAPIPath = "/openapi.json"

    private static let assetsPath = path + "assets/"
}
