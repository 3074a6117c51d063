/// A decimal number in text, `-12.50e3`, parsed without losing a digit.
struct DecimalText {
    private let isNegative: Bool
    /// The significant digits without leading zeros; zero is one digit.
    private let digits: ArraySlice<UInt8>
    /// The power of ten by which the digits are multiplied.
    private let exponent: Int

    /// Parses `[+-]digits[.digits][e[+-]digits]`, where one side of the point may be empty; nil for other text. XML has
    /// no exponent.
    init?(_ text: String, allowsExponent: Bool) {
        // Bytes of an array are read several times as fast as those of a string.
        var rest = Array(text.utf8)[...]
        let sign = rest.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix(while: DecimalText.isDigit)
        rest = rest[whole.endIndex...]
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: DecimalText.isDigit)
            rest = rest[fraction.endIndex...]
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var exponent = 0
        if allowsExponent, let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            let sign = rest.dropFirst().prefix { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
            let power = rest[sign.endIndex...].prefix(while: DecimalText.isDigit)
            // No decimal library takes exponents beyond 18 digits, and up to there the sum below cannot overflow.
            guard sign.count <= 1, !power.isEmpty, let value = Int(String(decoding: power, as: UTF8.self)),
                value < 1_000_000_000_000_000_000
            else { return nil }
            exponent = sign.first == UInt8(ascii: "-") ? -value : value
            rest = rest[power.endIndex...]
        }
        guard rest.isEmpty else { return nil }
        let significant = (whole + fraction).drop { $0 == UInt8(ascii: "0") }
        isNegative = sign == UInt8(ascii: "-")
        digits = significant.isEmpty ? [UInt8(ascii: "0")] : significant
        self.exponent = exponent - fraction.count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// The number of digits after the point, trailing zeros included.
    var placeCount: Int { max(0, -exponent) }

    /// The number of digits before the point; 0.5 has none.
    var wholeCount: Int { max(0, digits.count + exponent) }

    var digitCount: Int { wholeCount + placeCount }

    /// The number times 10^places; only for numbers with at most 18 digits and that many places.
    func unscaled(places: Int) -> Int64 {
        var magnitude = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        for _ in 0..<(places + exponent) where magnitude != 0 { magnitude *= 10 }
        return isNegative ? -magnitude : magnitude
    }
}
