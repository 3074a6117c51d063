import Contract
import Documents
import Testing

/// The documentation pages.
@Suite("Pages")
struct PageTests {
    @Test("of a service are well-formed and ask no other host", arguments: Domain.allCases)
    func service(_ domain: Domain) throws {
        let page = ServicePage.html(
            for: domain, operations: Published.operations, address: Published.address(domain))
        try Self.check(page)
        for operation in Published.operations where operation.domain == domain && operation.soap == .own {
            #expect(page.contains("<h3 id=\"\(operation.name)\">"))
        }
        #expect(page.contains("?wsdl\""))
        #expect(page.contains("?wsdl11\""))
        for reference in ["src=", "@import", "url(", "<script", "<link"] { #expect(!page.contains(reference)) }
        #expect(page.contains("&lt;soap:Envelope"))
    }

    @Test("the first one leads to all others")
    func index() throws {
        let page = IndexPage.html(domains: Domain.allCases)
        try Self.check(page)
        for domain in Domain.allCases { #expect(page.contains("href=\"\(IndexPage.path(of: domain))\"")) }
        #expect(page.contains("href=\"\(IndexPage.openAPIPath)\""))
        // Everything that a page loads must come from this site.
        for attribute in [" src=\"", " href=\""] {
            for place in page.ranges(of: attribute) { #expect(page[place.upperBound...].hasPrefix("/")) }
        }
    }

    @Test("the list of SOAP services leads to each")
    func services() throws {
        let page = IndexPage.servicesHTML(domains: Domain.allCases)
        try Self.check(page)
        for domain in Domain.allCases { #expect(page.contains("href=\"\(IndexPage.path(of: domain))\"")) }
    }

    private static func check(_ page: String) throws {
        try Tool.withFiles(["page.html": page]) { folder in
            let verdict = try Tool.run("xmllint", "--noout", "--nonet", folder + "page.html")
            #expect(verdict.isContent, "\(verdict.output)")
        }
    }
}
