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

    /// Answers with a row from the cache if it has no holes. This needs no transaction: one statement is its own
    /// snapshot.
    private func sendKept(_ view: View, _ condition: SQL) throws -> Bool {
        guard cache.isOn, let columns = view.versionColumns, !view.hasHoles else { return false }
        let found = try database.select("SELECT \(columns) FROM \(view.table) WHERE \(condition)")
        guard found.next(), let rendering = cache.renderings(view, [found.version]).first ?? nil else { return false }
        try append([rendering], isBare: true)
        return true
    }

    private func send(_ view: View, where condition: SQL) throws -> Bool {
        guard let columns = versionColumns(view) else {
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
        // SOAP's lists are sorted by id unless the operation has an order, so that a client that reads page by page
        // misses no new row.
        let terms = terms ?? (input.format == .xml ? [] : resource.order)
        try snapshot {
            let (count, tally, next) = try count(resource, conditions)
            let last = max(1, (count + size - 1) / size)
            let number = asked ?? last
            guard input.format == .xml || number <= last else { throw Fault.invalidPage }
            reply.open(
                Reply.Page(number: number, size: size, count: count, nextUpdatedSince: next), input.format)
            if number <= last {
                let scan = Scan(
                    resource: resource, conditions: conditions, terms: terms, limit: size, offset: (number - 1) * size,
                    count: count, isOfChanges: input.updatedSince != nil)
                try append(view, scan, tally)
            }
            reply.closePage(input.format)
        }
    }

    /// Answers with all rows, or the first `limit`, as a bare list; with a page if the client asked for one.
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
            try appendAll(
                views[resource, .json],
                Scan(resource: resource, conditions: conditions, terms: terms, limit: limit))
            reply.body.append("]")
        }
    }

    /// Answers with the first rows of a list; SOAP wraps them as a page.
    private func sendFirst(
        _ resource: Resource, _ limit: Int64, _ conditions: [SQL], _ terms: [Resource.Order]
    ) throws {
        try snapshot {
            let counted = try count(resource, conditions)
            let count = min(limit, counted.count)
            reply.open(
                Reply.Page(number: 1, size: max(1, count), count: count, nextUpdatedSince: counted.nextUpdatedSince),
                input.format)
            try appendAll(
                views[resource, input.format],
                Scan(resource: resource, conditions: conditions, terms: terms, limit: limit))
            reply.closePage(input.format)
        }
    }

    /// Counts the rows of a list, as the first statement of its snapshot.
    private func count(_ resource: Resource, _ conditions: [SQL]) throws -> RowCounts.Counted {
        let isFollowed = input.format == .xml && resource.notesChanges
        guard !conditions.isEmpty else {
            return try counts.count(resource.table, isFollowed: isFollowed, database)
        }
        let counted = try database.query(
            """
            SELECT COUNT(*)\(isFollowed ? RowCounts.nextUpdatedSince : "") FROM \(SQL(identifier: resource.table)) \
            WHERE \(conditions.joined(separator: " AND "))
            """)
        guard counted.next(), let count = counted.integer(0) else { fatalError("a count is a row") }
        return (count, nil, isFollowed ? counted.text(1).map(Timestamp.init) : nil)
    }

    /// Writes a page of a list.
    ///
    /// A page is read by the text protocol, since a prepared statement loses its index scan once another connection has
    /// used the table (MariaDB 10.11).
    private func append(_ view: View, _ scan: Scan, _ tally: RowCounts.Tally?) throws {
        var scan = scan
        let list = tally == nil ? nil : scan.fixedOrder
        if let list, let tally { scan.start = starts.row(at: scan.offset, in: list, tally) }
        let rows: Rows
        let versionColumns = versionColumns(view)
        if let versionColumns {
            rows = try database.query(scan.select(versions: versionColumns))
            try append(try renderings(view, rows.versions))
        } else {
            rows = try database.query(scan.selectIDs)
            let ids = rows.ids
            let renderings = try renderings(view, ids: ids)
            try append(ids.compactMap { renderings[$0] })
        }
        guard let list, let tally, scan.start?.position != scan.offset else { return }
        rows.rewind()
        guard rows.next(), let id = rows.integer(0) else { return }
        let birth = scan.terms.isEmpty || versionColumns == nil ? nil : rows.text(2)
        guard scan.terms.isEmpty || birth != nil else { return }
        starts.note(PageStarts.Row(position: scan.offset, id: id, birth: birth), in: list, tally)
    }
}
