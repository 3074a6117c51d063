import Testing

@testable import Wire

@Suite struct PageLinksTests {
    @Test(arguments: [
        ([], 2, "http://h/x/?page=2"), ([("page", "2")], 1, "http://h/x/"),
        ([("z", "1"), ("page", "9"), ("a", "ü &")], 3, "http://h/x/?a=%C3%BC+%26&page=3&z=1"),
        ([("q", "1"), ("q", "2")], 1, "http://h/x/?q=1&q=2"),
        // Two names that are equal Strings and have different bytes.
        ([("\u{E9}", "1"), ("e\u{301}", "2"), ("\u{E9}", "3")], 1, "http://h/x/?e%CC%81=2&%C3%A9=1&%C3%A9=3"),
    ])
    func sortAndEncode(_ parameters: [(String, String)], _ page: Int64, _ expected: String) {
        let links = PageLinks(address: "http://h/x/", parameters: parameters.map { (name: $0.0, value: $0.1) })
        #expect(links.url(page: page) == expected)
    }
}
