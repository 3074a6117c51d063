import Contract
import MariaDB

/// The INSERT of a new row that returns the columns of a view. What is the same for all rows is made once.
struct Insertion: Sendable {
    private let fields: [AnyField]
    /// The statement up to the last column of the resource's fields.
    private let start: SQL
    private let returning: [Returned]
    /// The statement for a draft that names no rows by keys, and has neither times nor attributes of its own.
    private var plain: SQL = ""
    /// The fields with a value in it, and those without.
    private let given: [(name: String, initial: SQL.Value)]
    private let stamps: [String]

    /// What is returned for columns of a view. A new row has no others inside it yet.
    enum Returned: Sendable {
        case columns(SQL)
        /// The key by which the request names the row of another table.
        case key(AnyField)
    }

    init(_ resource: Resource, returning: [Returned]) {
        fields = resource.fields
        let columns = resource.fields.map { SQL(identifier: $0.column) }
        start = "INSERT INTO \(SQL(identifier: resource.table)) (\(columns.joined(separator: ", "))"
        self.returning = returning
        given = fields.filter { $0.stamp == nil }.map { ($0.name, SQL.Value($0.initial)) }
        stamps = fields.filter { $0.stamp != nil }.map(\.name)
        plain = statement(values: [:], keys: [:], attributes: nil)
    }

    /// The statement for a draft that has no problems.
    func statement(_ draft: Draft) -> SQL {
        let isPlain =
            draft.keys.isEmpty && draft.attributes == nil && stamps.allSatisfy { draft.values[$0] == nil }
        guard isPlain else {
            return statement(values: draft.values, keys: draft.keys, attributes: draft.attributes)
        }
        var values = given.map { field in draft.values[field.name].map { SQL.Value($0) } ?? field.initial }
        values += repeatElement(.null, count: returning.count { if case .key = $0 { true } else { false } })
        return plain.filled(with: values)
    }

    /// The statement for any draft.
    func statement(values: [String: Value], keys: [String: String], attributes: String?) -> SQL {
        var sql = SQL.Interpolation(literalCapacity: 1000, interpolationCount: 0)
        sql.appendInterpolation(start)
        sql.appendLiteral(attributes == nil ? ") VALUES (" : ", attributes) VALUES (")
        var isFirst = true
        for field in fields {
            if !isFirst { sql.appendLiteral(", ") }
            isFirst = false
            if let value = values[field.name] {
                sql.appendInterpolation(SQL.Value(value))
            } else if let key = keys[field.name] {
                sql.appendInterpolation(field.idOf(key: key))
            } else if field.stamp != nil {
                sql.appendLiteral("UTC_TIMESTAMP(6)")
            } else {
                sql.appendInterpolation(SQL.Value(field.initial))
            }
        }
        if let attributes {
            sql.appendLiteral(", ")
            sql.appendInterpolation(attributes)
        }
        sql.appendLiteral(") RETURNING ")
        for returned in returning {
            switch returned {
            case .columns(let columns): sql.appendInterpolation(columns)
            case .key(let field): sql.appendInterpolation(keys[field.name].map { SQL.Value.text($0) } ?? .null)
            }
        }
        return SQL(stringInterpolation: sql)
    }
}
