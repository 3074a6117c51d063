extension Kind {
    /// The checked value of what a client sent; otherwise it throws the contract's messages.
    ///
    /// The caller handles what depends on the field instead of its kind: an absent value, a null that is allowed,
    /// whether a referenced row exists and, in a form, the empty text (which means null or "not sent" for every kind
    /// but text). Given such a value, this function answers as for a required field. In XML a reference is a business
    /// key and is returned as text; elsewhere it is a numeric id and is returned as an integer.
    package func check(_ raw: Raw, as notation: Notation) throws(Problem) -> Value {
        if case .null = raw { throw .null }
        return switch self {
        case .text(let max, let blank): try Kind.text(raw, as: notation, max: max, blank: blank)
        case .email(let max, let blank):
            try Kind.text(
                raw, as: notation, max: max, blank: blank, refusal: "Enter a valid email address.", fits: isEmail)
        case .url(let max):
            try Kind.text(raw, as: notation, max: max, blank: false, refusal: "Enter a valid URL.", fits: isURL)
        case .choice(let choices): try Kind.choice(raw, as: notation, of: choices)
        case .integer(let range): try Kind.integer(raw, as: notation, in: range)
        case .decimal(_, let digits, let places, let range):
            try Kind.decimal(raw, as: notation, digits: digits, places: places, in: range)
        case .boolean: try Kind.boolean(raw, as: notation)
        case .date: try Kind.date(raw, as: notation)
        case .timestamp: try Kind.timestamp(raw, as: notation)
        case .reference: try Kind.reference(raw, as: notation)
        }
    }

    /// The result of the check as a value, for callers that collect all problems instead of stopping at the first.
    package func verdict(on raw: Raw, as notation: Notation) -> Result<Value, Problem> {
        do throws(Problem) {
            return .success(try check(raw, as: notation))
        } catch {
            return .failure(error)
        }
    }
}

// MARK: Values that nobody set

extension Kind {
    /// Whether a text of XML is a zero. .NET's DataContract serializer sends it for a number that nobody set, since it
    /// omits no value type.
    package static func isZero(_ text: String) -> Bool {
        Kind.integer(Int64.min...Int64.max).verdict(on: .string(text), as: .xml) == .success(.integer(0))
    }

    /// Whether a text of XML is the time that .NET sends for one that nobody set: the first instant of year 1.
    package func isUnsetTime(_ text: String) -> Bool {
        let unset: Value
        switch self {
        case .timestamp: unset = .timestamp(Timestamp(text: "0001-01-01 00:00:00.000000"))
        case .date: unset = .date(Day(text: "0001-01-01"))
        default: return false
        }
        return verdict(on: .string(text), as: .xml) == .success(unset)
    }
}
