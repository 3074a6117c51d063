package import Contract
import MariaDB
package import Wire

/// What an operation may do that only reads: everything that it reads is of one state of the data.
package class Reading {
    let database: Connection
    let views: Views
    let shared: Session.Shared
    /// What the request gives, for the operation that runs now.
    package internal(set) var input = Input(.json)

    init(_ database: Connection, _ views: Views, _ shared: Session.Shared) {
        self.database = database
        self.views = views
        self.shared = shared
    }

    /// Whether only committed rows are read, so that renderings of them may be kept.
    var isReadingCommitted: Bool { true }

    /// The row that the request names.
    package var named: RowName { input.row }
}

// MARK: Rows by their names

extension Reading {
    /// The id of a row.
    func id(of row: RowName, in resource: Resource) throws -> Int64 { try id(of: row, in: resource, database.select) }

    /// The id of a row, by one statement before the transaction begins.
    func idAlone(of row: RowName, in resource: Resource) throws -> Int64 {
        try id(of: row, in: resource, database.selectAlone)
    }

    private func id(of row: RowName, in resource: Resource, _ select: (SQL) throws -> Rows) throws -> Int64 {
        let condition = try resource.condition(of: row)
        let rows = try select("SELECT id FROM \(SQL(identifier: resource.table)) WHERE \(condition)")
        guard rows.next(), let id = rows.integer(0) else { throw Fault.noSuch(resource, row) }
        return id
    }

    /// Whether a row exists.
    package func has(_ row: RowName, in resource: Resource) throws -> Bool {
        do {
            _ = try idAlone(of: row, in: resource)
            return true
        } catch let fault as Fault where fault.code == .notFound {
            return false
        }
    }

    /// Some fields of a row, with the time on the server.
    package func row(_ name: RowName, of resource: Resource, _ fields: any FieldDeclaration...) throws -> Row {
        try row(name, of: resource, fields.map(\.erased))
    }

    /// Some fields of a row, which may be locked until the transaction ends.
    func row(
        _ name: RowName, of resource: Resource, _ fields: [AnyField], withAttributes: Bool = false,
        isLocking: Bool = false
    ) throws -> Row {
        let table = SQL(identifier: resource.table)
        let columns = fields.map { SQL(identifier: $0.column) } + (withAttributes ? ["attributes"] : [])
        let lock: SQL = isLocking ? " FOR UPDATE" : ""
        let rows = try database.select(
            """
            SELECT \((["\(table).id", "\(table).revision", "UTC_TIMESTAMP(6)"] + columns).joined(separator: ", ")) \
            FROM \(table) WHERE \(try resource.condition(of: name))\(lock)
            """)
        guard rows.next() else { throw Fault.noSuch(resource, name) }
        return Row(resource, rows, fields, hasAttributes: withAttributes, isLocked: isLocking)
    }

    /// The time on the server.
    package func now() throws -> Timestamp { try time("UTC_TIMESTAMP(6)") }

    /// The client's next `updated_since`. It is read before the snapshot of the answer begins.
    func nextUpdatedSince() throws -> Timestamp { try time(RowCounts.nextUpdatedSince) }

    private func time(_ expression: SQL) throws -> Timestamp {
        let rows = try database.selectAlone("SELECT \(expression)")
        guard rows.next(), let text = rows.text(0) else { fatalError("the time is a row") }
        return Timestamp(text: text)
    }
}

extension Resource {
    /// The condition that picks a row.
    func condition(of row: RowName) throws -> SQL {
        let table = SQL(identifier: table)
        switch row {
        case .none: fatalError("\(name): an operation on a row has a row")
        case .malformed: throw Fault.notFound
        case .impossibleID: throw Fault.noSuch(self)
        case .id(let id): return "\(table).id = \(id)"
        case .key(let key, let column?): return "\(table).\(SQL(identifier: column)) = \(key)"
        case .key(let key, nil):
            guard let condition = condition(ofKey: key) else { throw Fault.noSuch(self) }
            return condition
        }
    }

    /// The condition that picks the row with a key; nil if the rows have only ids.
    func condition(ofKey key: String) -> SQL? {
        let table = SQL(identifier: table)
        switch self.key {
        case .own(let field): return "\(table).\(SQL(identifier: field.column)) = \(key)"
        case .parent(let field): return "\(table).\(SQL(identifier: field.column)) = \(field.idOf(key: key))"
        case .id: return nil
        }
    }
}

extension AnyField {
    /// The rows to which the field refers.
    var target: Reference {
        guard case .reference(let target) = kind else { fatalError("\(name) is no reference") }
        return target
    }

    /// A subquery for the id of the row that a key names, in the table that the field refers to.
    func idOf(key: String) -> SQL {
        "(SELECT id FROM \(SQL(identifier: target.table)) WHERE \(SQL(identifier: target.key)) = \(key))"
    }
}

extension Fault {
    /// The fault for a missing row; in SOAP it shows the key.
    static func noSuch(_ resource: Resource, _ row: RowName) -> Fault {
        guard case .key(let key, _) = row else { return noSuch(resource) }
        return Fault(.notFound, "\(resource.title) '\(key)' does not exist.")
    }
}
