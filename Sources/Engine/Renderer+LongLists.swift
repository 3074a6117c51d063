import Contract
import MariaDB
import Wire

extension Renderer {
    /// Writes all rows of a list without pages, or the first ones if it has a limit; a long list is sent in parts.
    func appendAll(_ query: Query) throws {
        let view = work.views[query.resource, format]
        let scan = Scan(query, query.order ?? query.resource.order, limit: query.limit)
        var first = scan
        first.limit = min(scan.limit ?? .max, LongLists.rowsAtOnce + 1)
        let found = try work.find(view, first)
        guard found.rows.count > LongLists.rowsAtOnce else { return try append(work.renderings(view, found)) }
        guard work.shared.longLists.enter() else {
            throw Fault(.unavailable, "Too many long lists are being sent; try again.")
        }
        defer { work.shared.longLists.leave() }
        guard reply.beginParts() else {
            throw Fault(.unavailable, "The list is too long for HTTP/1.0; ask for it with HTTP/1.1.")
        }
        // The request's deadline does not apply: a long list may take as long as its client reads, and each part has a
        // limit.
        work.database.deadline = nil
        do {
            try appendInParts(view, scan)
        } catch {
            throw reply.isPartlySent ? Interrupted(cause: error) : error
        }
    }

    private func appendInParts(_ view: View, _ scan: Scan) throws {
        guard reply.outlet?.wantsHeadOnly == false else { return }
        let ids = try work.database.query(scan.selectIDs).ids
        for start in stride(from: 0, to: ids.count, by: LongLists.rowsInPart) {
            let part = Array(ids[start..<min(start + LongLists.rowsInPart, ids.count)])
            // The cache is neither read nor filled: all rows of a list would displace those that are often asked for.
            let renderings = try work.render(view, ids: part)
            if start > 0, format == .json { reply.body.append(",") }
            try append(part.compactMap { renderings[$0] })
            try reply.sendPart()
        }
    }
}

/// A failure in the middle of an answer that is sent in parts, which must not be repeated.
package struct Interrupted: Error {
    package let cause: any Error
}
