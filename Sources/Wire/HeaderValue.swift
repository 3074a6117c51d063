/// A value of a header field with its parameters (RFC 9110 §5.6.6): `form-data; name="a"; filename="b;c.txt"`.
///
/// It is split by bytes, since a quote followed by a combining mark is another Character than a quote.
package struct HeaderValue: Sendable {
    /// The text before the first semicolon.
    package let head: Substring
    /// The parameters, with names in lower case, since they are case-insensitive, and with unquoted values.
    package let parameters: [(name: String, value: String)]

    package init(_ text: some StringProtocol) {
        let parts = Self.parts(of: text, separatedBy: UInt8(ascii: ";"))
        head = parts[0].trimmingSpaces
        parameters = parts.dropFirst().compactMap { part in
            guard let equals = part.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let value = part[part.utf8.index(after: equals)...].trimmingSpaces
            return (part[..<equals].trimmingSpaces.lowercasedASCII, Self.meaning(of: value))
        }
    }

    /// The first parameter with this name.
    package func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The parts between the separators that stand outside quoted strings (RFC 9110 §5.6.4).
    package static func parts(of text: some StringProtocol, separatedBy separator: UInt8) -> [Substring] {
        let text = Substring(text)
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        let bytes = text.utf8.span
        for offset in bytes.indices {
            let byte = bytes[offset]
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isQuoted
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                let index = text.utf8.index(text.startIndex, offsetBy: offset)
                parts.append(text[start..<index])
                start = text.utf8.index(after: index)
            }
        }
        parts.append(text[start...])
        return parts
    }

    /// A token as it is, a quoted string without its quotes and backslashes: recipients "MUST handle a quoted-pair as
    /// if it were replaced by the octet following the backslash" (RFC 9110 §5.6.4).
    private static func meaning(of value: Substring) -> String {
        let bytes = value.utf8
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else {
            return String(value)
        }
        var meaning: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                meaning.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: meaning, as: UTF8.self)
    }
}

extension StringProtocol {
    /// The text without HTTP's optional white space (RFC 9110 §5.6.3) at both ends.
    package var trimmingSpaces: Substring {
        let text = Substring(self)
        let bytes = text.utf8.span
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var start = 0
        var end = bytes.count
        while start < end, isSpace(bytes[start]) { start += 1 }
        while start < end, isSpace(bytes[end - 1]) { end -= 1 }
        if end - start == bytes.count { return text }
        return text[text.utf8.index(text.startIndex, offsetBy: start)..<text.utf8.index(text.startIndex, offsetBy: end)]
    }

    /// The text with its ASCII letters in lower case; `lowercased()` would also turn the Kelvin sign into a k.
    package var lowercasedASCII: String {
        var bytes = Array(utf8)
        for index in bytes.indices where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) {
            bytes[index] |= 0x20
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The parts between the separators, empty ones included. The search compares bytes, since a search for a Character
    /// takes ten times as long.
    package func parts(separatedBy separator: UInt8, maxSplits: Int = .max) -> [Substring] {
        let text = Substring(self)
        let bytes = text.utf8.span
        var parts: [Substring] = []
        var start = text.startIndex
        for offset in bytes.indices where bytes[offset] == separator && parts.count < maxSplits {
            let index = text.utf8.index(text.startIndex, offsetBy: offset)
            parts.append(text[start..<index])
            start = text.utf8.index(after: index)
        }
        parts.append(text[start...])
        return parts
    }
}
