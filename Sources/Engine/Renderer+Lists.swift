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
        var scan = Scan(query, terms, limit: query.size)
        if let number = query.page, query.isScan {
            // Counted and read by the same scan.
            let next = isFollowed(query) ? try work.nextUpdatedSince() : nil
            scan.offset = (number - 1) * query.size
            let (found, count) = try work.findAndCount(scan)
            let page = Reply.Page(number: number, size: query.size, count: count, nextUpdatedSince: next)
            return try write(page) { try append(work.renderings(view, found)) }
        }
        let (count, tally, next) = try count(query)
        let page = Reply.Page(number: query.page, size: query.size, count: count, nextUpdatedSince: next)
        scan.offset = (page.number - 1) * page.size
        scan.count = count
        try write(page) { try append(view, scan, tally) }
    }

    /// Writes a page around its rows. In REST there is no page behind the last one.
    private func write(_ page: Reply.Page, _ rows: () throws -> Void) throws {
        guard format == .xml || page.number <= page.last else { throw Fault.invalidPage }
        reply.open(page, format)
        if page.number <= page.last { try rows() }
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

    private func isFollowed(_ query: Query) -> Bool { format == .xml && query.resource.notesChanges }

    /// Counts the rows of a list, as the first statement of its snapshot.
    private func count(_ query: Query) throws -> RowCounts.Counted {
        let (table, condition) = (query.resource.table, Scan.condition(query.conditions))
        // A count that is kept is one of committed rows.
        if let counter = query.counter, work.isReadingCommitted {
            return try work.shared.counts.count(
                counter, of: table, where: condition, isFollowed: isFollowed(query), work.database)
        }
        let next = isFollowed(query) ? try work.nextUpdatedSince() : nil
        return (try work.database.count("SELECT COUNT(*) FROM \(SQL(identifier: table))\(condition)"), nil, next)
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
