/// A checked value on its way into a row or a rule.
package enum Value: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case decimal(Decimal)
    case text(String)
    case date(Day)
    case timestamp(Timestamp)
}

/// An exact number with a fixed count of decimal places: money never passes through a Double.
package struct Decimal: Sendable, Equatable, Comparable {
    /// The number times 10^places.
    package let unscaled: Int64
    package let places: Int

    package init(unscaled: Int64, places: Int = 2) {
        self.unscaled = unscaled
        self.places = places
    }

    package static let zero = Decimal(unscaled: 0)

    /// The largest number of a DECIMAL(digits, 2).
    package static func largest(digits: Int) -> Decimal {
        Decimal(unscaled: (0..<digits).reduce(1) { power, _ in power * 10 } - 1)
    }

    package static func < (a: Decimal, b: Decimal) -> Bool {
        guard a.places == b.places else { fatalError("decimals of different scale are never compared") }
        return a.unscaled < b.unscaled
    }
}

extension Decimal: CustomStringConvertible {
    /// The digits as they travel and are stored: `-0.50`, `99.90`.
    package var description: String {
        var text = Array(String(unscaled.magnitude).utf8)
        if text.count <= places {
            text.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: places + 1 - text.count), at: 0)
        }
        if places > 0 { text.insert(UInt8(ascii: "."), at: text.count - places) }
        if unscaled < 0 { text.insert(UInt8(ascii: "-"), at: 0) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A calendar day, as its text `YYYY-MM-DD`, which also sorts right.
package struct Day: Sendable, Equatable, Comparable {
    package let text: String

    package init(text: String) { self.text = text }

    package static func < (a: Day, b: Day) -> Bool { a.text < b.text }
}

/// An instant in UTC, as MariaDB's own text `YYYY-MM-DD hh:mm:ss.ffffff`, which also sorts right.
package struct Timestamp: Sendable, Equatable, Comparable {
    package let text: String

    package init(text: String) { self.text = text }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.text < b.text }
}
