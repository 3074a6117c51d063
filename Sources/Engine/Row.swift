package import Contract
import MariaDB
package import Wire

/// Some fields of a stored row.
package struct Row {
    let resource: Resource
    package let id: Int64
    let revision: Int64
    /// Whether no other transaction can change the row until this one ends.
    let isLocked: Bool
    /// The time on the server when the row was read.
    package let readAt: Timestamp
    let values: [String: Value]
    /// The further properties as they are stored, if they were read.
    let attributes: String?

    /// Takes the current row of a result: its id, its revision, the time, the fields, and perhaps the attributes.
    init(_ resource: Resource, _ rows: Rows, _ fields: [AnyField], hasAttributes: Bool, isLocked: Bool) {
        guard let id = rows.integer(0), let revision = rows.integer(1), let time = rows.text(2) else {
            fatalError("id, revision and the time are never null")
        }
        self.resource = resource
        self.isLocked = isLocked
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

    /// The value of a field that was read. A later version of the schema may allow values that this program does not
    /// know.
    package subscript<T: FieldValue>(field: Field<T>) -> T {
        get throws(Fault) {
            guard let value = values[field.erased.name] else { fatalError("\(field.erased.name) was not read") }
            guard let known = T.read(value) else { throw Fault(.internal, "\(field.erased.name) holds \(value).") }
            return known
        }
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
    /// The new value; nil is the time at which the statement runs.
    let value: Value?

    var sql: SQL {
        let content: SQL = value.map { "\(SQL.Value($0))" } ?? "UTC_TIMESTAMP(6)"
        return "\(SQL(identifier: field.column)) = \(content)"
    }

    /// Whether the row has the value already, as the same bytes: Strings are equal already when they are canonically
    /// equivalent.
    func isStored(in row: Row) -> Bool {
        switch (value, row.values[field.name]) {
        case (.text(let text)?, .text(let stored)?): text.utf8.elementsEqual(stored.utf8)
        case (let value?, let stored?): value == stored
        default: false
        }
    }
}

extension Field {
    /// The assignment of a value.
    package func to(_ value: Value) -> Assignment { Assignment(field: erased, value: value.value) }
}

extension Field where Value == Timestamp? {
    /// The assignment of the present time.
    package var toNow: Assignment { Assignment(field: erased, value: nil) }
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
