import Contract
import MariaDB
import Wire

extension Call {
    /// Stores the row that the request describes, and answers with that row.
    func create(_ resource: Resource) throws {
        var draft = try Draft(resource, input, .create)
        draft.check(resource.rules)
        let table = SQL(identifier: resource.table)
        try transaction {
            var draft = draft
            try settle(&draft, exceptID: nil)
            var columns: [SQL] = []
            var values: [SQL] = []
            for field in resource.fields {
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
            let id = try naming(draft, exceptID: nil) {
                try database.execute(
                    "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))"
                ).insertedID
            }
            reply.status = 201
            try sendRow(resource, id: id)
        }
    }

    /// Changes the row that the request names, and answers with that row.
    func update(_ resource: Resource) throws {
        // A missing row is reported before problems of the request.
        let read = Result { try Draft(resource, input, input.isPartial ? .change : .replace) }
        let sent = try? read.get()
        let compared = resource.fields.filter { field in
            sent.map { $0.values[field.name] != nil || $0.keys[field.name] != nil } ?? false
                || resource.rules.contains { $0.fields.contains(field) }
        }
        try transaction {
            let row = try lockRow(resource, reading: compared, andAttributes: sent?.attributes != nil)
            var draft = try read.get()
            draft.check(resource.rules, current: row.values)
            try refuseUnexpected(row.revision)
            try settle(&draft, exceptID: row.id)
            let changes = changes(of: draft, to: row)
            if !changes.isEmpty {
                let table = SQL(identifier: resource.table)
                _ = try naming(draft, exceptID: row.id) {
                    try database.execute(
                        "UPDATE \(table) SET \(changes.joined(separator: ", ")) WHERE id = \(row.id)")
                }
            }
            try sendRow(resource, id: row.id)
        }
    }

    /// The assignments of an update; none if the row has all these values already, so that its revision and its kept
    /// renderings stay valid. By the contract, REST's updated_at changes nevertheless.
    private func changes(of draft: Draft, to row: LockedRow) -> [SQL] {
        var changes: [SQL] = draft.resource.fields.compactMap { field in
            guard let value = draft.values[field.name], row.values[field.name].map(value.isStored(as:)) != true else {
                return nil
            }
            return "\(SQL(identifier: field.column)) = \(SQL.Value(value))"
        }
        if let attributes = draft.attributes, !attributes.utf8.elementsEqual((row.attributes ?? "{}").utf8) {
            changes.append("attributes = \(attributes)")
        }
        guard !changes.isEmpty || input.format == .json else { return [] }
        for field in draft.resource.fields where field.stamp == .onChange {
            changes.append("\(SQL(identifier: field.column)) = UTC_TIMESTAMP(6)")
        }
        return changes
    }

    /// Deletes the row that the request names, together with the rows that belong to it.
    func delete(_ resource: Resource) throws {
        let table = SQL(identifier: resource.table)
        try transaction {
            // The row is deleted by its id: a condition on its parent's key would read the parent's table, which the
            // trigger could then not change (1442).
            let id = try lockRow(resource).id
            do {
                _ = try database.execute("DELETE FROM \(table) WHERE id = \(id)")
            } catch let error as MariaDBError where error.isReferenced {
                throw Fault(.inUse, "The \(resource.words) cannot be deleted: other rows refer to it.")
            }
            sendDeleted()
        }
    }

    private func sendDeleted() {
        if input.format == .json {
            reply.status = 204
            reply.contentType = nil
        } else {
            reply.body.append("true")
        }
    }

    /// Answers that an action worked: in the contract's words, or with the row as it is now.
    func sendChanged(_ resource: Resource, id: Int64, _ message: String) throws {
        if input.format == .json { reply.append(message: message) } else { try sendRow(resource, id: id) }
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

// MARK: What only the database knows

extension Call {
    /// Looks up the rows that SOAP's keys refer to. If the draft has problems, it is refused with all of them,
    /// including those that only the database shows.
    private func settle(_ draft: inout Draft, exceptID: Int64?) throws {
        for (name, key) in draft.keys {
            guard let field = draft.resource.field(name), case .reference(let target) = field.kind else { continue }
            let rows = try database.select("\(idOf(field, key: key))")
            if rows.next(), let id = rows.integer(0) {
                draft.values[name] = .integer(id)
            } else {
                draft.problems.append(FieldProblem(name, "\(target.resource.capitalized) '\(key)' does not exist."))
            }
        }
        guard !draft.problems.isEmpty else { return }
        throw try fault(draft, exceptID: exceptID)
    }

    /// Runs a write, and reports values that the schema refused as problems of their fields.
    private func naming<T>(_ draft: Draft, exceptID: Int64?, _ write: () throws -> T) throws -> T {
        do {
            return try write()
        } catch let error as MariaDBError
            where error.isDuplicate || error.isMissingReference || error.violatedConstraint != nil
        {
            // Only the failed statement was rolled back, so the same transaction can find all problems at once.
            var draft = draft
            try addProblems(to: &draft, exceptID: exceptID)
            if draft.problems.isEmpty { draft.problems.append(problem(error, draft.resource)) }
            throw Self.fault(draft.problems)
        }
    }

    private func fault(_ draft: Draft, exceptID: Int64?) throws -> Fault {
        var draft = draft
        try addProblems(to: &draft, exceptID: exceptID)
        return Self.fault(draft.problems)
    }

    private static func fault(_ problems: [FieldProblem]) -> Fault {
        .fields(problems, allTaken: problems.allSatisfy { $0.message.hasSuffix(taken) })
    }

    private static let taken = " already exists."

    /// Adds the problems that the schema would refuse: references to missing rows, and unique values that other rows
    /// have.
    private func addProblems(to draft: inout Draft, exceptID: Int64?) throws {
        let resource = draft.resource
        for field in resource.writableFields {
            guard let value = draft.values[field.name], value != .null else { continue }
            if case .reference(let target) = field.kind, case .integer(let id) = value {
                let rows = try database.select("SELECT 1 FROM \(SQL(identifier: target.table)) WHERE id = \(id)")
                guard rows.next() else {
                    let raw = draft.references[field.name] ?? .number(String(id))
                    draft.problems.append(FieldProblem(field.name, Problem.noSuchRow(raw).message))
                    continue
                }
            }
            guard field.isUnique else { continue }
            let rows = try database.select(
                """
                SELECT 1 FROM \(SQL(identifier: resource.table)) \
                WHERE \(SQL(identifier: field.column)) = \(SQL.Value(value)) AND id <> \(exceptID ?? 0)
                """)
            if rows.next() { draft.problems.append(Self.taken(field, resource)) }
        }
    }

    private static func taken(_ field: Field, _ resource: Resource) -> FieldProblem {
        FieldProblem(field.name, "\(resource.words) with this \(field.words)\(taken)")
    }

    /// The problem by the name of the violated constraint, for when the row that caused it is gone or not visible.
    private func problem(_ error: MariaDBError, _ resource: Resource) -> FieldProblem {
        let name = error.duplicateKey ?? error.violatedConstraint ?? ""
        let column = name.hasPrefix(resource.table + "_") ? String(name.dropFirst(resource.table.count + 1)) : name
        var field = resource.fields.first { $0.column == column || $0.name == column }
        // A parent's single row has the parent's id as its primary key.
        if name == "PRIMARY", case .parent(let parent) = resource.key { field = parent }
        if let field, error.isDuplicate { return Self.taken(field, resource) }
        return FieldProblem(field?.name ?? "non_field_errors", "This value is not allowed.")
    }
}
