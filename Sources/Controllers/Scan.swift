import Contract
import MariaDB

/// A slice of a list as a statement: which rows, in which order, and from where on.
struct Scan {
    let resource: Resource
    let conditions: [SQL]
    let terms: [Resource.Order]
    var limit: Int64?
    var offset: Int64 = 0
    /// A row known to stand at or before the offset.
    var start: PageStarts.Row?
    /// How many rows the whole list has, where it is known.
    var count: Int64?
    /// Whether only rows changed since some time are wanted.
    var isOfChanges = false

    /// The list's name among `PageStarts`; nil where a write may change the order or the choice of rows.
    var fixedOrder: String? {
        guard conditions.isEmpty, terms.allSatisfy({ $0.field.stamp == .onCreate && !$0.field.isDatable }),
            terms.count <= 1
        else {
            return nil
        }
        return terms.isEmpty ? resource.table : resource.table + (terms[0].isDescending ? " newest" : " oldest")
    }

    private var table: SQL { SQL(identifier: resource.table) }

    /// From the end, when that is nearer than the start and than any known row.
    private var isFromEnd: Bool {
        guard let count, let limit else { return false }
        return count - offset - limit < offset - (start?.position ?? 0)
    }

    /// The rows of the slice by some of the table's own columns, in the list's order unless it is read from the end.
    private func slice(_ columns: SQL) -> SQL {
        var order = resource.orderBy(isFromEnd ? terms.map(\.reversed) : terms, isReversed: isFromEnd)
        // MariaDB takes what has changed to be spread evenly over the ids, and would walk along them until the page is
        // full: past a million rows, where only new ones have changed. It cannot walk along a sum.
        if isOfChanges, terms.isEmpty { order = isFromEnd ? "\(table).id + 0 DESC" : "\(table).id + 0" }
        var conditions = conditions
        var slice: SQL = ""
        if let limit {
            if isFromEnd, let count {
                let end = max(0, count - offset - limit)
                slice = " LIMIT \(min(limit, count - offset)) OFFSET \(end)"
            } else {
                conditions += start.map { [behind($0)] } ?? []
                slice = " LIMIT \(limit) OFFSET \(offset - (start?.position ?? 0))"
            }
        }
        return "SELECT \(columns) FROM \(table)\(Self.condition(conditions)) ORDER BY \(order)\(slice)"
    }

    private static func condition(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
    }

    /// The rows from a known one on.
    private func behind(_ row: PageStarts.Row) -> SQL {
        guard let term = terms.first, let birth = row.birth else { return "\(table).id >= \(row.id)" }
        let column: SQL = "\(table).\(SQL(identifier: term.field.column))"
        // The first part alone is what the index can seek by.
        return term.isDescending
            ? "\(column) <= \(birth) AND (\(column) < \(birth) OR \(table).id <= \(row.id))"
            : "\(column) >= \(birth) AND (\(column) > \(birth) OR \(table).id >= \(row.id))"
    }

    /// The ids of the rows of the slice.
    var selectIDs: SQL { isFromEnd ? select("\(table).id") : slice("\(table).id") }

    /// The versions of the rows of the slice.
    func select(versions columns: SQL) -> SQL { hasVersionsInOrder && !isFromEnd ? slice(columns) : select(columns) }

    /// Whether an index has the versions of the rows in the order of the list: that of the newest rows does.
    var hasVersionsInOrder: Bool { conditions.isEmpty && terms == [.descending(.createdAt)] }

    /// Some columns of the rows of the slice.
    ///
    /// The ids come first, from an index that has the order and the filter, and then only the rows that are shown: a
    /// page scanned with all its columns costs MariaDB ten times as much.
    private func select(_ columns: SQL) -> SQL {
        """
        SELECT \(columns) FROM (\(slice("\(table).id"))) page JOIN \(table) ON \(table).id = page.id \
        ORDER BY \(resource.orderBy(terms))
        """
    }
}

extension Resource.Order {
    fileprivate var reversed: Resource.Order { isDescending ? .ascending(field) : .descending(field) }
}

extension Resource {
    /// The ORDER BY terms with `id` as the last, so that no two rows tie.
    func orderBy(_ terms: [Order], isReversed: Bool = false) -> SQL {
        let table = SQL(identifier: table)
        var columns: [SQL] = terms.map { term in
            let column: SQL = "\(table).\(SQL(identifier: term.field.column))"
            return term.isDescending ? "\(column) DESC" : column
        }
        // Alone, it ascends; behind others it goes with the last of them.
        let isDescending = terms.last?.isDescending ?? isReversed
        columns.append(isDescending ? "\(table).id DESC" : "\(table).id")
        return columns.joined(separator: ", ")
    }
}
