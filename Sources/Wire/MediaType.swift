/// The head of a Content-Type, or one range of an Accept header.
package struct MediaType: Sendable {
    /// In lower case, without parameters: `application/json`.
    package let essence: String
    /// In lower case names, values as sent without quotes.
    package let parameters: [(name: String, value: String)]

    package init(_ text: some StringProtocol) {
        let parts = text.parts(separatedBy: UInt8(ascii: ";"))
        essence = parts[0].trimmingSpaces.lowercased()
        parameters = parts.dropFirst().compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let value = part[part.index(after: equals)...].trimmingSpaces
            let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
            return (
                part[..<equals].trimmingSpaces.lowercased(), String(isQuoted ? value.dropFirst().dropLast() : value)
            )
        }
    }

    package func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Whether its charset is ISO 8859-1; every other one, known or not, counts as UTF-8.
    package var isLatin1: Bool {
        ["iso-8859-1", "latin1", "latin-1"].contains(parameter("charset")?.lowercased())
    }

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
        return accept.parts(separatedBy: UInt8(ascii: ",")).contains { range in
            let range = MediaType(range)
            return range.covers("application", "json") || range.covers("text", "html")
        }
    }
}

extension StringProtocol {
    /// Without the optional white space of HTTP (RFC 9110 §5.6.3) at both ends.
    package var trimmingSpaces: Substring {
        let bytes = Substring(self).utf8
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return Substring(bytes[first...last])
    }

    /// What stands between the places of an ASCII character, empty parts included. It is looked for among the bytes:
    /// to look for a Character takes ten times as long.
    package func parts(separatedBy separator: UInt8, maxSplits: Int = .max) -> [Substring] {
        Substring(self).utf8.split(separator: separator, maxSplits: maxSplits, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }
}
