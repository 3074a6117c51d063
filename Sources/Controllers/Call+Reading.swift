import Contract
import MariaDB
import Wire

extension Rows: RowSource {}

// MARK: One row

extension Call {
    /// Answers with the row the request names, or the one the condition picks.
    func sendRow(_ resource: Resource, where condition: SQL? = nil) throws {
        let view = views[resource, input.format]
        try snapshot {
            let condition = try condition ?? rowCondition(resource)
            let rows = try database.select("SELECT \(view.columns) FROM \(view.source) WHERE \(condition)")
            guard rows.count == 1 else { throw Fault.noSuch(resource, input.row) }
            try write(view, rows, isBare: true)
        }
    }

    /// Answers with the row of this id, inside the transaction that wrote it.
    func sendRow(_ resource: Resource, id: Int64) throws {
        let view = views[resource, input.format]
        let table = SQL(identifier: resource.table)
        let rows = try database.select("SELECT \(view.columns) FROM \(view.source) WHERE \(table).id = \(id)")
        guard rows.count == 1 else { throw Fault.noSuch(resource) }
        try write(view, rows, isBare: true)
    }
}

// MARK: Many rows

extension Call {
    /// Answers with the page of rows the request asks for.
    func sendPage(_ resource: Resource, where conditions: [SQL] = [], order: SQL? = nil) throws {
        let view = views[resource, input.format]
        let size = try pageSize()
        let asked = try pageNumber()
        let condition = Self.condition(conditions)
        let table = SQL(identifier: resource.table)
        try snapshot {
            // Counts and page scans go as text: a held statement loses its index scan once another connection
            // has used the table (MariaDB 10.11).
            let counted = try database.query("SELECT COUNT(*) FROM \(table)\(condition)")
            guard counted.next(), let count = counted.integer(0) else { preconditionFailure("a count is a row") }
            let last = max(1, (count + size - 1) / size)
            let number = asked ?? last
            guard input.format == .xml || number <= last else { throw Fault.invalidPage }
            reply.open(Reply.Page(number: number, size: size, count: count), input.format)
            if number <= last {
                let order = order ?? (input.format == .xml ? resource.orderBy([]) : resource.orderBy(resource.order))
                let rows = try database.query(
                    Self.scan(view, table, condition, order, limit: size, offset: (number - 1) * size))
                try write(view, rows)
            }
            reply.closePage(input.format)
        }
    }

    /// Answers with all rows, or the first `limit`, as a bare list; with the page asked for when one is (D05).
    func sendList(
        _ resource: Resource, where conditions: [SQL] = [], order terms: [Resource.Order]? = nil, limit: Int64? = nil
    ) throws {
        let order = resource.orderBy(terms ?? resource.order)
        guard input.format == .json, limit != nil || input.page == nil else {
            return try limit.map { try sendFirst(resource, $0, conditions, order) }
                ?? sendPage(resource, where: conditions, order: order)
        }
        try snapshot {
            reply.body.append("[")
            let view = views[resource, .json]
            let table = SQL(identifier: resource.table)
            try write(view, database.query(Self.scan(view, table, Self.condition(conditions), order, limit: limit)))
            reply.body.append("]")
        }
    }

    /// The first rows of a list, as a page of them where the format has pages.
    private func sendFirst(_ resource: Resource, _ limit: Int64, _ conditions: [SQL], _ order: SQL) throws {
        let view = views[resource, input.format]
        let table = SQL(identifier: resource.table)
        try snapshot {
            let rows = try database.query(Self.scan(view, table, Self.condition(conditions), order, limit: limit))
            let count = Int64(rows.count)
            reply.open(Reply.Page(number: 1, size: max(1, count), count: count), input.format)
            try write(view, rows)
            reply.closePage(input.format)
        }
    }

    private static func condition(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
    }

    /// The ids first, from an index that has the order and the filter, and then only the rows that are shown:
    /// a page scanned with all its columns costs MariaDB ten times as much.
    private static func scan(
        _ view: View, _ table: SQL, _ condition: SQL, _ order: SQL, limit: Int64?, offset: Int64 = 0
    ) -> SQL {
        let slice: SQL = limit.map { " LIMIT \($0) OFFSET \(offset)" } ?? ""
        guard limit != nil else {
            return "SELECT \(view.columns) FROM \(view.source)\(condition) ORDER BY \(order)"
        }
        return """
            SELECT \(view.columns) FROM (SELECT \(table).id FROM \(table)\(condition) ORDER BY \(order)\(slice)) page \
            JOIN \(view.source) ON \(table).id = page.id ORDER BY \(order)
            """
    }
}

// MARK: Writing

extension Call {
    /// Writes rows into the reply, with everything embedded in them: one statement for each kind of embedded row,
    /// however many rows there are.
    func write(_ view: View, _ rows: Rows, isBare: Bool = false) throws {
        let fragments = try view.parts.map { try load($0, for: rows) }
        rows.rewind()
        var isFirst = true
        while rows.next() {
            if !isFirst, view.format == .json { reply.body.append(",") }
            isFirst = false
            reply.body.append(view.template, rows, isBare: isBare) { index, target in
                fragments[index].copy(rows.integer(view.parts[index].column), into: &target)
            }
        }
    }

    /// Reads and renders the rows embedded in these.
    func load(_ part: View.Part, for rows: Rows) throws -> Fragments {
        let fragments = Fragments()
        var seen: Set<Int64> = []
        var keys: [Int64] = []
        rows.rewind()
        while rows.next() {
            if let key = rows.integer(part.column), seen.insert(key).inserted { keys.append(key) }
        }
        for start in stride(from: 0, to: keys.count, by: Self.keysPerStatement) {
            let chunk = Array(keys[start..<min(start + Self.keysPerStatement, keys.count)])
            let children = try database.select(part.select(chunk))
            let inner = try part.view.parts.map { try load($0, for: children) }
            children.rewind()
            while children.next() {
                guard let parent = children.integer(part.parentColumn) else { continue }
                let start = fragments.bytes.count
                if part.view.format == .json, fragments.holds(parent) { fragments.bytes.append(",") }
                fragments.bytes.append(part.view.template, children, isBare: false) { index, target in
                    inner[index].copy(children.integer(part.view.parts[index].column), into: &target)
                }
                fragments.add(parent, from: start)
            }
        }
        return fragments
    }

    /// The longest IN list that is prepared.
    private static let keysPerStatement = 1000
}

extension View.Part {
    /// The column of the embedding row that its embedded rows belong to.
    var column: Int {
        if case .referenced(let column) = relation { column } else { 0 }
    }

    /// The column of the embedded row that says to which row it belongs.
    var parentColumn: Int {
        if case .children = relation { 1 } else { 0 }
    }

    func select(_ keys: [Int64]) -> SQL {
        switch relation {
        case .children(let parent, let order):
            "SELECT \(view.columns) FROM \(view.source) WHERE \(parent) IN (\(list: keys)) ORDER BY \(parent), \(order)"
        case .referenced:
            "SELECT \(view.columns) FROM \(view.source) WHERE \(view.idColumn) IN (\(list: keys))"
        }
    }
}
