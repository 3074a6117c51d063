/// Why a value is refused, in the contract's words.
package struct Problem: Error, Sendable, Equatable {
    /// All messages in the contract's order, since a text can be too long and contain a NUL as well.
    package let messages: [String]

    /// A value that is wrong in one way.
    package init(_ message: String) { messages = [message] }

    /// A value that is wrong in at least one way.
    package init(messages: [String]) { self.messages = messages }

    /// The first message, for values that can be wrong in one way only.
    package var message: String { messages[0] }
}

extension Problem {
    /// The refusal of a null, or of a value that the contract reads as null, in a field that has no null.
    package static let null = Problem("This field may not be null.")

    /// The refusal of a create that lacks a field.
    package static let missing = Problem("This field is required.")

    /// The refusal of a reference to a row that does not exist; the message quotes the client's value.
    package static func noSuchRow(_ raw: Raw) -> Problem {
        Problem("Invalid pk \"\(raw.spelling)\" - object does not exist.")
    }

    static let blank = Problem("This field may not be blank.")
    static let tooLarge = Problem("String value too large.")
}
