import Contract
import MariaDB
import Wire

// MARK: One row

extension Call {
    /// Answers with the row the request names, or the one the condition picks.
    func sendRow(_ resource: Resource, where condition: SQL? = nil) throws {
        let view = views[resource, input.format]
        let condition = try condition ?? rowCondition(resource)
        if try sendKept(view, condition) { return }
        try snapshot {
            guard try send(view, where: condition) else { throw Fault.noSuch(resource, input.row) }
        }
    }

    /// Answers with the row of this id, inside the transaction that wrote it.
    func sendRow(_ resource: Resource, id: Int64) throws {
        let view = views[resource, input.format]
        guard try send(view, where: "\(view.idColumn) = \(id)") else { throw Fault.noSuch(resource) }
    }

    /// Answers with a row whose rendering is kept and has no holes: one statement is its own snapshot.
    private func sendKept(_ view: View, _ condition: SQL) throws -> Bool {
        guard let columns = view.versionColumns, !view.hasHoles else { return false }
        let found = try database.select("SELECT \(columns) FROM \(view.table) WHERE \(condition)")
        guard found.next(), let rendering = cache.renderings(view, [found.version]).first ?? nil else { return false }
        try append([rendering], isBare: true)
        return true
    }

    private func send(_ view: View, where condition: SQL) throws -> Bool {
        guard isReadingCommitted, let columns = view.versionColumns else {
            let rows = try database.select("SELECT \(view.columns) FROM \(view.source) WHERE \(condition)")
            guard rows.count == 1 else { return false }
            try append([try render(view, rows, isBare: true)])
            return true
        }
        let found = try database.select("SELECT \(columns) FROM \(view.table) WHERE \(condition)")
        guard found.next() else { return false }
        try append(try renderings(view, [found.version]), isBare: true)
        return true
    }
}

// MARK: Many rows

extension Call {
    /// Answers with the page of rows the request asks for.
    func sendPage(_ resource: Resource, where conditions: [SQL] = [], order terms: [Resource.Order]? = nil) throws {
        let view = views[resource, input.format]
        let size = try pageSize()
        let asked = try pageNumber()
        // Without an order of its own, SOAP's lists go by id: a reader that pages through misses no row.
        let terms = terms ?? (input.format == .xml ? [] : resource.order)
        try snapshot {
            let count = try count(resource, conditions)
            let last = max(1, (count + size - 1) / size)
            let number = asked ?? last
            guard input.format == .xml || number <= last else { throw Fault.invalidPage }
            reply.open(Reply.Page(number: number, size: size, count: count), input.format)
            if number <= last {
                try append(view, conditions, resource, terms, limit: size, offset: (number - 1) * size)
            }
            reply.closePage(input.format)
        }
    }

    /// Answers with all rows, or the first `limit`, as a bare list; with the page asked for when one is (D05).
    func sendList(
        _ resource: Resource, where conditions: [SQL] = [], order terms: [Resource.Order]? = nil, limit: Int64? = nil
    ) throws {
        let terms = terms ?? resource.order
        guard input.format == .json, limit != nil || input.page == nil else {
            return try limit.map { try sendFirst(resource, $0, conditions, terms) }
                ?? sendPage(resource, where: conditions, order: terms)
        }
        try snapshot {
            reply.body.append("[")
            try append(views[resource, .json], conditions, resource, terms, limit: limit)
            reply.body.append("]")
        }
    }

    /// The first rows of a list, as a page of them where the format has pages.
    private func sendFirst(
        _ resource: Resource, _ limit: Int64, _ conditions: [SQL], _ terms: [Resource.Order]
    ) throws {
        try snapshot {
            let count = min(limit, try count(resource, conditions))
            reply.open(Reply.Page(number: 1, size: max(1, count), count: count), input.format)
            try append(views[resource, input.format], conditions, resource, terms, limit: limit)
            reply.closePage(input.format)
        }
    }

    private func count(_ resource: Resource, _ conditions: [SQL]) throws -> Int64 {
        guard !conditions.isEmpty else { return try counts.count(resource.table, database) }
        let counted = try database.query(
            "SELECT COUNT(*) FROM \(SQL(identifier: resource.table))\(Self.condition(conditions))")
        guard counted.next(), let count = counted.integer(0) else { preconditionFailure("a count is a row") }
        return count
    }

    private static func condition(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
    }

    /// Writes a slice of a list: the versions of its rows where renderings are kept, else the rows themselves.
    ///
    /// Page scans go as text: a held statement loses its index scan once another connection has used the table
    /// (MariaDB 10.11).
    private func append(
        _ view: View, _ conditions: [SQL], _ resource: Resource, _ terms: [Resource.Order], limit: Int64?,
        offset: Int64 = 0
    ) throws {
        let table = view.table
        let order = resource.orderBy(terms)
        let slice: SQL = limit.map { " LIMIT \($0) OFFSET \(offset)" } ?? ""
        let scan: SQL = " FROM \(table)\(Self.condition(conditions)) ORDER BY \(order)\(slice)"
        // The ids first, from an index that has the order and the filter, and then only the rows that are shown: a
        // page scanned with all its columns costs MariaDB ten times as much.
        let page: SQL = "(SELECT \(table).id\(scan)) page JOIN "
        if let columns = view.versionColumns {
            // The index of the newest rows has their versions as well.
            let isCovered = conditions.isEmpty && terms == [.descending(.createdAt)]
            let rows = try database.query(
                isCovered || limit == nil
                    ? "SELECT \(columns)\(scan)"
                    : "SELECT \(columns) FROM \(page)\(table) ON \(table).id = page.id ORDER BY \(order)")
            var versions: [RowVersion] = []
            versions.reserveCapacity(rows.count)
            while rows.next() { versions.append(rows.version) }
            try append(try renderings(view, versions))
        } else {
            let rows = try database.query(
                limit == nil
                    ? "SELECT \(view.columns) FROM \(view.source)\(Self.condition(conditions)) ORDER BY \(order)"
                    : "SELECT \(view.columns) FROM \(page)\(view.source) ON \(table).id = page.id ORDER BY \(order)")
            try append([try render(view, rows)])
        }
    }
}
