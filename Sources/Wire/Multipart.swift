package import Contract

/// Reads multipart/form-data bodies as leniently as Django: a body that is cut short, or has another boundary than
/// announced, still gives the fields that can be recognised.
package enum Multipart {
    /// The number of bytes before a part's content beyond which the part is refused.
    package static let longestHeader = 1024

    /// The number of parts beyond which a body is refused.
    package static let mostParts = 1000

    /// The fields in the order sent, and after them the files: by the contract the last value of a name counts, and the
    /// original server reads files last. `boundary` and `charset` are the parameters of the Content-Type.
    package static func parse(
        _ body: [UInt8], boundary: String?, charset: String?
    ) throws(Fault) -> [(name: String, value: Raw)] {
        guard let boundary, isBoundary(boundary) else {
            throw problem("Invalid boundary in multipart: \(boundary ?? "None")")
        }
        let parts = try parts(of: body, delimiter: Array("--\(boundary)".utf8)).compactMap { part in
            Head(body[part.header]).map { (head: $0, content: part.content) }
        }
        // In UTF-16 no boundary is found, and the answer would be one to an empty form.
        guard !parts.isEmpty || !body.contains(0) else {
            throw Fault(
                .unsupportedMediaType,
                "The boundaries and headers of multipart/form-data must be ASCII, whatever the charset of the fields.")
        }
        let sent = parts.last { $0.head.name == Form.charsetField && !$0.head.isFile }
        let common = try DeclaredCharset(
            first: sent.map { String(decoding: body[$0.content], as: UTF8.self) }, charset)
        var fields: [(name: String, value: Raw)] = []
        for (head, content) in parts where !head.isFile && head.name != Form.charsetField {
            // A Content-Transfer-Encoding is obsolete (RFC 7578 §4.7), and an encoded text would be stored as it was sent.
            guard head.transferEncoding.map({ ["7bit", "8bit", "binary", ""].contains($0) }) ?? true else {
                throw Fault(
                    .unsupportedMediaType,
                    "Unsupported Content-Transfer-Encoding \"\(head.transferEncoding ?? "")\" in request.")
            }
            // A part may declare a charset of its own (RFC 7578 §4.5).
            let own = try head.charset.map { label throws(Fault) in try DeclaredCharset(first: label) }
            fields.append((head.name, .string(try (own ?? common).text(Array(body[content])))))
        }
        return fields + parts.filter { $0.head.isFile }.map { ($0.head.name, .file) }
    }

    /// A refusal in the contract's words.
    private static func problem(_ reason: String) -> Fault {
        Fault(.validation, "Multipart form parse error - " + reason)
    }

    /// Whether a boundary has at most 201 printable ASCII characters and does not end in a space.
    private static func isBoundary(_ boundary: String) -> Bool {
        (1...201).contains(boundary.utf8.count) && boundary.utf8.last != 0x20
            && boundary.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private struct Part {
        let header: Range<Int>
        let content: Range<Int>
    }

    /// The parts between the delimiters, each of which is at the start of a line. The text before the first delimiter
    /// counts as a part too, so that a body with a wrong boundary still has a field.
    private static func parts(of body: [UInt8], delimiter: [UInt8]) throws(Fault) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var line = 0
        while line < body.count {
            let isDelimiter = body[line...].starts(with: delimiter)
            if isDelimiter {
                try add(start..<withoutLineBreak(body, from: start, to: line), of: body, to: &parts)
                start = line + delimiter.count
                if body[start...].starts(with: "--".utf8) { return parts }
                line = start
            }
            line = body[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? body.count
        }
        try add(start..<body.count, of: body, to: &parts)
        return parts
    }

    private static func withoutLineBreak(_ body: [UInt8], from start: Int, to end: Int) -> Int {
        var end = end
        if end > start, body[end - 1] == 0x0A { end -= 1 }
        if end > start, body[end - 1] == 0x0D { end -= 1 }
        return end
    }

    /// Splits one part at its first empty line; text without an empty line is not a part.
    private static func add(_ part: Range<Int>, of body: [UInt8], to parts: inout [Part]) throws(Fault) {
        var position = part.lowerBound
        let limit = min(part.upperBound, part.lowerBound + longestHeader)
        while position + 4 <= limit {
            if body[position] == 0x0D, body[position..<position + 4].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
                guard parts.count < mostParts else { throw problem("Too many parts.") }
                parts.append(Part(header: part.lowerBound..<position, content: position + 4..<part.upperBound))
                return
            }
            position += 1
        }
        if part.count >= longestHeader { throw problem("Request max total header size exceeded.") }
    }
}

extension Multipart {
    /// The fields of a part's header that are used. Their names are ASCII in every charset.
    private struct Head {
        let name: String
        let isFile: Bool
        let charset: String?
        let transferEncoding: String?

        /// The header, or nil if it names no field.
        init?(_ bytes: ArraySlice<UInt8>) {
            var disposition: HeaderValue?
            var charset: String?
            var transferEncoding: String?
            for line in bytes.split(separator: 0x0A) {
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
                let sent = line[(colon + 1)...]
                let value = String(decoding: sent.last == 0x0D ? sent.dropLast() : sent, as: UTF8.self)
                switch String(decoding: line[..<colon], as: UTF8.self).trimmingSpaces.lowercasedASCII {
                case "content-disposition": disposition = HeaderValue(value)
                case "content-type": charset = MediaType(value).charset
                case "content-transfer-encoding": transferEncoding = value.trimmingSpaces.lowercasedASCII
                default: break
                }
            }
            guard let disposition, let name = Self.text("name", of: disposition) else { return nil }
            self.name = String(name.trimmingSpaces)
            isFile = Self.text("filename", of: disposition)?.isEmpty == false
            self.charset = charset
            self.transferEncoding = transferEncoding
        }

        /// A parameter in either notation: `filename="a"`, `filename*=UTF-8''a%20b.txt` (RFC 8187 §3.2.1).
        private static func text(_ name: String, of disposition: HeaderValue) -> String? {
            if let extended = disposition.parameter(name + "*") {
                let pieces = extended.parts(separatedBy: UInt8(ascii: "'"))
                return pieces.count == 3 ? Percent.decoded(pieces[2]) : extended
            }
            return disposition.parameter(name)
        }
    }
}
