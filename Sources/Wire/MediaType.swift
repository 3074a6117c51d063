/// The head of a Content-Type, or one range of an Accept header.
package struct MediaType: Sendable {
    /// In lower case, without parameters: `application/json`.
    package let essence: String
    private let value: HeaderValue

    package init(_ text: some StringProtocol) {
        value = HeaderValue(text)
        essence = value.head.lowercasedASCII
    }

    /// The first parameter of a name, which is in lower case.
    package func parameter(_ name: String) -> String? { value.parameter(name) }

    /// The charset that it declares; nil if it declares none or a blank.
    package var charset: String? { parameter("charset").flatMap { $0.trimmingSpaces.isEmpty ? nil : $0 } }

    /// Whether this range of an Accept header covers a type without parameters.
    package func covers(_ type: String, _ subtype: String) -> Bool {
        let parts = essence.parts(separatedBy: UInt8(ascii: "/"), maxSplits: 1)
        guard parts.count == 2 else { return false }
        return (parts[0] == "*" || parts[0] == type) && (parts[1] == "*" || parts[1] == subtype)
    }
}

extension MediaType {
    /// Whether REST can answer: JSON is asked for, or HTML, where a browser gets the JSON too.
    package static func accepts(_ accept: String?) -> Bool {
        // What nearly every client of an API sends needs no taking apart.
        guard let accept, accept != "*/*", !accept.trimmingSpaces.isEmpty else { return true }
        return HeaderValue.parts(of: accept, separatedBy: UInt8(ascii: ",")).contains { range in
            let range = MediaType(range)
            return range.covers("application", "json") || range.covers("text", "html")
        }
    }
}
