package import Contract

/// Reads the JSON documents that clients send, exactly by RFC 8259.
///
/// Only the top level's members become values; nested values are checked and become `.array` or `.object`.
package enum JSONReader {
    /// Why a document is refused, in the words of Python's json module.
    package struct Problem: Error, Sendable, Equatable {
        package let message: String
    }

    /// The top level of a document.
    package enum Root: Sendable, Equatable {
        /// Every member in the order sent, repeated keys included: by the contract the last one counts. A key has
        /// U+FFFD for each lone surrogate, so that it matches no field.
        case object([Member])
        case other(Raw)
    }

    /// The depth of nesting beyond which a document is refused.
    package static let deepest = 512

    /// The number of top-level members beyond which a document is refused.
    package static let mostMembers = 10_000

    /// Reads a document; the caller limits its size.
    package static func read(_ bytes: [UInt8]) throws(Problem) -> Root {
        try refuseOtherEncodings(bytes)
        var scanner = JSONScanner(bytes)
        scanner.skipSpace()
        let root: Root
        if scanner.take("{") {
            root = .object(try readMembers(&scanner))
        } else {
            root = .other(try scanner.value(depth: 0))
        }
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw scanner.problem("Extra data") }
        return root
    }

    private static func readMembers(_ scanner: inout JSONScanner) throws(Problem) -> [Member] {
        var members: [Member] = []
        scanner.skipSpace()
        if scanner.take("}") { return members }
        // Most rows have at most so many fields.
        members.reserveCapacity(16)
        repeat {
            let key = try scanner.key()
            let value = try scanner.value(depth: 1)
            guard members.count < mostMembers else { throw scanner.problem("Too many members") }
            members.append(Member(key, value))
        } while try scanner.continues(until: "}")
        return members
    }

    /// Refuses everything but UTF-8 without a BOM, so that the text may later be cut at any ASCII byte.
    private static func refuseOtherEncodings(_ bytes: [UInt8]) throws(Problem) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw Problem(message: "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)")
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let at = error.byteOffsets.lowerBound
            let byte = String(bytes[at], radix: 16)
            let reason =
                switch error.kind {
                case .unexpectedContinuationByte, .invalidNonSurrogateCodePointByte: "invalid start byte"
                case .truncatedScalar where error.byteOffsets.upperBound == bytes.count: "unexpected end of data"
                default: "invalid continuation byte"
                }
            throw Problem(message: "'utf-8' codec can't decode byte 0x\(byte) in position \(at): \(reason)")
        }
    }
}
