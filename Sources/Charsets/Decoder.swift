/// Converts text from one charset to UTF-8: either the whole text or nothing.
package final class Decoder {
    private let charset: Charset
    private let converter: Converter?

    /// A decoder, or nil if the C library lacks the charset's table.
    package init?(_ charset: Charset) {
        self.charset = charset
        if charset == .utf8 || charset == .ascii || charset.isWide {
            converter = nil
        } else {
            guard let converter = Converter(from: charset.name) else { return nil }
            self.converter = converter
        }
    }

    /// The text in UTF-8, without a byte order mark of UTF-16, or nil if the bytes are not valid in the charset.
    package func utf8(_ bytes: [UInt8]) -> [UInt8]? {
        if charset == .utf8 { return (try? UTF8Span(validating: bytes.span)) == nil ? nil : bytes }
        if charset.isWide { return utf16(bytes) }
        if bytes.allSatisfy({ $0 < 0x80 }), charset.keepsASCII(in: bytes) { return bytes }
        guard let text = converter?.utf8(bytes[...]), !isOutsideTheCharset(text) else { return nil }
        return text
    }

    /// The text, or nil if the bytes are not valid in the charset.
    package func text(_ bytes: [UInt8]) -> String? {
        if charset == .utf8 { return String(validating: bytes, as: UTF8.self) }
        return utf8(bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    private func utf16(_ bytes: [UInt8]) -> [UInt8]? {
        let hasLittleMark = bytes.starts(with: [0xFF, 0xFE])
        let hasBigMark = bytes.starts(with: [0xFE, 0xFF])
        let isLittle =
            charset == .utf16Little
            || charset == .utf16 && (hasLittleMark || !hasBigMark && Self.looksLittleEndian(bytes))
        // A byte order mark that contradicts the label: one of the two is wrong, and nothing says which.
        guard isLittle ? !hasBigMark : !hasLittleMark else { return nil }
        let converter = Converter(from: (isLittle ? Charset.utf16Little : .utf16Big).name)
        return converter?.utf8(bytes[(hasLittleMark || hasBigMark ? 2 : 0)...])
    }

    /// Guesses the byte order of UTF-16 without a mark. Nearly every text has ASCII characters, whose upper byte is
    /// zero; for one that has none, "the text SHOULD be interpreted as being big-endian" (RFC 2781 §4.3).
    private static func looksLittleEndian(_ bytes: [UInt8]) -> Bool {
        var zeros = (even: 0, odd: 0)
        for (index, byte) in bytes.enumerated() where byte == 0 {
            if index.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
        }
        return zeros.odd > zeros.even
    }

    /// Whether bytes became characters that the charset does not have. The C library turns invalid bytes of EUC-JP and
    /// Big5 into control characters, and Big5's kana and Macintosh's apple into private-use characters.
    private func isOutsideTheCharset(_ text: [UInt8]) -> Bool {
        guard ["EUC-JP", "BIG5", "MACINTOSH"].contains(charset.name) else { return false }
        return String(decoding: text, as: UTF8.self).unicodeScalars.contains {
            (0x80...0x9F).contains($0.value) || (0xE000...0xF8FF).contains($0.value)
        }
    }
}
