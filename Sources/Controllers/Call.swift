package import Contract
package import MariaDB
package import Wire

/// The request in progress: its input, the connection, and the reply so far.
///
/// Each worker thread has one Call and reuses it; the threads share the caches of rows and tables.
package final class Call {
    package let database: Connection
    package let reply: Reply
    package internal(set) var input = Input(.json)
    let views: Views
    let cache: RowCache
    let counts: RowCounts
    let starts: PageStarts
    let longLists: LongLists
    /// Whether only committed rows are read, so that renderings of them may be kept.
    private(set) var isReadingCommitted = false

    package init(database: Connection, reply: Reply, catalogue: Catalogue, shared: Shared) {
        self.database = database
        self.reply = reply
        cache = shared.cache
        counts = shared.counts
        starts = shared.starts
        longLists = shared.longLists
        views = catalogue.views
        // A new session may be with another server, or with the same one after a restore of older data.
        database.whenConnected = { shared.forget() }
    }

    /// What the threads of a process share: caches of rows and tables, and the places for long lists.
    package struct Shared: Sendable {
        let cache: RowCache
        let counts = RowCounts()
        let starts = PageStarts()
        let longLists: LongLists

        package init(cacheBytes: Int, threads: Int) {
            cache = RowCache(bytes: cacheBytes)
            longLists = LongLists(threads: threads)
        }

        /// Forgets everything that was read from the server.
        func forget() {
            cache.removeAll()
            counts.removeAll()
            starts.removeAll()
        }
    }

    /// Runs an operation on the input, and appends its answer to the reply.
    package func run(_ endpoint: Endpoint, _ input: Input) throws {
        self.input = input
        reply.start = reply.body.count
        guard input.problems.isEmpty else { throw fault(endpoint.operation) }
        try endpoint.run(self)
    }

    /// A fault with the problems of the request's elements and of their values.
    private func fault(_ operation: Operation) -> Fault {
        var problems = input.problems
        if let resource = operation.resource, operation.body == .create || operation.body == .update,
            let draft = try? Draft(resource, input, operation.body == .create ? .create : .change)
        {
            problems += draft.problems
        }
        let fault = Fault.fields(problems)
        guard input.hasOnlyUnknownFields, problems.count == input.problems.count else { return fault }
        var unknown = Fault(.unknownField, fault.text)
        unknown.problems = problems
        unknown.form = .fields
        return unknown
    }

    /// Reads the first page of every list, so that the first requests find the session, the prepared statements, the
    /// counts and the newest rows ready. The first list that fails ends it, for instance because its table is being
    /// altered.
    package func warm(_ catalogue: Catalogue) throws {
        for endpoint in catalogue.endpoints where endpoint.operation.reply == .page {
            for notation in [Notation.json, .xml] {
                defer { reply.reset() }
                try run(endpoint, Input(notation))
            }
        }
    }

    /// Whether a row exists, for the description of its form.
    package func hasRow(_ resource: Resource, _ row: Input.Row) throws -> Bool {
        input = Input(.json)
        input.row = row
        do {
            _ = try rowID(resource)
            return true
        } catch let fault as Fault where fault.code == .notFound {
            return false
        }
    }

    /// Runs a transaction, which may be repeated; what an earlier attempt rendered is removed first.
    func transaction<T>(_ body: () throws -> T) throws -> T {
        try database.transaction {
            reply.rewind()
            return try body()
        }
    }

    /// Runs several reads that must see the same state; inside a transaction they see its own writes.
    func snapshot<T>(_ body: () throws -> T) throws -> T {
        guard !database.isInTransaction else { return try body() }
        isReadingCommitted = true
        defer { isReadingCommitted = false }
        return try database.snapshot {
            reply.rewind()
            do {
                return try body()
            } catch {
                guard reply.isPartlySent else { throw error }
                // A part was sent already, so the reads must not be repeated.
                throw Interrupted(cause: error)
            }
        }
    }
}

