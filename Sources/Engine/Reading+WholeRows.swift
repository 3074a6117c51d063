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
    /// The rows that are shown inside.
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
        /// Nil if only the version was read.
        var rendering: Rendering?
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
        let view = referenced[cells.branch - ownPlaces]
        return cells.version.map { FoundWholeRows.Reference(view: view, version: $0) }
    }
}

extension Reading {
    /// Renders the rows of a result of `WholeRows`; `isEverything` tells that it has the rows that are shown inside, too.
    func whole(_ view: View, _ rows: Rows, isEverything: Bool = false) -> FoundWholeRows {
        let whole = view.whole
        var found = FoundWholeRows()
        let views = isEverything ? [view] + whole.referenced : [view]
        // The rows come first, and their children are needed to render them.
        let children = views.map(\.emptyChildren)
        if whole.places.count > 1 {
            while rows.next() {
                let cells = Cells(rows: rows)
                let number = cells.branch
                guard isEverything || number < whole.ownPlaces else {
                    if let reference = whole.reference(cells) { found.references.append(reference) }
                    continue
                }
                let place = whole.places[number]
                guard let part = place.part else { continue }
                children[place.view][part]?.append(cells.from(place.firstColumn), of: views[place.view].parts[part])
            }
            rows.rewind()
        }
        var canvas = Canvas()
        while rows.next() {
            let cells = Cells(rows: rows)
            let number = cells.branch
            guard isEverything || number == 0 else { break }
            let place = whole.places[number]
            let own = cells.from(place.firstColumn)
            guard place.part == nil, let id = own.integer(0) else { continue }
            canvas.append(views[place.view], own, children: children[place.view])
            if place.view == 0 {
                found.rows.append(.init(id: id, version: cells.version, rendering: canvas.take()))
            } else if let version = cells.version {
                found.references.append(.init(view: views[place.view], version: version, rendering: canvas.take()))
            }
        }
        return found
    }

    /// The row that a request names. One statement reads it, together with the rows that it shows unless these are likely
    /// to be kept; one more reads those that are not. If nothing else belongs to the answer, they need no snapshot.
    func whole(_ view: View, _ name: RowName, of resource: Resource, isAlone: Bool) throws -> WholeRow {
        let select = isAlone ? database.selectAlone : database.select
        let statements = try view.whole.statements(for: name, of: resource)
        var (rendering, references) = try kept(view, name, of: resource, statements, select) ?? (nil, [])
        if rendering == nil {
            let isEverything = view.hasHoles && !(isKeeping && shared.cache.likelyKeepsInside(view))
            let found = try whole(
                view, select(isEverything ? statements.everything : statements.rowAndReferences),
                isEverything: isEverything)
            rendering = found.rows.first?.rendering
            references = found.references
            keep(view, found, name)
        }
        guard let rendering else { throw Fault.noSuch(resource, name) }
        guard view.hasHoles else { return WholeRow(rendering: rendering) }
        if let inHoles = try rows(references, inside: view, select) {
            return WholeRow(rendering: rendering, inHoles: inHoles)
        }
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

    /// The rows in these versions by view and id, from the cache, as they were read, or by a statement more; nil if one has
    /// another version by now.
    private func rows(
        _ references: [FoundWholeRows.Reference], inside view: View, _ select: (SQL) throws -> Rows
    ) throws -> RowsInHoles? {
        var rows: RowsInHoles = [:]
        var missing: [FoundWholeRows.Reference] = []
        var areKept = isKeeping
        for reference in references {
            let kept = isKeeping ? shared.cache.renderings(reference.view, [reference.version])[0] : nil
            if kept == nil, isKeeping {
                areKept = false
                if let read = reference.rendering { shared.cache.keep(reference.view, [(reference.version, read)]) }
            }
            if let rendering = kept ?? reference.rendering {
                rows[ObjectIdentifier(reference.view), default: [:]][reference.version.id] = rendering
            } else {
                missing.append(reference)
            }
        }
        if isKeeping, !references.isEmpty { shared.cache.note(view, keepsInside: areKept) }
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

extension View {
    /// A place for each kind of many children that `WholeRows` reads.
    fileprivate var emptyChildren: [Fragments?] {
        parts.map { part in
            if case .many = part.relation { Fragments() } else { nil }
        }
    }
}
