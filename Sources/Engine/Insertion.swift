import Contract
import MariaDB

/// The INSERT of a new row, and where each column of a view of that row comes from. What is the same for all rows is
/// made once.
///
/// Only what MariaDB makes is returned: in strict mode, it stores checked values as they are or refuses them.
struct Insertion: Sendable {
    private let fields: [AnyField]
    /// What is stored in each field that a draft does not give; nil is the present time.
    private let initial: [SQL.Value?]
    /// The statement up to the last column of the resource's fields.
    private let start: SQL
    private let returned: SQL
    /// The sources of the view's columns.
    let sources: [Source]
    /// The statement for a draft that names no rows by keys, and has neither times nor attributes of its own.
    private var plain: SQL = ""

    /// Where a column of a view of a new row comes from.
    enum Source: Sendable {
        /// MariaDB makes it, the id, the revision or a time: a column of what the statement returns.
        case returned(Int)
        /// The value that is stored in a field, by the field's number.
        case stored(Int)
        /// The key by which the request names the row of another table, by the name of the field that refers to it.
        case key(String)
        case attributes
        /// It belongs to another row inside the new one, which has none yet.
        case none
    }

    /// What a draft gives a new row.
    struct Given {
        /// The value of each field; nil for a time that the server sets.
        var values: [SQL.Value?]
        /// The keys of other tables' rows, by field name.
        var keys: [String: String] = [:]
        var attributes: String?
    }

    init(_ resource: Resource, returning returned: [SQL], sources: [Source]) {
        fields = resource.fields
        initial = resource.fields.map { $0.stamp == nil ? SQL.Value($0.initial) : nil }
        let names = resource.fields.map { SQL(identifier: $0.column) }
        start = "INSERT INTO \(SQL(identifier: resource.table)) (\(names.joined(separator: ", "))"
        self.returned = returned.joined(separator: ", ")
        self.sources = sources
        plain = general(Given(values: initial))
    }

    /// What is stored of a draft that has no problems.
    func given(_ draft: Draft) -> Given {
        let values = initial.indices.map { number in draft.values[number].map { SQL.Value($0) } ?? initial[number] }
        return Given(values: values, keys: draft.keys, attributes: draft.attributes)
    }

    func statement(_ given: Given) -> SQL {
        guard given.keys.isEmpty, given.attributes == nil else { return general(given) }
        var values: [SQL.Value] = []
        values.reserveCapacity(given.values.count)
        for case let value? in given.values { values.append(value) }
        return values.count == plain.values.count ? plain.filled(with: values) : general(given)
    }

    /// The statement for any draft.
    func general(_ given: Given) -> SQL {
        var sql = SQL.Interpolation(literalCapacity: 1000, interpolationCount: 0)
        sql.appendInterpolation(start)
        sql.appendLiteral(given.attributes == nil ? ") VALUES (" : ", attributes) VALUES (")
        for (number, field) in fields.enumerated() {
            if number > 0 { sql.appendLiteral(", ") }
            switch (given.values[number], given.keys[field.name]) {
            // A key whose row was looked up has its value as well.
            case (.null, let key?): sql.appendInterpolation(field.idOf(key: key))
            case (let value?, _): sql.appendInterpolation(value)
            case (nil, _): sql.appendLiteral("UTC_TIMESTAMP(6)")
            }
        }
        if let attributes = given.attributes {
            sql.appendLiteral(", ")
            sql.appendInterpolation(attributes)
        }
        sql.appendLiteral(") RETURNING ")
        sql.appendInterpolation(returned)
        return SQL(stringInterpolation: sql)
    }
}
