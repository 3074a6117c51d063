import CMariaDB

/// Converts cells of the binary protocol to the text form.
///
/// The layout is the MySQL protocol's "Binary Protocol Value": little-endian integers, length-encoded strings, and
/// times as a length byte followed by the leading parts that are not zero.
enum BinaryCell {
    static func withText<R>(
        _ type: enum_field_types, isUnsigned: Bool, _ start: UnsafePointer<UInt8>,
        _ body: (UnsafeRawBufferPointer?) -> R
    ) -> R {
        if let number = unsafe integer(type, isUnsigned: isUnsigned, start) { return unsafe digits(number, body) }
        let raw = unsafe UnsafeRawPointer(start)
        switch type {
        case MYSQL_TYPE_DATE: return unsafe time(raw, isDateOnly: true, body)
        case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP: return unsafe time(raw, isDateOnly: false, body)
        case MYSQL_TYPE_NEWDECIMAL, MYSQL_TYPE_DECIMAL, MYSQL_TYPE_VARCHAR, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_STRING,
            MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB, MYSQL_TYPE_JSON,
            MYSQL_TYPE_ENUM:
            return unsafe lengthEncoded(raw, body)
        default: fatalError("a column of type \(type.rawValue) is selected nowhere")
        }
    }

    /// The whole number in a cell; nil for any other type.
    static func integer(_ type: enum_field_types, isUnsigned: Bool, _ start: UnsafePointer<UInt8>) -> Int64? {
        let raw = unsafe UnsafeRawPointer(start)
        switch type {
        case MYSQL_TYPE_TINY:
            return unsafe isUnsigned ? Int64(raw.load(as: UInt8.self)) : Int64(raw.load(as: Int8.self))
        case MYSQL_TYPE_SHORT, MYSQL_TYPE_YEAR:
            return unsafe isUnsigned
                ? Int64(raw.loadUnaligned(as: UInt16.self)) : Int64(raw.loadUnaligned(as: Int16.self))
        case MYSQL_TYPE_LONG, MYSQL_TYPE_INT24:
            return unsafe isUnsigned
                ? Int64(raw.loadUnaligned(as: UInt32.self)) : Int64(raw.loadUnaligned(as: Int32.self))
        case MYSQL_TYPE_LONGLONG: return unsafe raw.loadUnaligned(as: Int64.self)
        default: return nil
        }
    }

    /// The same number that `Rows.fingerprint` makes of a time's text; nil for any other type.
    static func fingerprint(_ type: enum_field_types, _ start: UnsafePointer<UInt8>) -> Int64? {
        guard type == MYSQL_TYPE_DATETIME || type == MYSQL_TYPE_TIMESTAMP else { return nil }
        let raw = unsafe UnsafeRawPointer(start)
        let day = unsafe year(raw) * 10_000 + part(3, raw) * 100 + part(4, raw)
        let second = unsafe part(5, raw) * 10_000 + part(6, raw) * 100 + part(7, raw)
        return Int64(day) &* 1_000_000_000_000 &+ Int64(second) &* 1_000_000 &+ Int64(unsafe fraction(raw))
    }

    private static func lengthEncoded<R>(_ raw: UnsafeRawPointer, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        let first = unsafe raw.load(as: UInt8.self)
        switch first {
        case 0..<251: return unsafe body(UnsafeRawBufferPointer(start: raw + 1, count: Int(first)))
        case 252:
            return unsafe body(
                UnsafeRawBufferPointer(
                    start: raw + 3, count: Int(raw.loadUnaligned(fromByteOffset: 1, as: UInt16.self))))
        case 253:
            let low = unsafe Int(raw.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
            let high = unsafe Int(raw.load(fromByteOffset: 3, as: UInt8.self))
            return unsafe body(UnsafeRawBufferPointer(start: raw + 4, count: high << 16 | low))
        default:
            return unsafe body(
                UnsafeRawBufferPointer(
                    start: raw + 9, count: Int(raw.loadUnaligned(fromByteOffset: 1, as: UInt64.self))))
        }
    }

    private static func digits<R>(_ number: Int64, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        unsafe withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { buffer in
            var index = 20
            var rest = number.magnitude
            repeat {
                index -= 1
                unsafe buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                index -= 1
                unsafe buffer[index] = UInt8(ascii: "-")
            }
            return unsafe body(UnsafeRawBufferPointer(rebasing: buffer[index...]))
        }
    }

    /// Lends `YYYY-MM-DD`, or `YYYY-MM-DD hh:mm:ss.ffffff` with all its parts.
    private static func time<R>(
        _ raw: UnsafeRawPointer, isDateOnly: Bool, _ body: (UnsafeRawBufferPointer?) -> R
    ) -> R {
        unsafe withUnsafeTemporaryAllocation(byteCount: 26, alignment: 1) { buffer in
            func put(_ number: Int, digits: Int, at place: Int, _ lead: UInt8?) {
                var rest = number
                for index in stride(from: place + digits - 1, through: place, by: -1) {
                    unsafe buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                if let lead { unsafe buffer[place - 1] = lead }
            }
            let dash = UInt8(ascii: "-")
            let colon = UInt8(ascii: ":")
            unsafe put(year(raw), digits: 4, at: 0, nil)
            unsafe put(part(3, raw), digits: 2, at: 5, dash)
            unsafe put(part(4, raw), digits: 2, at: 8, dash)
            if isDateOnly { return unsafe body(UnsafeRawBufferPointer(rebasing: buffer[0..<10])) }
            unsafe put(part(5, raw), digits: 2, at: 11, UInt8(ascii: " "))
            unsafe put(part(6, raw), digits: 2, at: 14, colon)
            unsafe put(part(7, raw), digits: 2, at: 17, colon)
            unsafe put(fraction(raw), digits: 6, at: 20, UInt8(ascii: "."))
            return unsafe body(UnsafeRawBufferPointer(buffer))
        }
    }

    // A time begins with the number of bytes that follow; all parts behind them are zero.

    private static func year(_ raw: UnsafeRawPointer) -> Int {
        unsafe raw.load(as: UInt8.self) >= 4 ? Int(raw.loadUnaligned(fromByteOffset: 1, as: UInt16.self)) : 0
    }

    private static func part(_ offset: Int, _ raw: UnsafeRawPointer) -> Int {
        unsafe Int(raw.load(as: UInt8.self)) >= offset ? Int(raw.load(fromByteOffset: offset, as: UInt8.self)) : 0
    }

    private static func fraction(_ raw: UnsafeRawPointer) -> Int {
        unsafe raw.load(as: UInt8.self) > 7 ? Int(raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) : 0
    }
}
