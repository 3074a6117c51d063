/// A statement and its values. Only literals and names from declarations become text; every value is a parameter.
///
/// The literal parts are `StaticString`, so that no statement can be made from a text received at run time.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The statement with a `?` for each value.
    package private(set) var text: String
    package private(set) var values: [Value]

    /// The value of a parameter; exact numbers and times are passed as text.
    package enum Value: Sendable, Equatable {
        case null
        case integer(Int64)
        case text(String)
    }

    package init(stringLiteral literal: StaticString) {
        text = String(describing: literal)
        values = []
    }

    package init(stringInterpolation interpolation: Interpolation) {
        text = interpolation.text
        values = interpolation.values
    }

    /// The name of a table or column from a declaration.
    ///
    /// Only here can a run-time text enter a statement, and only letters, digits, `_` and `.` are allowed.
    package init(identifier: String) {
        let isName = identifier.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        guard isName, !identifier.isEmpty else { fatalError("\(identifier) is no name") }
        text = identifier
        values = []
    }

    /// A whole number from a declaration.
    package init(number: Int) {
        text = String(number)
        values = []
    }

    private init(text: String, values: [Value]) {
        self.text = text
        self.values = values
    }

    /// The same statement with this value for each of its parameters.
    package func filled(with value: Value) -> SQL {
        filled(with: Array(repeating: value, count: values.count))
    }

    /// The same statement with other values for its parameters.
    package func filled(with values: [Value]) -> SQL {
        guard values.count == self.values.count else { fatalError("\(values.count) values for \(text)") }
        return SQL(text: text, values: values)
    }

    package static func + (a: SQL, b: SQL) -> SQL { SQL(text: a.text + b.text, values: a.values + b.values) }

    fileprivate mutating func reserve(_ bytes: Int) { text.reserveCapacity(bytes) }

    package static func += (a: inout SQL, b: SQL) {
        a.text += b.text
        a.values += b.values
    }

    /// Collects the parts of an interpolated literal.
    package struct Interpolation: StringInterpolationProtocol {
        var text = ""
        var values: [Value] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            // Interpolated columns and conditions are longer than the literals between them.
            text.reserveCapacity(literalCapacity + 100 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) { text += String(describing: literal) }

        package mutating func appendInterpolation(_ value: Value) {
            text += "?"
            values.append(value)
        }

        package mutating func appendInterpolation(_ number: Int64) { appendInterpolation(Value.integer(number)) }

        package mutating func appendInterpolation(_ text: String) { appendInterpolation(Value.text(text)) }

        package mutating func appendInterpolation(_ fragment: SQL) {
            text += fragment.text
            values += fragment.values
        }

        /// The members of an IN list, padded to one of a few lengths so that few statements are prepared.
        package mutating func appendInterpolation(list: [Int64]) { appendList(list.lazy.map { .integer($0) }) }

        package mutating func appendInterpolation(list: [String]) { appendList(list.lazy.map { .text($0) }) }

        private mutating func appendList(_ list: some BidirectionalCollection<Value>) {
            guard let last = list.last else { fatalError("an IN list has members") }
            let places = Self.places.first { $0.count >= list.count } ?? Self.places(list.count)
            text += places.text
            values += list
            values += repeatElement(last, count: places.count - list.count)
        }

        private static let places = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000].map(places)

        private static func places(_ count: Int) -> (count: Int, text: String) {
            (count, "?" + String(repeating: ", ?", count: count - 1))
        }
    }
}

extension Array where Element == SQL {
    /// The parts with a literal between them.
    package func joined(separator: SQL) -> SQL {
        guard var joined = first, count > 1 else { return first ?? "" }
        joined.reserve(reduce(0) { $0 + $1.text.utf8.count + separator.text.utf8.count })
        for part in dropFirst() {
            joined += separator
            joined += part
        }
        return joined
    }
}
