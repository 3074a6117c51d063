/// A check of the bytes before libxml2 gets them: it refuses what would make libxml2 slow or what libxml2 tolerates.
enum XMLScan {
    /// Refuses NUL, a DOCTYPE and tags that are too long, in one pass.
    static func check(_ bytes: [UInt8]) throws(XMLProblem) {
        guard bytes.contains(where: { !isSpace($0) }) else { throw .empty }
        if bytes.contains(0) { throw .malformed("it holds a NUL") }
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            if matches(bytes, index, "<!--") {
                index = try end(of: bytes, after: index + 4, "-->", "a comment does not end")
            } else if matches(bytes, index, "<![CDATA[") {
                index = try end(of: bytes, after: index + 9, "]]>", "a CDATA section does not end")
            } else if matches(bytes, index, "<!") {
                throw .forbidden("A DOCTYPE or another declaration")
            } else {
                index = try endOfTag(bytes, index, XMLLimits.tagBytes)
            }
        }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func matches(_ bytes: [UInt8], _ index: Int, _ text: StaticString) -> Bool {
        guard bytes.count - index >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { text in
            for offset in 0..<text.count where unsafe bytes[index + offset] != text[offset] { return false }
            return true
        }
    }

    private static func end(
        of bytes: [UInt8], after start: Int, _ mark: StaticString, _ problem: String
    ) throws(XMLProblem) -> Int {
        var index = start
        while index < bytes.count {
            if matches(bytes, index, mark) { return index + mark.utf8CodeUnitCount }
            index += 1
        }
        throw .malformed(problem)
    }

    /// The position behind the `>` that ends a tag; a `>` inside quotes does not.
    private static func endOfTag(_ bytes: [UInt8], _ start: Int, _ most: Int) throws(XMLProblem) -> Int {
        var quote: UInt8 = 0
        var index = start + 1
        while index < bytes.count {
            guard index - start <= most else { throw .limit("a longer tag") }
            let byte = bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            }
            index += 1
        }
        throw .malformed("a tag does not end")
    }
}
