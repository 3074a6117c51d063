/// The growing buffer into which every reply is rendered as a whole, so that an error after the first row can still
/// become a 500.
///
/// Its writers are unsafe, and so is `RowWriter`, which reads MariaDB's cells without copying them. Every `append`
/// reserves the most that it can write and then stores unchecked, since a safe writer was four times slower on a page
/// of 100 rows. The fuzz test checks that no append writes more than it reserved.
@safe
public struct Bytes: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    /// How many bytes were written so far.
    public private(set) var count: Int

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 4096) {
        // Not zero: a zero-byte allocation may be shared.
        self.capacity = max(64, capacity)
        unsafe base = .allocate(capacity: self.capacity)
        count = 0
    }

    deinit { unsafe base.deallocate() }

    /// Makes room for `extra` more bytes, doubling so that appending stays linear.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    @inline(never)
    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe moved.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = larger
    }

    /// Drops everything behind `length`; the memory is kept.
    public mutating func truncate(to length: Int) {
        guard length >= 0 && length <= count else { fatalError("a buffer is only cut shorter") }
        count = length
    }

    /// Frees memory beyond `limit` after an unusually large reply.
    public mutating func shrink(beyond limit: Int) {
        guard count == 0 else { fatalError("only an empty buffer is shrunk") }
        guard capacity > limit else { return }
        unsafe base.deallocate()
        capacity = limit
        unsafe base = .allocate(capacity: limit)
    }

    /// A copy of the bytes written so far.
    package var array: [UInt8] { unsafe withBytes { unsafe Array($0) } }

    /// The bytes written so far, which are UTF-8.
    package var text: String { unsafe withBytes { unsafe String(decoding: $0, as: UTF8.self) } }

    /// Lends the bytes written so far.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

// MARK: Plain

extension Bytes {
    /// Appends one byte.
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count += 1
    }

    /// Appends a literal's UTF-8.
    public mutating func append(_ literal: StaticString) {
        // A StaticString with a pointer representation lives as long as the program.
        unsafe append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends bytes as they are.
    public mutating func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends a part of an array's bytes as they are.
    public mutating func append(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Appends a text's UTF-8 as it is.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends borrowed bytes as they are.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends a part of another buffer.
    public mutating func append(_ other: borrowing Bytes, _ range: Range<Int>) {
        guard range.lowerBound >= 0 && range.upperBound <= other.count else { fatalError("a part of what was written") }
        unsafe append(UnsafeRawBufferPointer(start: other.base + range.lowerBound, count: range.count))
    }

    /// Appends the decimal digits of a whole number.
    public mutating func append<Number: FixedWidthInteger>(decimal number: Number) {
        append(String(number))
    }
}

// MARK: JSON

extension Bytes {
    /// Appends a JSON string with its quotes.
    public mutating func append(json text: String) {
        var text = text
        text.withUTF8 { unsafe append(json: UnsafeRawBufferPointer($0)) }
    }

    /// Appends UTF-8 as a JSON string with its quotes; non-ASCII stays as it is (RFC 8259 §8.1).
    public mutating func append(json bytes: UnsafeRawBufferPointer) {
        // The longest escape is six bytes; two more are for the quotes.
        reserve(bytes.count * 6 + 2)
        unsafe base[count] = UInt8(ascii: "\"")
        count += 1
        unsafe escape(bytes, isPlain: Self.isPlainInJSON) { source, index, target in
            unsafe Self.escapeJSON(source.load(fromByteOffset: index, as: UInt8.self), target)
        }
        unsafe base[count] = UInt8(ascii: "\"")
        count += 1
    }

    @inline(__always)
    private static func isPlainInJSON(_ word: UInt64) -> Bool {
        !word.hasByte(below: 0x20) && !word.hasByte(UInt8(ascii: "\"")) && !word.hasByte(UInt8(ascii: "\\"))
    }

    @inline(__always)
    private static func escapeJSON(_ byte: UInt8, _ target: UnsafeMutablePointer<UInt8>) -> Int {
        let short: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): short = byte
        case 0x08: short = UInt8(ascii: "b")
        case 0x09: short = UInt8(ascii: "t")
        case 0x0A: short = UInt8(ascii: "n")
        case 0x0C: short = UInt8(ascii: "f")
        case 0x0D: short = UInt8(ascii: "r")
        case 0..<0x20:
            unsafe target[0] = UInt8(ascii: "\\")
            unsafe target[1] = UInt8(ascii: "u")
            unsafe target[2] = UInt8(ascii: "0")
            unsafe target[3] = UInt8(ascii: "0")
            unsafe target[4] = UInt8(ascii: "0") + byte >> 4
            let low = byte & 15
            unsafe target[5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
            return 6
        default:
            unsafe target[0] = byte
            return 1
        }
        unsafe target[0] = UInt8(ascii: "\\")
        unsafe target[1] = short
        return 2
    }
}

