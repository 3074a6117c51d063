/// A media type with its parameters, from a Content-Type or from one range of an Accept header.
package struct MediaType: Sendable {
    /// In lower case, without parameters: `application/json`.
    package let essence: String
    private let value: HeaderValue

    package init(_ text: some StringProtocol) {
        value = HeaderValue(text)
        essence = value.head.lowercasedASCII
    }

    /// The media type of a Content-Type.
    package init(contentType text: String) {
        self = Self.usual.first { $0.text == text }?.type ?? MediaType(text)
    }

    /// What most clients send, which need not be parsed again.
    private static let usual = [
        REST.json, "application/json; charset=utf-8", "text/xml; charset=utf-8", "text/xml;charset=UTF-8",
        "application/soap+xml; charset=utf-8",
    ].map { (text: $0, type: MediaType($0)) }

    /// The first parameter with a name, which is given in lower case.
    package func parameter(_ name: String) -> String? { value.parameter(name) }

    /// The declared charset; nil if there is none or it is blank.
    package var charset: String? { parameter("charset").flatMap { $0.trimmingSpaces.isEmpty ? nil : $0 } }

    /// Whether this range of an Accept header includes a type without parameters.
    package func covers(_ type: String, _ subtype: String) -> Bool {
        let parts = essence.parts(separatedBy: UInt8(ascii: "/"), maxSplits: 1)
        guard parts.count == 2 else { return false }
        return (parts[0] == "*" || parts[0] == type) && (parts[1] == "*" || parts[1] == subtype)
    }
}

extension MediaType {
    /// Whether the client accepts JSON or HTML; a browser that asks for HTML gets JSON too.
    package static func accepts(_ accept: String?) -> Bool {
        // The values that nearly every API client sends need no parsing.
        guard let accept, accept != "*/*", !accept.trimmingSpaces.isEmpty else { return true }
        return HeaderValue.parts(of: accept, separatedBy: UInt8(ascii: ",")).contains { range in
            let range = MediaType(range)
            return range.covers("application", "json") || range.covers("text", "html")
        }
    }
}
