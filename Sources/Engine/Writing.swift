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
        try lock(resource, fields.map(\.erased))
    }

    private func lock(
        _ resource: Resource, _ fields: [AnyField], withAttributes: Bool = false, movedBy draft: Draft? = nil
    ) throws -> Row {
        let expected = try lockAbove(named: resource, movedBy: draft)
        let missing = expected.map(\.field).map { fields.contains($0) ? [] : [$0] } ?? []
        let row = try row(
            named, of: resource, fields + missing, withAttributes: withAttributes, isLocking: true)
        try expected?.check(row)
        return row
    }

    /// Changes a locked row, and answers that the action worked, in the contract's words.
    package func change(_ row: Row, _ assignments: Assignment..., saying message: String) throws -> Answer {
        try update(row, assignments)
        return .message(message, row.name)
    }

    /// Stores a new row. Where nothing else has to be written or read with it, its INSERT is the whole transaction.
    func insert(_ draft: Draft) throws -> Answer {
        var draft = draft
        let resource = draft.resource
        draft.check(resource.rules)
        if draft.problems.isEmpty {
            try lockAbove(&draft)
            // The statement itself looks up the other keys; a key of which it finds no row gives a NULL, which is refused.
            try lookUpKeys(of: &draft) { $0.isNullable || views.showsRows(of: resource, inside: $0) }
        }
        try refuse(&draft, exceptID: nil)
        let view = views[resource, input.format]
        let given = view.insertion.given(draft)
        let statement = view.insertion.statement(given)
        let rows = try naming(draft, exceptID: nil) {
            guard database.isWriteAlonePossible, !view.hasHoles else { return try database.select(statement) }
            return try database.writeAlone { () throws(MariaDBError) in try database.select(statement) }
        }
        guard rows.next() else { fatalError("an INSERT returns its row") }
        var canvas = Canvas()
        canvas.append(view, NewCells(view.insertion, given, rows))
        return .new(NewRow(rendering: canvas.take()))
    }

    /// Changes the row that the request names.
    func update(_ draft: Draft) throws -> RowName {
        if let row = try updateUnseen(draft) { return row }
        let resource = draft.resource
        let compared = resource.fields.filter { field in
            draft.values[field.name] != nil || draft.keys[field.name] != nil
                || resource.rules.contains { $0.fields.contains(field) }
        }
        let row = try lock(resource, compared, withAttributes: draft.attributes != nil, movedBy: draft)
        var draft = draft
        draft.check(resource.rules, current: row.values)
        try refuseUnexpected(row.revision)
        try lookUpKeys(of: &draft)
        try refuse(&draft, exceptID: row.id)
        let assignments = draft.assignments
        try naming(draft, exceptID: row.id) { try update(row, assignments, attributes: draft.attributes) }
        return row.name
    }

    /// Changes the row without reading it first, where nothing depends on what it holds; nil where something does, or if
    /// there was no row. A row without a time of its update stays as it is if it has all values already.
    private func updateUnseen(_ draft: Draft) throws -> RowName? {
        let resource = draft.resource
        guard input.format == .json, case .id(let id) = named, draft.problems.isEmpty, resource.lockedAfter.isEmpty,
            !resource.rules.contains(where: { rule in rule.fields.contains { draft.values[$0.name] != nil } })
        else { return nil }
        let stamps = resource.stampsOnChange
        guard !stamps.isEmpty else { return nil }
        let changes = (draft.assignments + stamps).map(\.sql)
        let table = SQL(identifier: resource.table)
        let outcome = try naming(draft, exceptID: id) {
            try database.execute("UPDATE \(table) SET \(changes.joined(separator: ", ")) WHERE id = \(id)")
        }
        return outcome.affectedRows > 0 ? named : nil
    }

    /// Deletes the row that the request names, together with the rows that belong to it.
    func delete(_ resource: Resource) throws {
        do {
            if try deleteAlone(resource) { return }
            // The row is deleted by its id: a condition on its parent's key would read the parent's table, which the
            // trigger could then not change (1442).
            let id = try lock(resource).id
            try executeLocked("DELETE FROM \(SQL(identifier: resource.table)) WHERE id = \(id)")
        } catch let error as MariaDBError where error.isReferenced {
            throw Fault(.inUse, "The \(resource.words) cannot be deleted: other rows refer to it.")
        }
    }

    /// Deletes the row by one statement, if nothing has to be locked before it. False if something has, or if there was no
    /// row: a DELETE that was interrupted says so as well.
    private func deleteAlone(_ resource: Resource) throws -> Bool {
        guard database.isWriteAlonePossible, resource.lockedAfter.isEmpty else { return false }
        if case .key = named, case .parent = resource.key { return false }
        let condition = try resource.condition(of: named)
        let delete: SQL = "DELETE FROM \(SQL(identifier: resource.table)) WHERE \(condition)"
        func hasDeleted(_ outcome: Outcome) -> Bool { outcome.affectedRows > 0 }
        return hasDeleted(
            try database.writeAlone(hasChanged: hasDeleted) { () throws(MariaDBError) in try database.execute(delete) })
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
        changes += row.resource.stampsOnChange.map(\.sql)
        guard !changes.isEmpty else { return }
        try executeLocked(
            """
            UPDATE \(SQL(identifier: row.resource.table)) SET \(changes.joined(separator: ", ")) WHERE id = \(row.id)
            """)
    }

    /// Changes or deletes a locked row.
    private func executeLocked(_ sql: SQL) throws {
        guard try database.execute(sql).affectedRows > 0 else { throw MariaDBError.interrupted(sql.text) }
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

extension Draft {
    fileprivate var assignments: [Assignment] {
        resource.fields.compactMap { field in values[field.name].map { Assignment(field: field, value: $0) } }
    }
}

extension Resource {
    fileprivate var stampsOnChange: [Assignment] {
        fields.filter { $0.stamp == .onChange }.map { Assignment(field: $0, value: nil) }
    }
}
