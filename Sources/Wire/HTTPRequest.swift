import Contract

/// The parts of an HTTP request that the server uses.
package struct HTTPRequest: Sendable {
    package var id = ""
    package var method = "GET"
    /// The path without the query; `read(target:)` says which characters are decoded.
    package private(set) var path = "/"
    /// The query as it was sent.
    package private(set) var query = ""
    package var scheme = "http"
    package var host = ""
    package var accept: String?
    package var contentType: String?
    package var contentEncoding: String?
    package var soapAction: String?
    package var body: [UInt8] = []
    /// When nginx began to send the complete request, in milliseconds since 1970; nil when that is unknown.
    package var sentAt: Int64?
    /// Whether the client cannot take an answer of unknown length.
    package var isHTTP10 = false

    package init() {}

    /// Sets path and query from a request target, which is given without scheme and host.
    package mutating func read(target: String) {
        let parts = target.parts(separatedBy: UInt8(ascii: "?"), maxSplits: 1)
        // An absolute form may end with its host: `http://host?x=1`.
        path = parts[0].isEmpty ? "/" : Percent.withPlainUnreserved(parts[0])
        query = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The coding that the body is packed in; nil for none. No coding is supported.
    package var contentCoding: String? {
        guard let coding = contentEncoding?.trimmingSpaces, !coding.isEmpty, coding.lowercasedASCII != "identity" else {
            return nil
        }
        return String(coding)
    }
}

extension Percent {
    /// The path with unreserved characters decoded: "URIs that differ in the replacement of an unreserved character
    /// with its corresponding percent-encoded US-ASCII octet are equivalent" (RFC 3986 §2.3). Other encoded characters
    /// stay encoded, so that an encoded slash separates nothing.
    fileprivate static func withPlainUnreserved(_ path: Substring) -> String {
        guard path.utf8.has(UInt8(ascii: "%")) else { return String(path) }
        let sent = Array(path.utf8)
        var plain: [UInt8] = []
        plain.reserveCapacity(sent.count)
        var position = 0
        while position < sent.count {
            if sent[position] == UInt8(ascii: "%"), position + 2 < sent.count,
                let high = value(ofHexDigit: sent[position + 1]), let low = value(ofHexDigit: sent[position + 2]),
                isUnreserved(high << 4 | low)
            {
                plain.append(high << 4 | low)
                position += 3
            } else {
                plain.append(sent[position])
                position += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// Whether a byte is an unreserved character: a letter, a digit or one of four marks (RFC 3986 §2.3).
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
