import Contract
import MariaDB
import Wire

// MARK: Paging

extension Fault {
    static let invalidPage = Fault(.notFound, "Invalid page.")
}

extension Call {
    /// The number of rows of a page: fixed in REST, chosen by the client in SOAP.
    func pageSize() throws -> Int64 {
        guard input.format == .xml else { return Paging.restSize }
        return try number(input.pageSize, Paging.size) ?? Paging.defaultSize
    }

    /// The number of the page asked for; nil means the last page.
    func pageNumber() throws -> Int64? {
        guard input.format == .json else { return try number(input.page, Paging.page) ?? 1 }
        guard case .string(let text)? = input.page, !text.isEmpty else { return 1 }
        if text == Paging.last { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int64(text),
            number > 0, number <= Paging.page.integerRange.upperBound
        else { throw Fault.invalidPage }
        return number
    }

    private func number(_ raw: Raw?, _ field: Field) throws -> Int64? {
        guard let raw else { return nil }
        switch field.kind.verdict(on: raw, as: input.notation) {
        case .success(.integer(let number)): return number
        case .success: return nil
        case .failure(let problem): throw Fault.fields([FieldProblem(field.name, problem.message)])
        }
    }
}

extension Field {
    fileprivate var integerRange: ClosedRange<Int64> {
        if case .integer(let range) = kind { range } else { Kind.int32 }
    }
}

// MARK: Filters

extension Call {
    /// The conditions of the query, one for each of the resource's filters that the request gives.
    func conditions(_ resource: Resource) throws -> [SQL] {
        var conditions: [SQL] = []
        var problems: [FieldProblem] = []
        for (index, filter) in resource.filters.enumerated() {
            guard index < input.filters.count, let raw = input.filters[index], let field = filter.field else {
                continue
            }
            switch filterKind(field).verdict(on: raw, as: input.notation) {
            case .success(let value): conditions.append(condition(filter, value, on: resource))
            case .failure(let problem): problems.append(FieldProblem(field.name, problem.message))
            }
        }
        if let raw = input.updatedSince {
            switch Paging.updatedSince.kind.verdict(on: raw, as: input.notation) {
            case .success(let value):
                conditions.append("\(SQL(identifier: resource.table)).changed_at >= \(SQL.Value(value))")
            case .failure(let problem): problems.append(FieldProblem(Paging.updatedSince.name, problem.message))
            }
        }
        if !input.keys.isEmpty {
            if input.keys.count > Int(Paging.sizes.upperBound) {
                problems.append(
                    FieldProblem(
                        resource.keyElement.name, "Ensure there are no more than \(Paging.sizes.upperBound) keys."))
            } else {
                conditions.append(keyCondition(resource))
            }
        }
        guard problems.isEmpty else { throw Fault.fields(problems) }
        return conditions
    }

    /// The kind by which a filter's value is checked: any text is allowed and may find nothing, but a value of a closed
    /// list must be a member of it.
    private func filterKind(_ field: Field) -> Kind {
        switch field.kind {
        case .text, .reference, .email, .url: .text(max: nil, blank: true)
        default: field.kind
        }
    }

    private func keyCondition(_ resource: Resource) -> SQL {
        let table = SQL(identifier: resource.table)
        switch resource.key {
        case .own(let field): return "\(table).\(SQL(identifier: field.column)) IN (\(list: input.keys))"
        case .parent(let field):
            guard case .reference(let target) = field.kind else { fatalError("a parent is a reference") }
            return """
                \(table).\(SQL(identifier: field.column)) IN (SELECT id FROM \(SQL(identifier: target.table)) \
                WHERE \(SQL(identifier: target.key)) IN (\(list: input.keys)))
                """
        case .id: return "\(table).id IN (\(list: input.keys.compactMap { Int64($0) } + [0]))"
        }
    }

