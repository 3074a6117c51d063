extension Raw {
    /// The value as Python's str() spells it: messages of the contract quote that, and text fields store numbers so.
    package var spelling: String {
        switch self {
        case .null: "None"
        case .boolean(let value): value ? "True" : "False"
        case .number(let token): typeName == "int" ? (token == "-0" ? "0" : token) : Raw.spelling(ofFloat: token)
        case .string(let text): text
        case .loneSurrogate: "\u{FFFD}"
        case .array: "[]"
        case .object: "{}"
        case .file: "file"
        }
    }

    /// The shortest digits that name the same double, as Python's repr() arranges them: `1000.0`, `1e+16`, `1e-07`.
    ///
    /// Only here does a number pass through a Double: the contract wants JSON's 1.000 to be 1.0.
    private static func spelling(ofFloat token: String) -> String {
        guard let number = Double(token), number.isFinite else { return token.hasPrefix("-") ? "-inf" : "inf" }
        let sign = number.sign == .minus ? "-" : ""
        let shortest = String(describing: number.magnitude)
        let parts = shortest.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        // All digits and the position of the point in them: 0.001 is "1" with the point at -2.
        let all = mantissa[0] + fraction
        let significant = all.drop { $0 == "0" }
        let digits = String(significant.reversed().drop { $0 == "0" }.reversed())
        guard !digits.isEmpty else { return sign + "0.0" }
        let point = mantissa[0].count - (all.count - significant.count) + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        switch point {
        case 17..., ...(-4):
            let power = point - 1
            let magnitude = String(power.magnitude)
            return sign + digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "")
                + (power < 0 ? "e-" : "e+") + (magnitude.count < 2 ? "0" : "") + magnitude
        case ...0: return sign + "0." + String(repeating: "0", count: -point) + digits
        case digits.count...: return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
        default: return sign + digits.prefix(point) + "." + digits.dropFirst(point)
        }
    }
}