// MARK: XML

extension Bytes {
    /// Appends an XML text.
    public mutating func append(xml text: String) {
        var text = text
        text.withUTF8 { unsafe append(xml: UnsafeRawBufferPointer($0)) }
    }

    /// Appends UTF-8 as XML character data: markup and carriage returns escaped, and U+FFFD for the characters
    /// that XML 1.0 (§2.2) cannot carry in any form.
    public mutating func append(xml bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count * 6)
        unsafe escape(bytes, isPlain: Self.isPlainInXML) { source, index, target in
            unsafe Self.escapeXML(source, index, target)
        }
    }

    @inline(__always)
    private static func isPlainInXML(_ word: UInt64) -> Bool {
        // The three bytes of U+FFFE and U+FFFF may lie in two words, so that a word with 0xBE or 0xBF is read by bytes.
        !word.hasByte(below: 0x20) && !word.hasByte(UInt8(ascii: "<")) && !word.hasByte(UInt8(ascii: "&"))
            && !word.hasByte(UInt8(ascii: ">")) && !(word | .repeating(1)).hasByte(0xBF)
    }

    @inline(__always)
    private static func escapeXML(
        _ source: UnsafeRawPointer, _ index: Int, _ target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
        switch byte {
        case UInt8(ascii: "<"): return unsafe store("&lt;", target)
        case UInt8(ascii: ">"): return unsafe store("&gt;", target)
        case UInt8(ascii: "&"): return unsafe store("&amp;", target)
        case 0x0D: return unsafe store("&#13;", target)
        case 0x09, 0x0A, 0x20...: break
        default: return unsafe store("\u{FFFD}", target)
        }
        unsafe target[0] = byte
        // U+FFFE and U+FFFF are EF BF BE and EF BF BF; U+FFFD differs from them in its last byte only.
        if byte == 0xBE || byte == 0xBF, index >= 2,
            unsafe source.load(fromByteOffset: index - 1, as: UInt8.self) == 0xBF,
            unsafe source.load(fromByteOffset: index - 2, as: UInt8.self) == 0xEF
        {
            unsafe target[0] = 0xBD
        }
        return 1
    }

    @inline(__always)
    private static func store(_ literal: StaticString, _ target: UnsafeMutablePointer<UInt8>) -> Int {
        unsafe target.update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
        return literal.utf8CodeUnitCount
    }
}

// MARK: Escaping

extension Bytes {
    /// Copies eight bytes at a time while none of them needs an escape. The caller has reserved room for the worst
    /// case, in which `special` writes six bytes for one. Swift's SIMD types took 40 instructions per byte here, since
    /// they compare one lane after another.
    @inline(__always)
    private mutating func escape(
        _ bytes: UnsafeRawBufferPointer, isPlain: (UInt64) -> Bool,
        special: (UnsafeRawPointer, Int, UnsafeMutablePointer<UInt8>) -> Int
    ) {
        guard let source = bytes.baseAddress else { return }
        var target = unsafe base + count
        var index = 0
        let length = bytes.count
        while index < length {
            let remaining = length - index
            if remaining >= 8 {
                let word = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if isPlain(word) {
                    unsafe UnsafeMutableRawPointer(target).storeBytes(of: word, as: UInt64.self)
                    unsafe target += 8
                    index += 8
                    continue
                }
            }
            let end = index + min(8, remaining)
            while index < end {
                unsafe target += special(source, index, target)
                index += 1
            }
        }
        count = unsafe target - base
    }
}

/// Tests of eight bytes at once ("Bit Twiddling Hacks", Sean Eron Anderson: "Determine if a word has a byte ...").
extension UInt64 {
    @inline(__always)
    fileprivate static func repeating(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// Whether one of the bytes is less than a limit of at most 128.
    @inline(__always)
    fileprivate func hasByte(below limit: UInt8) -> Bool {
        (self &- .repeating(limit)) & ~self & .repeating(0x80) != 0
    }

    @inline(__always)
    fileprivate func hasByte(_ byte: UInt8) -> Bool { (self ^ .repeating(byte)).hasByte(below: 1) }
}
