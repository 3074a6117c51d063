package import Contract
import MariaDB
import Wire

/// Which rows of a list to answer with: checked conditions, an order, and a page or a limit.
package struct Query {
    let resource: Resource
    var conditions: [Condition] = []
    /// The order; nil is the list's own.
    var order: [Resource.Order]?
    var limit: Int64?
    /// The number of the page asked for; nil is the last.
    private(set) var page: Int64? = 1
    private(set) var size = Paging.restSize
    /// Whether the request asks for a page.
    private(set) var isPaged = false
    /// Whether the conditions pick the rows that changed since some time.
    private(set) var isOfChanges = false

    /// A condition that a row must meet.
    struct Condition {
        let sql: SQL
        /// The name under which `row_counts` counts the rows that meet it; nil if they are not counted.
        var counter: String?
        /// Whether no index has the rows, so that finding them takes a scan of the table.
        var isScan = false
    }

    /// Whether finding the rows takes a scan of the table.
    var isScan: Bool { conditions.contains(where: \.isScan) }

    /// The name under which `row_counts` counts the rows of the list; nil if they are not counted.
    var counter: String? {
        conditions.isEmpty ? resource.table : conditions.count == 1 ? conditions[0].counter : nil
    }

    /// The page that the request asks for, of all rows.
    init(pageOf resource: Resource, _ input: Input) throws {
        self.resource = resource
        isPaged = input.page != nil
        guard input.format == .xml else {
            page = try Self.restPage(input.page)
            return
        }
        size = try Self.number(input.pageSize, Paging.size, input) ?? Paging.defaultSize
        page = try Self.number(input.page, Paging.page, input) ?? 1
    }

    /// The query of a list with filters: the rows that all filters of the request pick.
    init(_ resource: Resource, _ input: Input) throws {
        let conditions = try Self.conditions(resource, input)
        try self.init(pageOf: resource, input)
        self.conditions = conditions
        isOfChanges = input.updatedSince != nil
    }

    /// The query with a further filter and its checked value; nil leaves the filter out.
    package func matching(_ filter: Resource.Filter, _ value: (some FieldValue)?) -> Query {
        guard let value else { return self }
        var query = self
        query.conditions.append(filter.condition(value.value, resource))
        return query
    }

    /// The first rows of the list in this order, or in its own.
    package func first(_ limit: Int64?, by order: [Resource.Order]? = nil) -> Query {
        var query = self
        query.limit = limit ?? Paging.defaultLimit
        query.order = order
        return query
    }
}

extension Reading {
    /// All rows of a resource, or the page of them that the request asks for.
    package func all(_ resource: Resource) throws -> Query { try Query(pageOf: resource, input) }

    /// The page that the request asks for, of the rows that its filters pick.
    func filtered(_ resource: Resource) throws -> Query { try Query(resource, input) }
}

// MARK: Pages

extension Query {
    /// The number of a page in REST, as the contract reads it; nil means the last page.
    private static func restPage(_ raw: Raw?) throws -> Int64? {
        guard case .string(let text)? = raw, !text.isEmpty else { return 1 }
        if text == Paging.last { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int64(text),
            number > 0, number <= Kind.int32.upperBound
        else { throw Fault.invalidPage }
        return number
    }

    private static func number(_ raw: Raw?, _ field: AnyField, _ input: Input) throws -> Int64? {
        guard let raw else { return nil }
        switch field.kind.verdict(on: raw, as: input.notation) {
        case .success(.integer(let number)): return number
        case .success: return nil
        case .failure(let problem): throw Fault.fields([FieldProblem(field, problem.message)])
        }
    }
}

extension Fault {
    static let invalidPage = Fault(.notFound, "Invalid page.")
}

// MARK: Filters

extension Query {
    /// The conditions of a list, one for each of the resource's filters that the request gives.
    private static func conditions(_ resource: Resource, _ input: Input) throws -> [Condition] {
        var conditions: [Condition] = []
        var problems: [FieldProblem] = []
        for (index, filter) in resource.filters.enumerated() {
            guard index < input.filters.count, let raw = input.filters[index], let field = filter.field else {
                continue
            }
            switch field.filterKind.verdict(on: raw, as: input.notation) {
            case .success(let value): conditions.append(filter.condition(value, resource))
            case .failure(let problem): problems.append(FieldProblem(field, problem.message))
            }
        }
        if let raw = input.updatedSince {
            switch Paging.updatedSince.kind.verdict(on: raw, as: input.notation) {
            case .success(let value):
                conditions.append(Condition(sql: resource.condition(changedSince: SQL.Value(value))))
            case .failure(let problem): problems.append(FieldProblem(Paging.updatedSince, problem.message))
            }
        }
        if !input.keys.isEmpty {
            if input.keys.count > Int(Paging.sizes.upperBound) {
                let most = Paging.sizes.upperBound
                problems.append(
                    FieldProblem(resource.keyElement.name, "Ensure there are no more than \(most) keys."))
            } else {
                conditions.append(Condition(sql: resource.condition(ofKeys: input.keys)))
            }
        }
        guard problems.isEmpty else { throw Fault.fields(problems) }
        return conditions
    }
}

extension AnyField {
    /// The kind by which a filter's value is checked: any text is allowed and may find nothing, but a value of a closed
    /// list must be a member of it.
    fileprivate var filterKind: Kind {
        switch kind {
        case .text, .reference, .email, .url: .text(max: nil, blank: true)
        default: kind
        }
    }
}

extension Resource {
    /// The rows that changed since a time, or show a row versioned apart that did. MariaDB uses both indexes only for a
    /// derived table: the rows of a plain subquery it would look up for each row of the table.
    fileprivate func condition(changedSince time: SQL.Value) -> SQL {
        let table = SQL(identifier: table)
        guard let part = embedded.first(where: \.isVersionedApart) else { return "\(table).changed_at >= \(time)" }
        return """
            \(table).id IN (SELECT id FROM (SELECT id FROM \(table) WHERE changed_at >= \(time) \
            UNION SELECT \(SQL(identifier: part.parent.column)) FROM \(SQL(identifier: part.resource.table)) \
            WHERE changed_at >= \(time)) changed)
            """
    }

