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
