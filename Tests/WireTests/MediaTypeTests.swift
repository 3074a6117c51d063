import Testing

@testable import Wire

@Suite struct MediaTypeTests {
    @Test(arguments: [
        (nil, true), ("*/*", true), ("application/*", true), ("APPLICATION/JSON;q=0.5", true), ("text/html", true),
        ("text/plain, application/json", true), ("application/xml", false), ("image/*", false), ("garbage", false),
        ("application/json; x=\",\"", true), ("text/plain; x=\", application/json\"", false),
        ("text/plain,\u{301} */*", false), ("text/plain;a=\"\u{301}\", application/json", true),
    ])
    func accepts(_ accept: String?, _ expected: Bool) {
        #expect(MediaType.accepts(accept) == expected)
    }
}
