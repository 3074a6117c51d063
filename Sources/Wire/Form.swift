package import Contract

/// Reads application/x-www-form-urlencoded bodies and query strings.
package enum Form {
    /// The number of fields beyond which a form is refused.
    package static let mostFields = 1000

    static let tooManyFields = Fault(.validation, "The number of GET/POST parameters exceeded \(mostFields).")

    /// The field that names the charset of all fields (RFC 7578 §4.6); browsers fill it in.
    static let charsetField = "_charset_"

    /// The fields of a body in the order sent, repeated names included: by the contract the last one counts. A field
    /// that cannot be decoded exactly is refused; `charset` is the parameter of the Content-Type.
    package static func read(
        _ body: [UInt8], charset label: String?
    ) throws(Fault) -> [(name: String, value: String)] {
        let charset = try DeclaredCharset(first: label ?? sentCharset(of: body))
        // A form in UTF-16 still has percent-encoded bytes of UTF-8, since the Encoding Standard has no encoder for
        // UTF-16 ("get an output encoding").
        let isASCII = charset.keepsASCII(in: body)
        let body = isASCII ? body : try charset.utf8(body)
        // ASCII text that is taken for UTF-16 becomes one long name.
        guard isASCII || body.contains(UInt8(ascii: "=")) else { throw charset.refusal }
        let pieces = isASCII ? charset : try DeclaredCharset(first: "utf-8")
        guard body.count(where: { $0 == UInt8(ascii: "&") }) < mostFields else {
            throw tooManyFields
        }
        return try fields(of: body).map { field throws(Fault) in
            (try pieces.text(Percent.bytes(field.name)), try pieces.text(Percent.bytes(field.value)))
        }
    }

    /// The parameters of a query string in the order sent, read as leniently as Python's parse_qsl, since they only
    /// filter and are never stored. Parameters beyond the limit are ignored.
    package static func parse(_ query: String) -> [(name: String, value: String)] {
        fields(of: Array(query.utf8)).map { field in
            (
                String(decoding: Percent.bytes(field.name), as: UTF8.self),
                String(decoding: Percent.bytes(field.value), as: UTF8.self)
            )
        }
    }

    private static func sentCharset(of body: [UInt8]) -> String? {
        fields(of: body).last { Percent.bytes($0.name).elementsEqual(charsetField.utf8) }
            .map { String(decoding: Percent.bytes($0.value), as: UTF8.self) }
    }

    private static func fields(of body: [UInt8]) -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
        body.split(separator: UInt8(ascii: "&"), maxSplits: mostFields).prefix(mostFields).map { field in
            let equals = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
            return (field[..<equals], field[equals...].dropFirst())
        }
    }
}

/// The percent-encoding of forms and paths.
enum Percent {
    /// A decoded path segment; text that is not valid percent-encoding stays as it is.
    static func decoded(_ segment: Substring) -> String {
        segment.utf8.has(UInt8(ascii: "%"))
            ? String(decoding: bytes(Array(segment.utf8)[...], isPlusSpace: false), as: UTF8.self) : String(segment)
    }

    /// The decoded bytes: `+` becomes a space, `%41` an A, and a `%` without two digits stays.
    static func bytes(_ bytes: ArraySlice<UInt8>, isPlusSpace: Bool = true) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "%"), bytes.endIndex - position >= 2,
                let high = value(ofHexDigit: bytes[position]), let low = value(ofHexDigit: bytes[position + 1])
            {
                plain.append(high << 4 | low)
                position += 2
            } else {
                plain.append(byte == UInt8(ascii: "+") && isPlusSpace ? UInt8(ascii: " ") : byte)
            }
        }
        return plain
    }

    static func value(ofHexDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
