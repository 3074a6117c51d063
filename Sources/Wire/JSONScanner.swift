import Contract

/// A position in a JSON document that is known to be UTF-8.
struct JSONScanner {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// The byte here, or nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func take(word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length,
            unsafe bytes[position..<position + length].elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: length))
        else { return false }
        position += length
        return true
    }

    /// A problem here, or at another byte, with the line and column that Python's message would have.
    func problem(_ text: String, at offset: Int? = nil) -> JSONReader.Problem {
        let before = bytes[..<(offset ?? position)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Python counts code points, which are all bytes except continuation bytes.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        let character = before.count { $0 & 0xC0 != 0x80 }
        return JSONReader.Problem(message: "\(text): line \(line) column \(column) (char \(character))")
    }
}

// MARK: Values

extension JSONScanner {
    /// Reads the value that starts here; `depth` is the number of containers around it.
    mutating func value(depth: Int) throws(JSONReader.Problem) -> Raw {
        switch next {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"):
            return .object(isEmpty: try skipContainers(depth: depth))
        case UInt8(ascii: "["):
            return .array(isEmpty: try skipContainers(depth: depth))
        default: return try scalar()
        }
    }

    /// Reads a number or one of the words true, false and null.
    private mutating func scalar() throws(JSONReader.Problem) -> Raw {
        if let digits = try number() { return .number(String(decoding: bytes[digits], as: UTF8.self)) }
        if take(word: "true") { return .boolean(true) }
        if take(word: "false") { return .boolean(false) }
        if take(word: "null") { return .null }
        for word in ["NaN", "Infinity", "-Infinity"] where bytes[position...].starts(with: word.utf8) {
            throw JSONReader.Problem(message: "Out of range float values are not JSON compliant: '\(word)'")
        }
        throw problem("Expecting value")
    }

    /// Reads the key that starts here, with the colon and the space after it.
    mutating func key() throws(JSONReader.Problem) -> String {
        guard next == UInt8(ascii: "\"") else { throw problem("Expecting property name enclosed in double quotes") }
        let (text, _) = try text()
        try takeColon()
        return text
    }

    private mutating func takeColon() throws(JSONReader.Problem) {
        skipSpace()
        guard take(":") else { throw problem("Expecting ':' delimiter") }
        skipSpace()
    }

    /// Whether the container that closes with `end` has another element, at which the scanner then stands.
    mutating func continues(until end: Unicode.Scalar) throws(JSONReader.Problem) -> Bool {
        skipSpace()
        if take(end) { return false }
        let comma = position
        guard take(",") else { throw problem("Expecting ',' delimiter") }
        skipSpace()
        if next == UInt8(ascii: end) {
            throw problem("Illegal trailing comma before end of \(end == "}" ? "object" : "array")", at: comma)
        }
        return true
    }

    /// Skips the array or object that starts here, checks everything in it, and returns whether it is empty. There is
    /// no recursion, so that a hostile document cannot exhaust the stack.
    private mutating func skipContainers(depth: Int) throws(JSONReader.Problem) -> Bool {
        let start = position
        var ends: [Unicode.Scalar] = []
        repeat {
            // A value starts here, inside the containers of `ends`.
            switch next {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let end: Unicode.Scalar = next == UInt8(ascii: "{") ? "}" : "]"
                guard depth + ends.count < JSONReader.deepest else { throw problem("Too deeply nested") }
                position += 1
                skipSpace()
                if !take(end) {
                    ends.append(end)
                    if end == "}" { try skipKey() }
                    continue
                }
            case UInt8(ascii: "\""): try skipString()
            default: try skipScalar()
            }
            // A value has ended, and perhaps containers around it.
            while let end = ends.last {
                if try continues(until: end) {
                    if end == "}" { try skipKey() }
                    break
                }
                ends.removeLast()
            }
        } while !ends.isEmpty
        return bytes[(start + 1)..<(position - 1)].allSatisfy { " \t\r\n".utf8.contains($0) }
    }

    private mutating func skipKey() throws(JSONReader.Problem) {
        guard next == UInt8(ascii: "\"") else { throw problem("Expecting property name enclosed in double quotes") }
        try skipString()
        try takeColon()
    }

    private mutating func skipString() throws(JSONReader.Problem) { _ = try string() }

    private mutating func skipScalar() throws(JSONReader.Problem) {
        if try number() == nil { _ = try scalar() }
    }
}

// MARK: Numbers

extension JSONScanner {
    /// The extent of the number that starts here, or nil if there is none.
    private mutating func number() throws(JSONReader.Problem) -> Range<Int>? {
        let start = position
        let hasSign = take("-")
        if !take("0"), takeDigits() == 0 {
            position = start
            return nil
        }
        let length = position - start - (hasSign ? 1 : 0)
        let isFraction = takeFraction()
        let isExponent = takeExponent()
        if length > 4300, !isFraction, !isExponent {
            throw JSONReader.Problem(
                message: "Exceeds the limit (4300 digits) for integer string conversion: value has \(length) digits; "
                    + "use sys.set_int_max_str_digits() to increase the limit")
        }
        return start..<position
    }

    /// Whether a fraction was read. A point without digits is not part of the number and is refused afterwards.
    private mutating func takeFraction() -> Bool {
        let start = position
        guard take("."), takeDigits() > 0 else {
            position = start
            return false
        }
        return true
    }

    private mutating func takeExponent() -> Bool {
        let start = position
        guard take("e") || take("E") else { return false }
        _ = take("+") || take("-")
        guard takeDigits() > 0 else {
            position = start
            return false
        }
        return true
    }

    private mutating func takeDigits() -> Int {
        let start = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }
}
