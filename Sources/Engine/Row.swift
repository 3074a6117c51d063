package import Contract
import MariaDB
package import Wire

/// Some fields of a stored row. While its transaction holds a lock on it, no other can change it.
package struct Row {
    let resource: Resource
    package let id: Int64
    package let revision: Int64
    /// The time on the server when the row was read.
    package let readAt: Timestamp
    let values: [String: Value]
    /// The further properties as they are stored, if they were read.
    let attributes: String?

    /// Takes the current row of a result: its id, its revision, the time, the fields, and perhaps the attributes.
    init(_ resource: Resource, _ rows: Rows, _ fields: [AnyField], hasAttributes: Bool) {
        guard let id = rows.integer(0), let revision = rows.integer(1), let time = rows.text(2) else {
            fatalError("id, revision and the time are never null")
        }
        self.resource = resource
        self.id = id
        self.revision = revision
        readAt = Timestamp(text: time)
        var values: [String: Value] = [:]
        for (index, field) in fields.enumerated() {
            values[field.name] = field.kind.value(stored: rows.text(index + 3))
        }
        self.values = values
        attributes = hasAttributes ? rows.text(fields.count + 3) : nil
    }

    /// The row's name in answers.
    package var name: RowName { .id(id) }

    /// The value of a field that was read.
    package subscript<T: FieldValue>(field: Field<T>) -> T {
        guard let value = values[field.erased.name] else { fatalError("\(field.erased.name) was not read") }
        return .checked(value)
    }
}

extension Kind {
    /// The value of a stored cell in MariaDB's text form.
    fileprivate func value(stored text: String?) -> Value {
        guard let text else { return .null }
        switch self {
        case .text, .email, .url, .choice: return .text(text)
        case .integer, .reference: return Int64(text).map { .integer($0) } ?? .null
        case .boolean: return .boolean(text != "0")
        case .date: return .date(Day(text: text))
        case .timestamp: return .timestamp(Timestamp(text: text))
        case .decimal(_, _, let places, _):
            let digits = text.filter { $0 != "." }
            return Int64(digits).map { .decimal(Decimal(unscaled: $0, places: places)) } ?? .null
        }
    }
}

/// A value that an operation gives a field of a row.
package struct Assignment {
    let field: AnyField
    let content: Content

    /// The new value, or the time at which the statement runs.
    enum Content {
        case value(Value)
        case now
    }

    var sql: SQL {
        switch content {
        case .value(let value): "\(SQL(identifier: field.column)) = \(SQL.Value(value))"
        case .now: "\(SQL(identifier: field.column)) = UTC_TIMESTAMP(6)"
        }
    }

    /// Whether the row has the value already.
    func isStored(in row: Row) -> Bool {
        guard case .value(let value) = content, let stored = row.values[field.name] else { return false }
        return value.isStored(as: stored)
    }
}

extension Field {
    /// The assignment of a value.
    package func to(_ value: Value) -> Assignment { Assignment(field: erased, content: .value(value.value)) }
}

extension Field where Value == Timestamp? {
    /// The assignment of the present time.
    package var toNow: Assignment { Assignment(field: erased, content: .now) }
}

extension Value {
    /// Whether both values are stored as the same bytes; Strings are equal already when they are canonically
    /// equivalent.
    func isStored(as other: Value) -> Bool {
        if case .text(let text) = self, case .text(let other) = other { return text.utf8.elementsEqual(other.utf8) }
        return self == other
    }
}

extension SQL.Value {
    /// A checked value as a parameter; exact numbers and times are passed as text.
    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .integer(flag ? 1 : 0)
        case .integer(let number): self = .integer(number)
        case .decimal(let decimal): self = .text(decimal.description)
        case .text(let text): self = .text(text)
        case .date(let day): self = .text(day.text)
        case .timestamp(let time): self = .text(time.text)
        }
    }
}
