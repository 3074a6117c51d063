/// Why a value is refused, in the contract's words.
package struct Problem: Error, Sendable, Equatable {
    /// Every message in the contract's order: a text can be too long and hold a NUL at once.
    package let messages: [String]

    /// A value that is wrong in one way.
    package init(_ message: String) { messages = [message] }

    /// A value that is wrong in at least one way.
    package init(messages: [String]) { self.messages = messages }

    /// The first message, for values that can be wrong in one way only.
    package var message: String { messages[0] }
}

extension Problem {
    /// A null, or what the contract reads as null, where the field has none.
    package static let null = Problem("This field may not be null.")

    /// A field that a create must have and that was not sent.
    package static let missing = Problem("This field is required.")

    /// A reference to a row that is not there; the message quotes what was sent.
    package static func noSuchRow(_ raw: Raw) -> Problem {
        Problem("Invalid pk \"\(raw.spelling)\" - object does not exist.")
    }

    static let blank = Problem("This field may not be blank.")
    static let tooLarge = Problem("String value too large.")
}

extension Kind {
    /// The checked value of what a client sent, or the contract's messages.
    ///
    /// The caller deals with what depends on the field and not on its kind: an absent value, a null where null is
    /// allowed, whether a referenced row exists and, in a form, the empty text (null or "not sent" for everything
    /// but text); given one of those, this answers as for a required field. In XML a reference is a business key and
    /// comes back as text; elsewhere it is a numeric id and comes back as an integer.
    package func check(_ raw: Raw, as notation: Notation) throws(Problem) -> Value {
        if case .null = raw { throw .null }
        return switch self {
        case .text(let max, let blank): try Kind.text(raw, as: notation, max: max, blank: blank)
        case .email(let max, let blank):
            try Kind.text(
                raw, as: notation, max: max, blank: blank, refusal: "Enter a valid email address.", fits: isEmail)
        case .url(let max):
            try Kind.text(raw, as: notation, max: max, blank: false, refusal: "Enter a valid URL.", fits: isURL)
        case .choice(let choices): try Kind.choice(raw, of: choices)
        case .integer(let range): try Kind.integer(raw, as: notation, in: range)
        case .decimal(let digits, let places, let range):
            try Kind.decimal(raw, as: notation, digits: digits, places: places, in: range)
        case .boolean: try Kind.boolean(raw, as: notation)
        case .date: try Kind.date(raw, as: notation)
        case .timestamp: try Kind.timestamp(raw, as: notation)
        case .reference: try Kind.reference(raw, as: notation)
        }
    }
}
