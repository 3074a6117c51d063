/// The head of a Content-Type, or one range of an Accept header.
package struct MediaType: Sendable, Equatable {
    /// In lower case, without parameters: `application/json`.
    package let essence: String
    /// In lower case names, values as sent without quotes.
    package let parameters: [(name: String, value: String)]

    package init(_ text: some StringProtocol) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
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

    package static func == (a: MediaType, b: MediaType) -> Bool { a.essence == b.essence }

    package func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Whether its charset is ISO 8859-1; every other one, known or not, counts as UTF-8.
    package var isLatin1: Bool {
        ["iso-8859-1", "latin1", "latin-1"].contains(parameter("charset")?.lowercased())
    }

    /// Whether this range of an Accept header covers a type without parameters.
    package func covers(_ type: String, _ subtype: String) -> Bool {
        let parts = essence.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        return (parts[0] == "*" || parts[0] == type) && (parts[1] == "*" || parts[1] == subtype)
    }
}

extension MediaType {
    /// Whether REST can answer: JSON is asked for, or HTML, where a browser gets the JSON too.
    package static func accepts(_ accept: String?) -> Bool {
        guard let accept, !accept.trimmingSpaces.isEmpty else { return true }
        return accept.split(separator: ",").contains { range in
            let range = MediaType(range)
            return range.covers("application", "json") || range.covers("text", "html")
        }
    }
}

extension StringProtocol {
    /// Without the optional white space of HTTP (RFC 9110 §5.6.3) at both ends.
    package var trimmingSpaces: SubSequence {
        var slice = self[...]
        while let first = slice.unicodeScalars.first, first == " " || first == "\t" { slice = slice.dropFirst() }
        while let last = slice.unicodeScalars.last, last == " " || last == "\t" { slice = slice.dropLast() }
        return slice
    }
}
