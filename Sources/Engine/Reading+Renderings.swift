import Contract
import MariaDB
import Wire

extension Rows: RowSource {
    /// The version of the current row, from the columns of a `ViewVersion` that begin at this one; nil if there is none.
    func version(at column: Int = 0) -> RowVersion? {
        guard let id = integer(column), let revision = integer(column + 1) else { return nil }
        return RowVersion(id: id, revision: revision, birth: fingerprint(column + 2))
    }

    /// The versions of all rows from the next one on.
    var versions: [RowVersion] {
        var versions: [RowVersion] = []
        versions.reserveCapacity(count)
        while next() { if let version = version() { versions.append(version) } }
        return versions
    }

    /// The ids in the first column of all rows from the next one on.
    var ids: [Int64] {
        var ids: [Int64] = []
        ids.reserveCapacity(count)
        while next() { if let id = integer(0) { ids.append(id) } }
        return ids
    }
}

/// Rows of a part of a list: their versions or only their ids.
struct FoundRows {
    let rows: Rows
    let haveVersions: Bool
}

// MARK: By version

extension Reading {
    /// Whether renderings are kept: what a transaction has written may be rolled back.
    var isKeeping: Bool { isReadingCommitted && shared.cache.isOn }

    /// The versions by which renderings of a view are kept; nil if they are not kept.
    func version(_ view: View) -> ViewVersion? { isKeeping ? view.version : nil }

    /// Finds the rows of a part of a list: by their versions if they are few, or an index has them in the list's order.
    ///
    /// Lists are read by the text protocol, since a prepared statement loses its index scan once another connection has
    /// used the table (MariaDB 10.11).
    func find(_ view: View, _ scan: Scan) throws -> FoundRows {
        if let version = version(view),
            scan.limit ?? .max <= LongLists.rowsAtOnce || scan.hasVersionsInOrder && version.part == nil
        {
            return FoundRows(rows: try database.query(scan.select(version)), haveVersions: true)
        }
        // Reading whole rows would sort them, with their long texts, in a temporary table on disk, and for most of a
        // table's rows MariaDB would scan the table instead of an index. The ids come from an index.
        return FoundRows(rows: try database.query(scan.selectIDs), haveVersions: false)
    }

    /// Finds the rows of a part of a list by their ids, and counts those of the whole list.
    func findAndCount(_ scan: Scan) throws -> (FoundRows, count: Int64) {
        let rows = try database.query(scan.selectIDsAndCount)
        return (FoundRows(rows: rows, haveVersions: false), try database.count("SELECT FOUND_ROWS()"))
    }

    /// The renderings of found rows, in their order.
    func renderings(_ view: View, _ found: FoundRows) throws -> [Rendering] {
        if found.haveVersions { return try renderings(view, found.rows.versions) }
        let ids = found.rows.ids
        let renderings = try renderings(view, ids: ids)
        return ids.compactMap { renderings[$0] }
    }

    /// The renderings of rows in these versions, in their order: from the cache or else from this snapshot.
    func renderings(_ view: View, _ versions: [RowVersion]) throws -> [Rendering] {
        var found = shared.cache.renderings(view, versions)
        let missing = found.indices.filter { found[$0] == nil }
        guard !missing.isEmpty else { return found.compactMap { $0 } }
        try renderParts(view, versions, &found, of: missing)
        let unknown = missing.filter { found[$0] == nil }
        if !unknown.isEmpty {
            let rendered = try render(view, ids: unknown.map { versions[$0].id })
            for index in unknown { found[index] = rendered[versions[index].id] }
        }
        shared.cache.keep(
            view, missing.compactMap { index in found[index].map { (version: versions[index], rendering: $0) } })
        return found.compactMap { $0 }
    }

    /// Renders rows anew of which only the part has changed that is versioned apart.
    private func renderParts(
        _ view: View, _ versions: [RowVersion], _ found: inout [Rendering?], of missing: [Int]
    ) throws {
        guard let number = view.version?.part else { return }
        let outdated = missing.compactMap { index in
            shared.cache.rendering(view, besidesPartOf: versions[index]).map { (index: index, rendering: $0) }
        }
        guard !outdated.isEmpty else { return }
        let parts = try load(view.parts[number], of: outdated.map { versions[$0.index].id })
        for (index, rendering) in outdated {
            let part = parts.rendering(of: versions[index].id)?.bytes ?? Array(view.nothing.description.utf8)
            found[index] = rendering.replacingPart(by: part)
        }
    }

