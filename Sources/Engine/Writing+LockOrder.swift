import Contract
import MariaDB
import Wire

/// The order in which rows are locked: an order before everything that belongs to it.
extension Writing {
    /// Locks what is locked before a new row, by its id: a lock by a key would meet, in the other order, the locks of a
    /// DELETE by the id.
    func lockAbove(_ draft: inout Draft) throws {
        let path = draft.resource.lockedAfter
        guard let first = path.first, let parent = parent(of: draft, by: first) else { return }
        if path.count == 1, case .integer(let id)? = draft.values[first.name] { return try lock([id], in: first) }
        guard let (id, top) = try climb(from: parent, path.dropFirst()) else { return }
        draft.values[first.name] = .integer(id)
        try lock([top], in: path[path.count - 1])
    }

    /// Locks what is locked before the row that the request names, and before the place to which a draft moves it.
    /// Returns the row's reference to it, which can only be relied on when the row is locked as well.
    func lockAbove(named resource: Resource, movedBy draft: Draft? = nil) throws -> Expected? {
        let path = resource.lockedAfter
        guard let first = path.first else { return nil }
        let table = SQL(identifier: resource.table)
        // Before the transaction: its first plain read fixes what all later ones see, and must come after the lock.
        guard
            let (id, top) = try climb(
                from: (table, try resource.condition(of: named)), path[...],
                reading: "\(table).\(SQL(identifier: first.column))")
        else { throw Fault.noSuch(resource, named) }
        var tops = [top]
        if let draft, let parent = parent(of: draft, by: first), let new = try climb(from: parent, path.dropFirst()) {
            tops.append(new.top)
        }
        try lock(tops, in: path[path.count - 1])
        return Expected(field: first, id: id)
    }

    /// What a row referred to before it was locked.
    struct Expected {
        let field: AnyField
        let id: Int64

        /// Lets the transaction be repeated if the row has moved meanwhile.
        func check(_ row: Row) throws {
            guard row.values[field.name] == .integer(id) else { throw MariaDBError.changedMeanwhile }
        }
    }

    private func lock(_ ids: [Int64], in field: AnyField) throws {
        let table = SQL(identifier: field.target.table)
        _ = try database.select(
            "SELECT id FROM \(table) WHERE \(PickedRows(ids, of: table).condition) ORDER BY id FOR UPDATE")
    }

    /// The table and the condition of the row to which a draft refers; nil if it refers to none.
    private func parent(of draft: Draft, by field: AnyField) -> (table: SQL, condition: SQL)? {
        let table = SQL(identifier: field.target.table)
        if let key = draft.keys[field.name] {
            return (table, "\(table).\(SQL(identifier: field.target.key)) = \(key)")
        }
        guard case .integer(let id)? = draft.values[field.name] else { return nil }
        return (table, "\(table).id = \(id)")
    }

    /// The id of a row, or what it has in another column, and the id of the row which is locked before it; nil if there
    /// is none.
    private func climb(
        from row: (table: SQL, condition: SQL), _ path: ArraySlice<AnyField>, reading column: SQL? = nil
    ) throws -> (id: Int64, top: Int64)? {
        let way = Way(from: row.table, path)
        let rows = try database.selectAlone(
            "SELECT \(column ?? "\(row.table).id"), \(way.top) FROM \(way.source) WHERE \(row.condition)")
        guard rows.next(), let id = rows.integer(0), let top = rows.integer(1) else { return nil }
        return (id, top)
    }

    /// A join along references, and the column with the id of the last row.
    private struct Way {
        var source: SQL
        var top: SQL

        init(from table: SQL, _ path: ArraySlice<AnyField>) {
            source = table
            top = "\(table).id"
            var holder = table
            for (index, field) in zip(path.indices, path) {
                top = "\(holder).\(SQL(identifier: field.column))"
                if index == path.indices.last { break }
                holder = SQL(identifier: field.target.table)
                source += " JOIN \(holder) ON \(holder).id = \(top)"
            }
        }
    }
}
