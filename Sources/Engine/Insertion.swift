import Contract
import MariaDB

/// The INSERT of a new row that returns the columns of a view. What is the same for all rows is made once.
struct Insertion: Sendable {
    private let fields: [AnyField]
    /// The statement up to the last column of the resource's fields.
    private let start: SQL
    private let returning: [Returned]

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
    }

    /// The statement for a draft that has no problems.
    func statement(_ draft: Draft) -> SQL {
        var sql = SQL.Interpolation(literalCapacity: 1000, interpolationCount: 0)
        sql.appendInterpolation(start)
        sql.appendLiteral(draft.attributes == nil ? ") VALUES (" : ", attributes) VALUES (")
        var isFirst = true
        for field in fields {
            if !isFirst { sql.appendLiteral(", ") }
            isFirst = false
            if let value = draft.values[field.name] {
                sql.appendInterpolation(SQL.Value(value))
            } else if let key = draft.keys[field.name] {
                sql.appendInterpolation(field.idOf(key: key))
            } else if field.stamp != nil {
                sql.appendLiteral("UTC_TIMESTAMP(6)")
            } else {
                sql.appendInterpolation(SQL.Value(field.initial))
            }
        }
        if let attributes = draft.attributes {
            sql.appendLiteral(", ")
            sql.appendInterpolation(attributes)
        }
        sql.appendLiteral(") RETURNING ")
        for returned in returning {
            switch returned {
            case .columns(let columns): sql.appendInterpolation(columns)
            case .key(let field):
                sql.appendInterpolation(draft.keys[field.name].map { SQL.Value.text($0) } ?? .null)
            }
        }
        return SQL(stringInterpolation: sql)
    }
}
