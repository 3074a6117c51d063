package import Contract
import MariaDB
import Wire

/// What an operation may do that writes, and the one door to the tables: whatever else must be written with a change
/// is written here, so that no operation can forget it.
package final class Writing: Reading {
    override var isReadingCommitted: Bool { false }

    /// Locks the row that the request names until the transaction ends, and reads some of its fields. When two callers
    /// lock the same row at once, the second one sees what the first one left.
    package func lock(_ resource: Resource, _ fields: any FieldDeclaration...) throws -> Row {
        try row(named, of: resource, fields.map(\.erased), isLocking: true)
    }

    /// Changes a locked row, and answers that the action worked, in the contract's words.
    package func change(_ row: Row, _ assignments: Assignment..., saying message: String) throws -> Answer {
        try update(row, assignments)
        return .message(message, row.name)
    }

    /// Stores a new row.
    func insert(_ draft: Draft) throws -> RowName {
        var draft = draft
        draft.check(draft.resource.rules)
        try settle(&draft, exceptID: nil)
        var columns: [SQL] = []
        var values: [SQL] = []
        for field in draft.resource.fields {
            if let value = draft.values[field.name] {
                columns.append(SQL(identifier: field.column))
                values.append("\(SQL.Value(value))")
            } else if field.isReadOnly {
                columns.append(SQL(identifier: field.column))
                values.append(field.stamp == nil ? "\(SQL.Value(field.initial))" : "UTC_TIMESTAMP(6)")
            }
        }
        if let attributes = draft.attributes {
            columns.append("attributes")
            values.append("\(attributes)")
        }
        let table = SQL(identifier: draft.resource.table)
        return .id(
            try naming(draft, exceptID: nil) {
                try database.execute(
                    "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))"
                ).insertedID
            })
    }

    /// Changes the row that the request names.
    func update(_ draft: Draft) throws -> RowName {
        let resource = draft.resource
        let compared = resource.fields.filter { field in
            draft.values[field.name] != nil || draft.keys[field.name] != nil
                || resource.rules.contains { $0.fields.contains(field) }
        }
        let row = try row(
            named, of: resource, compared, withAttributes: draft.attributes != nil, isLocking: true)
        var draft = draft
        draft.check(resource.rules, current: row.values)
        try refuseUnexpected(row.revision)
        try settle(&draft, exceptID: row.id)
        let assignments = resource.fields.compactMap { field in
            draft.values[field.name].map { Assignment(field: field, value: $0) }
        }
        try naming(draft, exceptID: row.id) { try update(row, assignments, attributes: draft.attributes) }
        return row.name
    }

    /// Deletes the row that the request names, together with the rows that belong to it.
    func delete(_ resource: Resource) throws {
        // The row is deleted by its id: a condition on its parent's key would read the parent's table, which the
        // trigger could then not change (1442).
        let id = try lock(resource).id
        do throws(MariaDBError) {
            _ = try database.execute("DELETE FROM \(SQL(identifier: resource.table)) WHERE id = \(id)")
        } catch {
            guard error.isReferenced else { throw error }
            throw Fault(.inUse, "The \(resource.words) cannot be deleted: other rows refer to it.")
        }
    }

    /// Writes what the row does not have yet; nothing if it has all values already, so that its revision and its kept
    /// renderings stay valid. By the contract, REST's updated_at changes nevertheless.
    private func update(_ row: Row, _ assignments: [Assignment], attributes: String? = nil) throws {
        guard row.isLocked else { fatalError("a row is changed under its lock") }
        var changes = assignments.filter { !$0.isStored(in: row) }.map(\.sql)
        if let attributes, !attributes.utf8.elementsEqual((row.attributes ?? "{}").utf8) {
            changes.append("attributes = \(attributes)")
        }
        guard !changes.isEmpty || input.format == .json else { return }
        for field in row.resource.fields where field.stamp == .onChange {
            changes.append(Assignment(field: field, value: nil).sql)
        }
        guard !changes.isEmpty else { return }
        _ = try database.execute(
            """
            UPDATE \(SQL(identifier: row.resource.table)) SET \(changes.joined(separator: ", ")) WHERE id = \(row.id)
            """)
    }

    private func refuseUnexpected(_ revision: Int64) throws {
        guard let raw = input.expectedRevision else { return }
        switch Kind.integer(0...Int64.max).verdict(on: raw, as: input.notation) {
        case .success(.integer(revision)): break
        case .success: throw Fault(.conflict, "The row has revision \(revision) by now.")
        case .failure(let problem): throw Fault.fields([FieldProblem(Element.expectedRevision.name, problem.message)])
        }
    }
}