/// A failure in the middle of an answer that is sent in parts, which must not be repeated.
package struct Interrupted: Error {
    package let cause: any Error
}

// MARK: Rows by their names

extension Call {
    /// The condition that picks the row the request names.
    func rowCondition(_ resource: Resource) throws -> SQL {
        let table = SQL(identifier: resource.table)
        switch input.row {
        case .none: fatalError("\(resource.name): an operation on a row has a row")
        case .malformed: throw Fault.notFound
        case .impossibleID: throw Fault.noSuch(resource)
        case .id(let id): return "\(table).id = \(id)"
        case .key(let key):
            switch resource.key {
            case .own(let field): return "\(table).\(SQL(identifier: field.column)) = \(key)"
            case .parent(let field): return "\(table).\(SQL(identifier: field.column)) = \(idOf(field, key: key))"
            case .id: throw Fault.noSuch(resource)
            }
        }
    }

    /// The id of the row that the request names.
    func rowID(_ resource: Resource) throws -> Int64 {
        let condition = try rowCondition(resource)
        let rows = try database.select("SELECT id FROM \(SQL(identifier: resource.table)) WHERE \(condition)")
        guard rows.next(), let id = rows.integer(0) else { throw Fault.noSuch(resource, input.row) }
        return id
    }

    /// A subquery for the id of the row that a reference means.
    func idOf(_ field: Field, key: String) -> SQL {
        guard case .reference(let target) = field.kind else { fatalError("\(field.name) is no reference") }
        return
            "(SELECT id FROM \(SQL(identifier: target.table)) WHERE \(SQL(identifier: target.key)) = \(key))"
    }

    /// Locks the row the request names until the transaction ends, and reads some of its columns.
    func lockRow(
        _ resource: Resource, reading fields: [Field] = [], andAttributes readsAttributes: Bool = false
    ) throws -> LockedRow {
        let table = SQL(identifier: resource.table)
        let columns = fields.map { SQL(identifier: $0.column) } + (readsAttributes ? ["attributes"] : [])
        let rows = try database.select(
            """
            SELECT \(([table + ".id", table + ".revision"] + columns).joined(separator: ", ")) FROM \(table) \
            WHERE \(try rowCondition(resource)) FOR UPDATE
            """)
        guard rows.next(), let id = rows.integer(0), let revision = rows.integer(1) else {
            throw Fault.noSuch(resource, input.row)
        }
        var values: [String: Value] = [:]
        for (index, field) in fields.enumerated() {
            values[field.name] = field.kind.value(stored: rows.text(index + 2))
        }
        let attributes = readsAttributes ? rows.text(fields.count + 2) : nil
        return LockedRow(id: id, revision: revision, values: values, attributes: attributes)
    }

    /// A row that no other transaction can change until this one ends.
    struct LockedRow {
        let id: Int64
        let revision: Int64
        let values: [String: Value]
        let attributes: String?

        func text(_ field: Field) -> String {
            guard case .text(let text)? = values[field.name] else { return "" }
            return text
        }
    }
}

extension Fault {
    /// The fault for a missing row; in SOAP it shows the key.
    static func noSuch(_ resource: Resource, _ row: Input.Row) -> Fault {
        guard case .key(let key) = row else { return noSuch(resource) }
        return Fault(.notFound, "\(resource.title) '\(key)' does not exist.")
    }
}

extension Kind {
    /// The value of a stored cell in MariaDB's text form.
    func value(stored text: String?) -> Value {
        guard let text else { return .null }
        switch self {
        case .text, .email, .url, .choice: return .text(text)
        case .integer, .reference: return Int64(text).map { .integer($0) } ?? .null
        case .boolean: return .boolean(text != "0")
        case .date: return .date(Day(text: text))
        case .timestamp: return .timestamp(Timestamp(text: text))
        case .decimal(_, let places, _):
            let digits = text.filter { $0 != "." }
            return Int64(digits).map { .decimal(Decimal(unscaled: $0, places: places)) } ?? .null
        }
    }
}
