import Contract
import MariaDB
import Wire

extension Renderer {
    /// Writes the page of rows that the query asks for.
    func writePage(_ query: Query, inOrder isSorted: Bool = false) throws {
        let view = work.views[query.resource, format]
        // SOAP's lists are sorted by id unless the operation has an order, so that a client that reads page by page
        // misses no new row.
        let terms = query.order ?? (format == .xml && !isSorted ? [] : query.resource.order)
        let (count, tally, next) = try count(query)
        let size = query.size
        let last = max(1, (count + size - 1) / size)
        let number = query.page ?? last
        guard format == .xml || number <= last else { throw Fault.invalidPage }
        reply.open(Reply.Page(number: number, size: size, count: count, nextUpdatedSince: next), format)
        if number <= last {
            let scan = Scan(
                resource: query.resource, conditions: query.conditions, terms: terms, limit: size,
                offset: (number - 1) * size, count: count, isOfChanges: query.isOfChanges)
            try append(view, scan, tally)
        }
        reply.closePage(format)
    }

    /// Writes all rows, or the first ones up to the limit: REST as a bare list unless the client asked for a page, SOAP
    /// always as a page.
    func writeList(_ query: Query) throws {
        switch (format, query.limit) {
        case (.json, let limit) where limit != nil || !query.isPaged:
            reply.body.append("[")
            try appendAll(query)
            reply.body.append("]")
        case (.xml, let limit?):
            let (all, _, next) = try count(query)
            let count = min(limit, all)
            reply.open(Reply.Page(number: 1, size: max(1, count), count: count, nextUpdatedSince: next), format)
            try appendAll(query)
            reply.closePage(format)
        default: try writePage(query, inOrder: true)
        }
    }

    /// Counts the rows of a list, as the first statement of its snapshot.
    private func count(_ query: Query) throws -> RowCounts.Counted {
        let isFollowed = format == .xml && query.resource.notesChanges
        // A count that is kept is one of committed rows.
        guard !query.conditions.isEmpty || !work.isReadingCommitted else {
            return try work.shared.counts.count(query.resource.table, isFollowed: isFollowed, work.database)
        }
        let counted = try work.database.query(
            """
            SELECT COUNT(*)\(isFollowed ? RowCounts.nextUpdatedSince : "") \
            FROM \(SQL(identifier: query.resource.table))\(Scan.condition(query.conditions))
            """)
        guard counted.next(), let count = counted.integer(0) else { fatalError("a count is a row") }
        return (count, nil, isFollowed ? counted.text(1).map(Timestamp.init) : nil)
    }

    /// Writes a page of a list, and notes where it begins.
    private func append(_ view: View, _ scan: Scan, _ tally: RowCounts.Tally?) throws {
        var scan = scan
        let list = tally == nil ? nil : scan.fixedOrder
        if let list, let tally { scan.start = work.shared.starts.row(at: scan.offset, in: list, tally) }
        let found = try work.find(view, scan)
        try append(work.renderings(view, found))
        guard let list, let tally, scan.start?.position != scan.offset else { return }
        found.rows.rewind()
        guard found.rows.next(), let id = found.rows.integer(0) else { return }
        let birth = scan.terms.isEmpty || !found.haveVersions ? nil : found.rows.text(2)
        guard scan.terms.isEmpty || birth != nil else { return }
        work.shared.starts.note(PageStarts.Row(position: scan.offset, id: id, birth: birth), in: list, tally)
    }
}
