/// A Swift type for the values of fields.
package protocol FieldValue: Sendable {
    /// A checked or stored value as this type; nil if it is of another kind.
    static func read(_ value: Value) -> Self?
    /// The value as shapes, rows and statements hold it.
    var value: Value { get }
}

extension String: FieldValue {
    package static func read(_ value: Value) -> String? { if case .text(let text) = value { text } else { nil } }
    package var value: Value { .text(self) }
}

extension Int64: FieldValue {
    package static func read(_ value: Value) -> Int64? { if case .integer(let number) = value { number } else { nil } }
    package var value: Value { .integer(self) }
}

extension Bool: FieldValue {
    package static func read(_ value: Value) -> Bool? { if case .boolean(let flag) = value { flag } else { nil } }
    package var value: Value { .boolean(self) }
}

extension Decimal: FieldValue {
    package static func read(_ value: Value) -> Decimal? {
        if case .decimal(let number) = value { number } else { nil }
    }
    package var value: Value { .decimal(self) }
}

extension Day: FieldValue {
    package static func read(_ value: Value) -> Day? { if case .date(let day) = value { day } else { nil } }
    package var value: Value { .date(self) }
}

extension Timestamp: FieldValue {
    package static func read(_ value: Value) -> Timestamp? {
        if case .timestamp(let time) = value { time } else { nil }
    }
    package var value: Value { .timestamp(self) }
}

/// A field that may be null.
extension Optional: FieldValue where Wrapped: FieldValue {
    package static func read(_ value: Value) -> Wrapped?? {
        if value == .null { .some(nil) } else { Wrapped.read(value).map { .some($0) } }
    }
    package var value: Value { self?.value ?? .null }
}

/// A closed list of values, which the compiler knows: the states of an order.
package protocol ChoiceValue: FieldValue, RawRepresentable<String>, CaseIterable {
    /// The value for people: `Picked Up`.
    var label: String { get }
}

extension ChoiceValue {
    package static func read(_ value: Value) -> Self? { String.read(value).flatMap { Self(rawValue: $0) } }
    package var value: Value { .text(rawValue) }

    /// The words of the value with capitals, but for the small ones.
    package var label: String {
        rawValue.split(separator: "_").map { ["of", "for", "on"].contains($0) ? String($0) : $0.capitalized }
            .joined(separator: " ")
    }
}
