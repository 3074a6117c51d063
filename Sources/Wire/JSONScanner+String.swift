import Contract

extension JSONScanner {
    /// The string that starts here, as a value.
    mutating func string() throws(JSONReader.Problem) -> Raw {
        let (text, lone) = try text()
        return lone.map(Raw.loneSurrogate) ?? .string(text)
    }

    /// The text of the string that starts here, with U+FFFD for each lone half of a surrogate pair, and the first such
    /// half.
    mutating func text() throws(JSONReader.Problem) -> (text: String, lone: UInt16?) {
        let quote = position
        position += 1
        let start = position
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return (String(decoding: bytes[start..<position - 1], as: UTF8.self), nil)
            }
            if byte == UInt8(ascii: "\\") { return try escapedText(from: start, quote: quote) }
            if byte < 0x20 { throw problem("Invalid control character at") }
            position += 1
        }
        throw problem("Unterminated string starting at", at: quote)
    }

    /// Reads the rest of the string from its first backslash on, and copies it.
    private mutating func escapedText(
        from start: Int, quote: Int
    ) throws(JSONReader.Problem) -> (text: String, lone: UInt16?) {
        var text = Array(bytes[start..<position])
        var lone: UInt16?
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return (String(decoding: text, as: UTF8.self), lone)
            case UInt8(ascii: "\\"):
                let escape = position
                position += 1
                guard let letter = next else { break }
                position += 1
                if letter == UInt8(ascii: "u") {
                    let scalar = try codePoint(escape: escape, lone: &lone)
                    text.append(contentsOf: Array(String(scalar).utf8))
                } else if let meaning = JSONScanner.meaning(ofEscaped: letter) {
                    text.append(meaning)
                } else {
                    throw problem("Invalid \\escape", at: escape)
                }
            case ..<0x20: throw problem("Invalid control character at")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw problem("Unterminated string starting at", at: quote)
    }

    private static func meaning(ofEscaped letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The code point of one or two `\u` escapes; the first begins at `escape` and is read up to its `u`.
    private mutating func codePoint(
        escape: Int, lone: inout UInt16?
    ) throws(JSONReader.Problem) -> Unicode.Scalar {
        guard let unit = codeUnit() else { throw problem("Invalid \\uXXXX escape", at: escape + 1) }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if UTF16.isLeadSurrogate(unit) {
            let afterLead = position
            if take("\\"), take("u") {
                guard let trail = codeUnit() else { throw problem("Invalid \\uXXXX escape", at: afterLead + 1) }
                if UTF16.isTrailSurrogate(trail) {
                    return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
                }
            }
            position = afterLead
        }
        lone = lone ?? unit
        return "\u{FFFD}"
    }

    /// The value of four hexadecimal digits here, or nil if there are fewer.
    private mutating func codeUnit() -> UInt16? {
        guard bytes.count - position >= 4 else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Percent.value(ofHexDigit: byte) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }
}
