import Charsets

/// Converts a document to UTF-8 before the parser gets it, so that its own declaration cannot change the encoding.
enum XMLEncoding {
    /// The document in UTF-8 without a byte order mark.
    ///
    /// The charset of the HTTP header wins over the document's declaration (RFC 7303 §3.2). The mark of UTF-8 wins over
    /// both where they name another 8-bit charset: "a BOM … is authoritative if it is present in an XML MIME entity". A
    /// label of another width than the text is refused, since one of the two is a mistake.
    static func utf8(_ bytes: [UInt8], charset: String?) throws(XMLProblem) -> [UInt8] {
        if bytes.starts(with: mark), Charset(charset ?? declared(bytes) ?? "UTF-8")?.isWide == false {
            return try decode(Array(bytes.dropFirst(mark.count)), "UTF-8")
        }
        if let charset { return try decode(bytes, charset) }
        // The first bytes tell the family of encodings (XML 1.0 appendix F.1).
        switch (
            bytes.first ?? 0, bytes.dropFirst().first ?? 0, bytes.dropFirst(2).first ?? 0, bytes.dropFirst(3).first ?? 0
        ) {
        case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF), (0x3C, 0, 0, 0), (0, 0, 0, 0x3C): throw .encoding("UTF-32")
        case (0x4C, 0x6F, 0xA7, 0x94): throw .encoding("EBCDIC")
        case (0xFF, 0xFE, _, _), (0xFE, 0xFF, _, _), (0x3C, 0, _, 0), (0, 0x3C, 0, _):
            return try decode(bytes, "utf-16")
        default:
            let label = declared(bytes) ?? "UTF-8"
            // An 8-bit document that declares UTF-16 contradicts itself.
            if Charset(label)?.isWide == true { throw .encoding("\(label) in an 8-bit document") }
            return try decode(bytes, label)
        }
    }

    /// UTF-8's byte order mark.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func decode(_ bytes: [UInt8], _ label: String) throws(XMLProblem) -> [UInt8] {
        guard let charset = Charset(label), let decoder = Decoder(charset) else {
            throw .encoding(Charset.shown(label))
        }
        guard let text = decoder.utf8(bytes) else {
            throw .encoding("the bytes are no \(Charset.shown(label))")
        }
        return text
    }

    /// The encoding that the XML declaration of an ASCII-compatible document names. The search compares bytes, since a
    /// quote followed by a combining mark is another Character than a quote.
    private static func declared(_ bytes: [UInt8]) -> String? {
        let head = bytes[(bytes.starts(with: mark) ? mark.count : 0)...].prefix(XMLLimits.tagBytes)
        guard head.starts(with: "<?xml".utf8), let end = head.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        // Pieces outside and inside quotes alternate.
        let pieces = head[..<end].split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'")
        }
        for index in stride(from: 0, to: pieces.count - 1, by: 2) {
            let name = pieces[index].filter { !XMLScan.isSpace($0) }
            if name.reversed().starts(with: "encoding=".utf8.reversed()) {
                return String(decoding: pieces[index + 1], as: UTF8.self)
            }
        }
        return nil
    }
}