    /// The renderings of rows by their ids, from the cache if only committed rows are read.
    func renderings(_ view: View, ids: [Int64]) throws -> [Int64: Rendering] {
        guard let version = version(view) else { return try render(view, ids: ids) }
        var renderings = [Int64: Rendering](minimumCapacity: ids.count)
        try forEachChunk(ids) { chunk in
            let picked = PickedRows(chunk, of: view.table)
            let rows = try database.select(
                "SELECT \(version.columns) FROM \(version.source) WHERE \(picked.condition)")
            let versions = rows.versions
            for (version, rendering) in zip(versions, try self.renderings(view, versions)) {
                renderings[version.id] = rendering
            }
        }
        return renderings
    }

    /// Reads the rows with these ids and renders each separately.
    func render(_ view: View, ids: [Int64]) throws -> [Int64: Rendering] {
        var renderings = [Int64: Rendering](minimumCapacity: ids.count)
        try forEachChunk(ids) { chunk in
            let rows = try database.select(view.whole.select(PickedRows(chunk, of: view.table)))
            for row in whole(view, rows).rows { renderings[row.id] = row.rendering }
        }
        return renderings
    }

    private func forEachChunk(_ ids: [Int64], _ body: ([Int64]) throws -> Void) rethrows {
        for start in stride(from: 0, to: ids.count, by: Self.idsPerStatement) {
            try body(Array(ids[start..<min(start + Self.idsPerStatement, ids.count)]))
        }
    }

    /// The longest IN list of a prepared statement.
    private static let idsPerStatement = 1000
}

// MARK: Rows in rows

extension Reading {
    /// Reads and renders the rows of one kind that are embedded in the rows with these ids.
    private func load(_ part: View.Part, of ids: [Int64]) throws -> Fragments {
        let fragments = Fragments()
        try forEachChunk(ids) { chunk in
            let rows = try database.select(part.select(chunk))
            while rows.next() { fragments.append(Cells(rows: rows), of: part) }
        }
        return fragments
    }

    /// The rows of one kind that belong to a row, rendered; nil if there are none.
    func rendering(of part: Embedded, of id: Int64, in resource: Resource) throws -> Rendering? {
        let view = views[resource, .json]
        let shown = resource.embedded.filter { !$0.isKeyOnly }
        guard let index = shown.firstIndex(of: part) else { fatalError("\(resource.name) embeds no \(part.name)") }
        return try load(view.parts[view.parts.count - shown.count + index], of: [id]).rendering(of: id)
    }

    /// The rows that belong in the holes, which have no holes themselves.
    func rowsInHoles(of renderings: [Rendering]) throws -> RowsInHoles {
        var rows: RowsInHoles = [:]
        var unfilled = renderings.flatMap(\.holes)
        while let view = unfilled.first?.view {
            var ids = Set<Int64>(minimumCapacity: unfilled.count)
            for hole in unfilled where hole.view === view { ids.insert(hole.key) }
            rows[ObjectIdentifier(view)] = try self.renderings(view, ids: Array(ids))
            unfilled.removeAll { $0.view === view }
        }
        return rows
    }
}

extension View.Part {
    var isHole: Bool {
        if case .referenced = relation { true } else { false }
    }

    /// The column of an embedded row that refers to its outer row.
    static let parentColumn = 1

    fileprivate func select(_ ids: [Int64]) -> SQL {
        let (parent, order): (SQL, SQL)
        switch relation {
        case .many(let column, let inner): (parent, order) = (column, " ORDER BY \(column), \(inner)")
        case .one(let column, _): (parent, order) = (column, "")
        case .referenced: fatalError("a hole is filled later")
        }
        return """
            SELECT \(view.columns.joined(separator: ", ")) FROM \(view.source) \
            WHERE \(parent) IN (\(list: ids))\(order)
            """
    }
}
