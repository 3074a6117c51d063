import Contract
import MariaDB

/// What only the database knows of a draft.
extension Writing {
    /// Looks up the rows that SOAP's keys refer to, of the fields that the condition picks.
    func lookUpKeys(of draft: inout Draft, _ isPicked: (AnyField) -> Bool = { _ in true }) throws {
        guard !draft.keys.isEmpty else { return }
        for field in draft.resource.fields where draft.values[field.name] == nil && isPicked(field) {
            guard let key = draft.keys[field.name] else { continue }
            let rows = try database.selectAlone("\(field.idOf(key: key))")
            if rows.next(), let id = rows.integer(0) {
                draft.values[field.name] = .integer(id)
            } else {
                draft.keys[field.name] = nil
                draft.problems.append(Self.noRow(field, key))
            }
        }
    }

    /// Refuses a draft that has problems with all of them, including those that only the database shows.
    func refuse(_ draft: inout Draft, exceptID: Int64?) throws {
        guard !draft.problems.isEmpty else { return }
        try lookUpKeys(of: &draft)
        try addProblems(to: &draft, exceptID: exceptID)
        throw Self.fault(draft.problems)
    }

    /// Runs a write, and reports values that the schema refused as problems of their fields.
    func naming<T>(_ draft: Draft, exceptID: Int64?, _ write: () throws -> T) throws -> T {
        do {
            return try write()
        } catch let error as MariaDBError
            where error.isDuplicate || error.isMissingReference || error.isNullRefused
            || error.violatedConstraint != nil
        {
            // Only the failed statement was rolled back, so the same transaction can find all problems at once; a statement
            // that was the whole transaction gets one for that.
            var draft = draft
            try lookUpKeys(of: &draft)
            try addProblems(to: &draft, exceptID: exceptID)
            // No key gave the NULL, so that the program is wrong.
            if error.isNullRefused, draft.problems.isEmpty { throw error }
            if draft.problems.isEmpty { draft.problems.append(problem(error, draft.resource)) }
            throw Self.fault(draft.problems)
        }
    }

    private static func fault(_ problems: [FieldProblem]) -> Fault {
        .fields(problems, problems.allSatisfy { $0.message.hasSuffix(taken) } ? .alreadyExists : .validation)
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
                    draft.problems.append(
                        draft.keys[field.name].map { Self.noRow(field, $0) }
                            ?? FieldProblem(field, Problem.noSuchRow(raw).message))
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

    private static func noRow(_ field: AnyField, _ key: String) -> FieldProblem {
        FieldProblem(field, "\(field.target.resource.capitalized) '\(key)' does not exist.")
    }

    private static func taken(_ field: AnyField, _ resource: Resource) -> FieldProblem {
        FieldProblem(field, "\(resource.words) with this \(field.words)\(taken)")
    }

    /// The problem by the name of the violated constraint, for when the row that caused it is gone or not visible.
    private func problem(_ error: MariaDBError, _ resource: Resource) -> FieldProblem {
        let name = error.duplicateKey ?? error.violatedConstraint ?? ""
        let column = name.hasPrefix(resource.table + "_") ? String(name.dropFirst(resource.table.count + 1)) : name
        var field = resource.fields.first { $0.column == column || $0.name == column }
        // A parent's single row has the parent's id as its primary key.
        if name == "PRIMARY", case .parent(let parent) = resource.key { field = parent }
        if let field, error.isDuplicate { return Self.taken(field, resource) }
        let message = "This value is not allowed."
        return field.map { FieldProblem($0, message) } ?? FieldProblem("non_field_errors", message)
    }
}
