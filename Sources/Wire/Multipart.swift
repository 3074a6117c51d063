package import Contract

/// Reads multipart/form-data bodies, as leniently as Django: a body cut short or with another boundary than
/// announced still gives what can be made out.
package enum Multipart {
    /// Why a body is refused, in the contract's words.
    package struct Problem: Error, Sendable, Equatable {
        package let message: String

        init(_ reason: String) { message = "Multipart form parse error - " + reason }
    }

    /// A part with more bytes than this before its content is refused.
    package static let longestHeader = 1024

    /// More parts than this are refused.
    package static let mostParts = 1000

    /// The fields in the order sent and after them the files, since by the contract the last of a name counts and
    /// the original looks at files last; `boundary` is the parameter of the Content-Type.
    package static func parse(
        _ body: [UInt8], boundary: String?, isLatin1: Bool = false
    ) throws(Problem) -> [(name: String, value: Raw)] {
        guard let boundary, isBoundary(boundary) else {
            throw Problem("Invalid boundary in multipart: \(boundary ?? "None")")
        }
        var fields: [(name: String, value: Raw)] = []
        var files: [(name: String, value: Raw)] = []
        for part in try parts(of: body, delimiter: Array("--\(boundary)".utf8)) {
            guard let disposition = try disposition(of: part.header, in: body), let name = disposition["name"] else {
                continue
            }
            if let file = disposition["filename"], !file.isEmpty {
                files.append((name.trimmingSpaces.description, .file))
            } else {
                let content = body[part.content]
                let text = isLatin1 ? Percent.latin1(content) : String(decoding: content, as: UTF8.self)
                fields.append((name.trimmingSpaces.description, .string(text)))
            }
        }
        return fields + files
    }

    /// At most 201 printable ASCII characters that do not end in a space.
    private static func isBoundary(_ boundary: String) -> Bool {
        (1...201).contains(boundary.utf8.count) && boundary.utf8.last != 0x20
            && boundary.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private struct Part {
        let header: Range<Int>
        let content: Range<Int>
    }

    /// The parts between the delimiters, each of which starts a line. What precedes the first delimiter counts as a
    /// part too, which is how a body with the wrong boundary still has a field.
    private static func parts(of body: [UInt8], delimiter: [UInt8]) throws(Problem) -> [Part] {
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

    /// Splits one part at its first empty line; without one it is no part.
    private static func add(_ part: Range<Int>, of body: [UInt8], to parts: inout [Part]) throws(Problem) {
        var position = part.lowerBound
        let limit = min(part.upperBound, part.lowerBound + longestHeader)
        while position + 4 <= limit {
            if body[position] == 0x0D, body[position..<position + 4].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
                guard parts.count < mostParts else { throw Problem("Too many parts.") }
                parts.append(Part(header: part.lowerBound..<position, content: position + 4..<part.upperBound))
                return
            }
            position += 1
        }
        if part.count >= longestHeader { throw Problem("Request max total header size exceeded.") }
    }

    /// The parameters of the part's Content-Disposition, or nil if it has none.
    private static func disposition(
        of header: Range<Int>, in body: [UInt8]
    ) throws(Problem) -> [String: String]? {
        var disposition: [String: String]?
        for line in body[header].split(separator: 0x0A) {
            let line = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            guard let colon = line.firstIndex(of: ":"),
                line[..<colon].trimmingSpaces.lowercased() == "content-disposition"
            else { continue }
            disposition = HeaderParameters.parse(line[line.index(after: colon)...])
        }
        return disposition
    }
}

/// The parameters of a header field: `form-data; name="a"; filename="b;c.txt"`.
private enum HeaderParameters {
    static func parse(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in split(text).dropFirst() {
            guard let equals = part.firstIndex(of: "=") else { continue }
            var name = part[..<equals].trimmingSpaces.lowercased()
            let sent = part[part.index(after: equals)...].trimmingSpaces
            var value = String(sent)
            if sent.utf8.count >= 2, sent.utf8.first == UInt8(ascii: "\""), sent.utf8.last == UInt8(ascii: "\"") {
                value = String(sent.dropFirst().dropLast()).replacing("\\\\", with: "\\").replacing("\\\"", with: "\"")
            }
            // RFC 2231: filename*=UTF-8''a%20b.txt
            if name.hasSuffix("*") {
                name.removeLast()
                let pieces = value.split(separator: "'", omittingEmptySubsequences: false)
                if pieces.count == 3 { value = Percent.decoded(Array(pieces[2].utf8)[...], isPlusSpace: false) }
            }
            parameters[name] = value
        }
        return parameters
    }

    /// Cuts at the semicolons outside quotes.
    private static func split(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isQuoted
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ";"), !isQuoted {
                parts.append(text[start..<index])
                start = text.utf8.index(after: index)
            }
        }
        return parts + [text[start...]]
    }
}