    /// One filter with its checked value.
    func condition(_ filter: Resource.Filter, _ value: Value, on resource: Resource) -> SQL {
        let table = SQL(identifier: resource.table)
        switch filter {
        case .equals(let field):
            let column: SQL = "\(table).\(SQL(identifier: field.column))"
            if case .reference = field.kind, case .text(let key) = value {
                return "\(column) = \(idOf(field, key: key))"
            }
            // In the column's own collation: otherwise MariaDB does not see that all rows have the same value, and
            // sorts them.
            if case .text(let text) = value { return "\(column) = \(text) COLLATE utf8mb4_nopad_bin" }
            return "\(column) = \(SQL.Value(value))"
        case .contains(_, let columns):
            guard case .text(let text) = value else { fatalError("a text is searched for") }
            let pattern = "%\(text.likeEscaped)%"
            let likes: [SQL] = columns.map { column in
                "\(table).\(SQL(identifier: column)) COLLATE utf8mb4_uca1400_as_ci LIKE \(pattern) ESCAPE '|'"
            }
            return "(\(likes.joined(separator: " OR ")))"
        case .keys: fatalError("keys are no single value")
        }
    }
}

// MARK: Arguments

extension Call {
    /// The checked arguments of an operation, in the order of their declarations.
    func checkedArguments(_ operation: Operation) throws -> [Value] {
        do {
            return try checkArguments(operation)
        } catch let fault as Fault where operation.target == .row {
            // A missing row is reported before problems of the request.
            if let resource = operation.resource, operation.soapKey == nil || input.format == .json {
                _ = try rowID(resource)
            }
            throw fault
        }
    }

    private func checkArguments(_ operation: Operation) throws -> [Value] {
        if operation.body == .arguments { _ = try input.body.get() }
        var problems: [FieldProblem] = []
        var values: [Value] = []
        for (index, argument) in operation.arguments.enumerated() {
            let raw = index < input.arguments.count ? input.arguments[index] : nil
            guard let raw, !raw.isEmptyText || argument.whenMissing != nil else {
                if argument.isOptional {
                    values.append(.null)
                } else if let fault = argument.whenMissing {
                    throw fault
                } else {
                    problems.append(FieldProblem(argument.field.name, Problem.missing.message))
                }
                continue
            }
            if let fault = argument.whenMissing, raw.isFalse {
                // The contract's answer does not name the field; SOAP names it like any other.
                guard input.format == .xml else { throw fault }
                problems.append(FieldProblem(argument.field.name, fault.text))
                continue
            }
            if argument.isFilter {
                // A filter takes a text of any length and content; "" counts as absent.
                if case .string(let text) = raw { values.append(.text(text)) } else { values.append(.null) }
                continue
            }
            switch argument.field.kind.verdict(on: raw, as: input.notation) {
            case .success(let value): values.append(value)
            case .failure(let problem): problems.append(FieldProblem(argument.field.name, problem.message))
            }
        }
        guard problems.isEmpty else { throw Fault.fields(problems) }
        return values
    }
}

extension Raw {
    fileprivate var isEmptyText: Bool { self == .string("") }

    /// Whether the value counts as missing where the contract refuses missing arguments: null, false, zero, empty.
    fileprivate var isFalse: Bool {
        switch self {
        case .null, .boolean(false), .string(""), .array(isEmpty: true), .object(isEmpty: true): true
        case .number(let digits): digits.utf8.allSatisfy { "0.-+".utf8.contains($0) }
        default: false
        }
    }
}

extension String {
    /// The text with a `|` before the wildcards of LIKE. It is escaped by code points, since a `%` and a combining mark
    /// are one Character here and two characters to MariaDB.
    fileprivate var likeEscaped: String {
        unicodeScalars.reduce(into: "") { escaped, scalar in
            if scalar == "%" || scalar == "_" || scalar == "|" { escaped.unicodeScalars.append("|") }
            escaped.unicodeScalars.append(scalar)
        }
    }
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
