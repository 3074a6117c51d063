/// Makes UTF-8 of a document before the parser sees it, so that no declaration can make it change its mind.
enum XMLEncoding {
    /// The document in UTF-8 without a byte order mark.
    ///
    /// The charset of the HTTP header wins over everything in the document (RFC 7303 §3.2).
    static func utf8(_ bytes: [UInt8], charset: String?) throws(XMLProblem) -> [UInt8] {
        if let charset, !charset.isEmpty { return try decode(bytes, charset.lowercased()) }
        // XML 1.0 appendix F.1: the first bytes tell the family.
        switch (
            bytes.first ?? 0, bytes.dropFirst().first ?? 0, bytes.dropFirst(2).first ?? 0, bytes.dropFirst(3).first ?? 0
        ) {
        case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF), (0x3C, 0, 0, 0), (0, 0, 0, 0x3C): throw .encoding("UTF-32")
        case (0x4C, 0x6F, 0xA7, 0x94): throw .encoding("EBCDIC")
        case (0xFF, 0xFE, _, _), (0xFE, 0xFF, _, _), (0x3C, 0, _, 0), (0, 0x3C, 0, _):
            return try decode(bytes, "utf-16")
        default: return try decode(bytes, declared(bytes) ?? "utf-8")
        }
    }

    private static func decode(_ bytes: [UInt8], _ name: String) throws(XMLProblem) -> [UInt8] {
        switch name {
        case "utf-8", "utf8":
            let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            guard String(validating: body, as: UTF8.self) != nil else { throw .encoding("the bytes are no UTF-8") }
            return body
        case "us-ascii", "ascii":
            guard bytes.allSatisfy({ $0 < 0x80 }) else { throw .encoding("the bytes are no US-ASCII") }
            return bytes
        case "iso-8859-1", "latin1", "latin-1":
            var converted: [UInt8] = []
            converted.reserveCapacity(bytes.count)
            for byte in bytes {
                if byte < 0x80 { converted.append(byte) } else { converted += [0xC0 | byte >> 6, 0x80 | byte & 0x3F] }
            }
            return converted
        case "utf-16": return try utf16(bytes, isLittle: nil)
        case "utf-16le": return try utf16(bytes, isLittle: true)
        case "utf-16be": return try utf16(bytes, isLittle: false)
        default: throw .encoding(String(name.prefix(40)))
        }
    }

    private static func utf16(_ bytes: [UInt8], isLittle given: Bool?) throws(XMLProblem) -> [UInt8] {
        guard bytes.count.isMultiple(of: 2), bytes.count >= 2 else { throw .encoding("half a UTF-16 unit") }
        let mark = (bytes[0], bytes[1])
        let hasMark = mark == (0xFF, 0xFE) || mark == (0xFE, 0xFF)
        let isLittle = given ?? (hasMark ? mark.0 == 0xFF : mark.1 == 0)
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: hasMark ? 2 : 0, to: bytes.count, by: 2) {
            let (low, high) = isLittle ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            units.append(UInt16(high) << 8 | UInt16(low))
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw .encoding("the units are no UTF-16") }
        return Array(text.utf8)
    }

    /// The encoding that the XML declaration of an ASCII-compatible document names.
    private static func declared(_ bytes: [UInt8]) -> String? {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let head = String(decoding: bytes[start..<min(bytes.count, start + 256)], as: UTF8.self)
        guard head.hasPrefix("<?xml"), let end = head.firstIndex(of: ">") else { return nil }
        let parts = head[..<end].split(whereSeparator: { $0 == "\"" || $0 == "'" })
        guard let place = parts.firstIndex(where: { $0.filter { !$0.isWhitespace }.hasSuffix("encoding=") }),
            place + 1 < parts.count
        else { return nil }
        let name = parts[place + 1].lowercased()
        // An 8-bit document that claims to be UTF-16 contradicts itself.
        return name.hasPrefix("utf-16") ? "\(name) in an 8-bit document" : name
    }
}