    fileprivate func condition(ofKeys keys: [String]) -> SQL {
        let table = SQL(identifier: table)
        switch key {
        case .own(let field): return "\(table).\(SQL(identifier: field.column)) IN (\(list: keys))"
        case .parent(let field):
            return """
                \(table).\(SQL(identifier: field.column)) IN (SELECT id FROM \(SQL(identifier: field.target.table)) \
                WHERE \(SQL(identifier: field.target.key)) IN (\(list: keys)))
                """
        case .id: return "\(table).id IN (\(list: keys.compactMap { Int64($0) } + [0]))"
        }
    }
}

extension Resource.Filter {
    /// The condition of the filter with a checked value.
    fileprivate func condition(_ value: Value, _ resource: Resource) -> Query.Condition {
        let table = SQL(identifier: resource.table)
        switch self {
        case .equals(let field):
            let column: SQL = "\(table).\(SQL(identifier: field.column))"
            let counter = field.counter(of: value, in: resource)
            if case .reference = field.kind, case .text(let key) = value {
                return Query.Condition(sql: "\(column) = \(field.idOf(key: key))")
            }
            // In the column's own collation: otherwise MariaDB does not see that all rows have the same value, and
            // sorts them.
            if case .text(let text) = value {
                return Query.Condition(sql: "\(column) = \(text) COLLATE utf8mb4_nopad_bin", counter: counter)
            }
            return Query.Condition(sql: "\(column) = \(SQL.Value(value))", counter: counter)
        case .contains(_, let columns):
            guard case .text(let text) = value else { fatalError("a text is searched for") }
            let pattern = "%\(text.likeEscaped)%"
            // The first collation compares much faster, and ignores accents. It has one weight for all characters beyond
            // 65,535, and folds the case of the old alphabets alone.
            let collation: SQL = text.hasSimpleCase ? "utf8mb4_general_ci" : "utf8mb4_uca1400_as_ci"
            let likes: [SQL] = columns.map { column in
                "\(table).\(SQL(identifier: column)) COLLATE \(collation) LIKE \(pattern) ESCAPE '|'"
            }
            return Query.Condition(sql: "(\(likes.joined(separator: " OR ")))", isScan: true)
        case .keys: fatalError("keys are no single value")
        }
    }
}

extension AnyField {
    /// The name under which the triggers count the rows with a value of a field that has few: `products.status=active`.
    func counter(of value: Value, in resource: Resource) -> String? {
        switch (kind, value) {
        case (.choice, .text(let text)): "\(resource.table).\(column)=\(text)"
        case (.boolean, .boolean(let flag)): "\(resource.table).\(column)=\(flag ? 1 : 0)"
        default: nil
        }
    }
}

extension String {
    /// Whether MariaDB's simple collation folds the case of all characters: it does of Latin, Greek and Cyrillic letters,
    /// and the others here have no case.
    fileprivate var hasSimpleCase: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0...0x17F, 0x384...0x3CE, 0x400...0x481: true
            // The weight of all characters beyond.
            case 0xFFFD: false
            case ...0xFFFF: !scalar.properties.isCased
            default: false
            }
        }
    }

    /// The text with a `|` before the wildcards of LIKE. It is escaped by code points, since a `%` and a combining mark
    /// are one Character here and two characters to MariaDB.
    fileprivate var likeEscaped: String {
        unicodeScalars.reduce(into: "") { escaped, scalar in
            if scalar == "%" || scalar == "_" || scalar == "|" { escaped.unicodeScalars.append("|") }
            escaped.unicodeScalars.append(scalar)
        }
    }
}
