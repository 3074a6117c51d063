import Testing

@testable import Wire

@Suite struct HeaderValueTests {
    /// The value and its parameters, unquoted.
    @Test(arguments: [
        ("a/b", []), ("a/b;", []), ("a/b ; x=1;y=2", ["x=1", "y=2"]), ("a/b;\tX = 1 ", ["x=1"]), ("a/b;x", []),
        (#"a/b; x="1;2,3=4"; y=5"#, ["x=1;2,3=4", "y=5"]), (#"a/b; x="a\"b\\c\d;"; y=5"#, [#"x=a"b\cd;"#, "y=5"]),
        (#"a/b; x="""#, ["x="]), (#"a/b; x=""u"""#, [#"x="u""#]), (#"a/b; x="1;y=2"#, [#"x="1;y=2"#]),
        ("a/b; \u{212A}=1", ["\u{212A}=1"]),
        // A combining mark does not change the quote, semicolon or equals sign before it.
        ("a/b;\u{301}x=1", ["\u{301}x=1"]), ("a/b;x=\u{301}1", ["x=\u{301}1"]),
        ("a/b; x=\"\u{301}1;2\"; y=5", ["x=\u{301}1;2", "y=5"]),
        ("a/b; x=\"1;2\"\u{301}; y=5", ["x=\"1;2\"\u{301}", "y=5"]),
    ])
    func parameters(_ text: String, _ parameters: [String]) {
        let read = HeaderValue(text).parameters.map { "\($0.name)=\($0.value)" }
        #expect(read.map { Array($0.utf8) } == parameters.map { Array($0.utf8) })
    }

    @Test func theHeadStandsBeforeTheFirstSemicolon() {
        #expect(MediaType(" TEXT/XML\t; charset=utf-8").essence == "text/xml")
        #expect(MediaType("text/xml;\u{301}").essence == "text/xml")
        #expect(MediaType("text/xml; CHARSET=\" utf-8 \"").charset == " utf-8 ")
        #expect(MediaType("text/xml; charset=\"\"; charset=utf-8").charset == nil)
        #expect(MediaType("text/xml; charset=a; charset=b").charset == "a")
    }
}
