/// Reads application/x-www-form-urlencoded bodies and query strings, as leniently as Python's parse_qsl.
package enum Form {
    /// Why a form is refused.
    package struct Problem: Error, Sendable, Equatable {
        package let message: String
    }

    /// More fields than this are refused.
    package static let mostFields = 1000

    /// The fields of a body in the order sent, repeated names included: by the contract the last one counts.
    package static func read(
        _ body: [UInt8], isLatin1: Bool = false
    ) throws(Problem) -> [(name: String, value: String)] {
        guard body.count(where: { $0 == UInt8(ascii: "&") }) < mostFields else {
            throw Problem(message: "The number of GET/POST parameters exceeded \(mostFields).")
        }
        return fields(of: body, isLatin1: isLatin1)
    }

    /// The parameters of a query string in the order sent; those beyond the limit are not looked at.
    package static func parse(_ query: String) -> [(name: String, value: String)] { fields(of: Array(query.utf8)) }

    private static func fields(of body: [UInt8], isLatin1: Bool = false) -> [(name: String, value: String)] {
        // A body that is not even UTF-8 before its escapes are read comes from a client that knows only Latin-1.
        let isValid = isLatin1 || (try? UTF8Span(validating: body.span)) != nil
        let bytes = isValid ? body : Array(Percent.latin1(body).utf8)
        return bytes.split(separator: UInt8(ascii: "&"), maxSplits: mostFields).prefix(mostFields).map { field in
            let equals = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
            return (
                Percent.decoded(field[..<equals], isLatin1: isLatin1),
                Percent.decoded(field[equals...].dropFirst(), isLatin1: isLatin1)
            )
        }
    }
}

/// The percent-encoding of forms and paths.
enum Percent {
    /// What a part of a path means; what is no encoding stays as it is.
    static func decoded(_ segment: Substring) -> String {
        segment.utf8.contains(UInt8(ascii: "%"))
            ? decoded(Array(segment.utf8)[...], isPlusSpace: false) : String(segment)
    }

    /// What the bytes mean: `+` is a space, `%41` an A, and a `%` without two digits itself.
    static func decoded(_ bytes: ArraySlice<UInt8>, isLatin1: Bool = false, isPlusSpace: Bool = true) -> String {
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
        return isLatin1 ? latin1(plain) : String(decoding: plain, as: UTF8.self)
    }

    /// The text of bytes in ISO 8859-1, where every byte is a code point.
    static func latin1(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
        return String(text)
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
