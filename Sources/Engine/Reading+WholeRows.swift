import Contract
import MariaDB
import Wire

/// A row with everything that it shows, of one state of the data.
struct WholeRow {
    let rendering: Rendering
    var inHoles: RowsInHoles = [:]
}

/// What a statement of `WholeRows` found.
struct FoundWholeRows {
    var rows: [Row] = []
    /// The versions of the rows that are shown inside, with their views.
    var references: [Reference] = []

    struct Row {
        let id: Int64
        /// Nil if the view's rows have no versions.
        let version: RowVersion?
        let rendering: Rendering
    }

    struct Reference {
        let view: View
        let version: RowVersion
    }
}

extension Cells {
    /// The number of the branch in a result of `WholeRows`.
    fileprivate var branch: Int { integer(0).map { Int($0) } ?? 0 }

    /// The version behind it; nil if the branch has none.
    fileprivate var version: RowVersion? { rows.version(at: first + 1) }
}

extension WholeRows {
    /// The version of a row that is shown inside others.
    fileprivate func reference(_ cells: Cells) -> FoundWholeRows.Reference? {
        let view = referenced[cells.branch - places.count]
        return cells.version.map { FoundWholeRows.Reference(view: view, version: $0) }
    }
}

extension Reading {
    /// Renders the rows of a result of `WholeRows`.
    func whole(_ view: View, _ rows: Rows) -> FoundWholeRows {
        let whole = view.whole
        var found = FoundWholeRows()
        // The rows come first, and their children are needed to render them.
        var children = [Fragments?](repeating: nil, count: view.parts.count)
        for place in whole.places { if let part = place.part { children[part] = Fragments() } }
        if whole.places.count + whole.referenced.count > 1 {
            while rows.next() {
                let cells = Cells(rows: rows)
                let number = cells.branch
                if number >= whole.places.count {
                    if let reference = whole.reference(cells) { found.references.append(reference) }
                } else if let part = whole.places[number].part {
                    children[part]?.append(cells.from(whole.places[number].firstColumn), of: view.parts[part])
                }
            }
            rows.rewind()
        }
        var canvas = Canvas()
        while rows.next() {
            let cells = Cells(rows: rows)
            let own = cells.from(whole.places[0].firstColumn)
            guard cells.branch == 0, let id = own.integer(0) else { break }
            canvas.append(view, own, children: children)
            found.rows.append(.init(id: id, version: cells.version, rendering: canvas.take()))
        }
        return found
    }

    /// The row that a request names. One statement reads it, and one more the rows that it shows, if these are not kept;
    /// if nothing else belongs to the answer, they need no snapshot around them.
    func whole(_ view: View, _ name: RowName, of resource: Resource, isAlone: Bool) throws -> WholeRow {
        let select = isAlone ? database.selectAlone : database.select
        let statements = try view.whole.statements(for: name, of: resource)
        var (rendering, references) = try kept(view, name, of: resource, statements, select) ?? (nil, [])
        if rendering == nil {
            let found = try whole(view, select(statements.rowAndReferences))
            rendering = found.rows.first?.rendering
            references = found.references
            keep(view, found, name)
        }
        guard let rendering else { throw Fault.noSuch(resource, name) }
        guard view.hasHoles else { return WholeRow(rendering: rendering) }
        if let inHoles = try rows(references, select) { return WholeRow(rendering: rendering, inHoles: inHoles) }
        // Another transaction has changed one of them meanwhile, so all are read in a snapshot.
        let found = try whole(view, database.select(statements.row))
        guard let row = found.rows.first else { throw Fault.noSuch(resource, name) }
        return WholeRow(rendering: row.rendering, inHoles: try rowsInHoles(of: [row.rendering]))
    }

    /// The kept rendering of a row, and the versions of the rows that it shows. The rendering is nil if it is not kept in
    /// its present version; the result is nil if none is likely to be, so that its version was not read.
    private func kept(
        _ view: View, _ name: RowName, of resource: Resource, _ statements: WholeRows.Statements,
        _ select: (SQL) throws -> Rows
    ) throws -> (rendering: Rendering?, references: [FoundWholeRows.Reference])? {
        guard version(view) != nil, shared.cache.likelyKeeps(view, name) else { return nil }
        let rows = try select(statements.versions)
        var (rendering, references) = (Rendering?.none, [FoundWholeRows.Reference]())
        var isThere = false
        while rows.next() {
            let cells = Cells(rows: rows)
            if cells.branch > 0 {
                if let reference = view.whole.reference(cells) { references.append(reference) }
            } else {
                isThere = true
                if let version = cells.version { rendering = shared.cache.rendering(view, name, version) }
            }
        }
        guard isThere else { throw Fault.noSuch(resource, name) }
        return (rendering, references)
    }

    /// Keeps renderings of committed rows.
    private func keep(_ view: View, _ found: FoundWholeRows, _ name: RowName? = nil) {
        guard version(view) != nil else { return }
        shared.cache.keep(
            view, found.rows.compactMap { row in row.version.map { ($0, row.rendering) } }, named: name)
    }

    /// The rows in these versions by view and id, from the cache or by a statement more; nil if one has another version
    /// by now.
    private func rows(
        _ references: [FoundWholeRows.Reference], _ select: (SQL) throws -> Rows
    ) throws -> RowsInHoles? {
        var rows: RowsInHoles = [:]
        var missing: [FoundWholeRows.Reference] = []
        for reference in references {
            if let rendering = version(reference.view).flatMap({ _ in
                shared.cache.renderings(reference.view, [reference.version])[0]
            }) {
                rows[ObjectIdentifier(reference.view), default: [:]][reference.version.id] = rendering
            } else {
                missing.append(reference)
            }
        }
        for same in Dictionary(grouping: missing, by: { ObjectIdentifier($0.view) }).values {
            let view = same[0].view
            let versions = Dictionary(same.map { ($0.version.id, $0.version) }) { $1 }
            let ids = versions.keys.sorted()
            let found = try whole(view, select(view.whole.select(PickedRows(ids, of: view.table))))
            guard found.rows.count == ids.count, found.rows.allSatisfy({ $0.version == versions[$0.id] }) else {
                return nil
            }
            keep(view, found)
            for row in found.rows { rows[ObjectIdentifier(view), default: [:]][row.id] = row.rendering }
        }
        return rows
    }
}
