extension Kind {
    /// A whole number; `12.0` counts as one in JSON and forms.
    static func integer(
        _ raw: Raw, as notation: Notation, in range: ClosedRange<Int64>
    ) throws(Problem) -> Value {
        let refusal = Problem("A valid integer is required.")
        if case .string(let text) = raw, text.hasMoreScalars(than: 1000) { throw .tooLarge }
        guard let text = raw.numeral(in: notation) else { throw refusal }
        var whole = text.utf8[...]
        if notation != .xml, let point = whole.firstIndex(of: UInt8(ascii: ".")) {
            guard whole[whole.index(after: point)...].allSatisfy({ $0 == UInt8(ascii: "0") }) else { throw refusal }
            whole = whole[..<point]
        }
        guard let value = Int64(saturating: whole) else { throw refusal }
        // A number that no column can hold is refused with the column's limit, even where the field's own is lower.
        let upper = value > int32.upperBound ? max(range.upperBound, int32.upperBound) : range.upperBound
        guard value <= upper else { throw Problem("Ensure this value is less than or equal to \(upper).") }
        guard value >= range.lowerBound else {
            throw Problem("Ensure this value is greater than or equal to \(range.lowerBound).")
        }
        return .integer(value)
    }

    /// An exact number: never rounded, refused if it has too many digits.
    static func decimal(
        _ raw: Raw, as notation: Notation, digits: Int, places: Int, in range: ClosedRange<Decimal>?
    ) throws(Problem) -> Value {
        let refusal = Problem("A valid number is required.")
        guard let text = raw.numeral(in: notation) else { throw refusal }
        if text.hasMoreScalars(than: 1000) { throw .tooLarge }
        guard let number = DecimalText(text, allowsExponent: notation != .xml) else { throw refusal }
        if number.digitCount > digits {
            throw Problem("Ensure that there are no more than \(digits) digits in total.")
        }
        if number.placeCount > places {
            throw Problem("Ensure that there are no more than \(places) decimal places.")
        }
        if number.wholeCount > digits - places {
            throw Problem("Ensure that there are no more than \(digits - places) digits before the decimal point.")
        }
        let value = Decimal(unscaled: number.unscaled(places: places), places: places)
        if let range, value < range.lowerBound {
            throw Problem("Ensure this value is greater than or equal to \(range.lowerBound.shortest).")
        }
        if let range, value > range.upperBound {
            throw Problem("Ensure this value is less than or equal to \(range.upperBound.shortest).")
        }
        return .decimal(value)
    }

    /// A row by its numeric id or, in XML, by its business key; the caller looks whether the row exists.
    static func reference(_ raw: Raw, as notation: Notation) throws(Problem) -> Value {
        if notation == .xml { return try text(raw, as: notation, max: nil, blank: false) }
        switch raw {
        case .string(""): throw .null
        case .string(let text):
            guard let id = Int64(saturating: text.trimmed.utf8[...]) else { break }
            if id == .max || id == .min { throw .noSuchRow(raw) }
            return .integer(id)
        case .number(let token):
            let digits = raw.typeName == "int" ? token : String(raw.spelling.prefix { $0 != "." })
            guard let id = Int64(saturating: digits.utf8[...]), id != .max, id != .min,
                raw.typeName == "int" || raw.spelling.hasSuffix(".0")
            else { throw .noSuchRow(raw) }
            return .integer(id)
        case .null, .boolean, .loneSurrogate, .array, .object, .file: break
        }
        throw Problem("Incorrect type. Expected pk value, received \(raw.typeName).")
    }
}

extension Raw {
    /// The text to read a number from, without the white space around it; nil if it cannot be one.
    fileprivate func numeral(in notation: Notation) -> String? {
        switch self {
        case .string(let text): notation == .xml ? text.trimmedOfXMLSpace : text.trimmed
        case .number: spelling
        case .null, .boolean, .loneSurrogate, .array, .object, .file: nil
        }
    }
}

extension Int64 {
    /// The number with these ASCII digits and optional sign, or Int64's nearest to it; nil for anything else.
    fileprivate init?(saturating text: Substring.UTF8View) {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self = Int64(Substring(text)) ?? (isNegative ? .min : .max)
    }
}

extension Decimal {
    /// The number as the messages show a limit, without a fraction of zeros: `100`, `0.50`.
    fileprivate var shortest: String {
        let text = description
        return text.hasSuffix("." + String(repeating: "0", count: places)) ? String(text.dropLast(places + 1)) : text
    }
}
