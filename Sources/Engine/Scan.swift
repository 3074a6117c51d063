import Contract
import MariaDB

/// A part of a list as a statement: which rows, in which order, and from which position.
struct Scan {
    let resource: Resource
    let conditions: [Query.Condition]
    let terms: [Resource.Order]
    var limit: Int64?
    var offset: Int64 = 0
    /// A row whose position, at or before the offset, is known.
    var start: PageStarts.Row?
    /// The number of rows in the whole list, if known.
    var count: Int64?
    /// Whether the list has only the rows changed since some time.
    var isOfChanges = false

    /// The list's name in `PageStarts`; nil if a write may change the order or the selection of rows.
    var fixedOrder: String? {
        guard conditions.isEmpty, terms.allSatisfy({ $0.field.stamp == .onCreate && !$0.field.isDatable }),
            terms.count <= 1
        else {
            return nil
        }
        return terms.isEmpty ? resource.table : resource.table + (terms[0].isDescending ? " newest" : " oldest")
    }

    private var table: SQL { SQL(identifier: resource.table) }

    /// Whether the part is read backwards, because the end is nearer than the start and than every known row.
    private var isFromEnd: Bool {
        guard let count, let limit else { return false }
        return count - offset - limit < offset - (start?.position ?? 0)
    }

    /// The part's rows with some of the table's own columns, in the list's order, or reversed when read from the end.
    private func slice(_ columns: SQL, options: SQL = "") -> SQL {
        var order = resource.orderBy(isFromEnd ? terms.map(\.reversed) : terms, isReversed: isFromEnd)
        // MariaDB assumes that changed rows are spread evenly over the ids, and would walk along the ids until the page
        // is full: past a million rows if only new ones have changed. It cannot use an index for a sum.
        if isOfChanges, terms.isEmpty { order = isFromEnd ? "\(table).id + 0 DESC" : "\(table).id + 0" }
        var conditions = conditions
        var slice: SQL = ""
        if let limit {
            if isFromEnd, let count {
                let end = max(0, count - offset - limit)
                slice = " LIMIT \(min(limit, count - offset)) OFFSET \(end)"
            } else {
                conditions += start.map { [Query.Condition(sql: behind($0))] } ?? []
                slice = " LIMIT \(limit) OFFSET \(offset - (start?.position ?? 0))"
            }
        }
        return "SELECT \(options)\(columns) FROM \(table)\(Self.condition(conditions)) ORDER BY \(order)\(slice)"
    }

    static func condition(_ conditions: [Query.Condition]) -> SQL {
        conditions.isEmpty ? "" : " WHERE \(conditions.map(\.sql).joined(separator: " AND "))"
    }

    /// The condition for the rows from a known one on.
    private func behind(_ row: PageStarts.Row) -> SQL {
        guard let term = terms.first, let birth = row.birth else { return "\(table).id >= \(row.id)" }
        let column: SQL = "\(table).\(SQL(identifier: term.field.column))"
        // An index can only be used for the first comparison.
        return term.isDescending
            ? "\(column) <= \(birth) AND (\(column) < \(birth) OR \(table).id <= \(row.id))"
            : "\(column) >= \(birth) AND (\(column) > \(birth) OR \(table).id >= \(row.id))"
    }

    /// A statement for the ids of the part's rows.
    var selectIDs: SQL {
        let slice = slice("\(table).id")
        return isFromEnd
            ? "SELECT page.id FROM (\(slice)) page JOIN \(table) ON \(table).id = page.id ORDER BY \(resource.orderBy(terms))"
            : slice
    }

    /// A statement for the ids of the part's rows, after which FOUND_ROWS() is the number of the whole list's.
    var selectIDsAndCount: SQL { slice("\(table).id", options: "SQL_CALC_FOUND_ROWS ") }

    /// A statement for the versions of the part's rows.
    func select(_ version: ViewVersion) -> SQL {
        guard hasVersionsInOrder, !isFromEnd else {
            return version.select(ofPage: slice("\(table).id"), orderBy: resource.orderBy(terms))
        }
        return version.select(ofSlice: { slice($0) }) { resource.orderBy(terms, of: $0) }
    }

    /// Whether an index has the versions of the rows in the list's order, as it does for the newest rows first.
    var hasVersionsInOrder: Bool { conditions.isEmpty && terms == [.descending(.createdAt)] }
}

extension Scan {
    /// The first rows of the list that a query asks for, in an order.
    init(_ query: Query, _ terms: [Resource.Order], limit: Int64?) {
        resource = query.resource
        conditions = query.conditions
        self.terms = terms
        self.limit = limit
        isOfChanges = query.isOfChanges
    }
}

extension Resource {
    /// The ORDER BY terms with `id` as the last, so that no two rows tie.
    func orderBy(_ terms: [Order], isReversed: Bool = false, of rows: SQL? = nil) -> SQL {
        let table = rows ?? SQL(identifier: table)
        var columns: [SQL] = terms.map { term in
            let column: SQL = "\(table).\(SQL(identifier: term.field.column))"
            return term.isDescending ? "\(column) DESC" : column
        }
        // Without other terms the ids ascend; otherwise they follow the direction of the last term.
        let isDescending = terms.last?.isDescending ?? isReversed
        columns.append(isDescending ? "\(table).id DESC" : "\(table).id")
        return columns.joined(separator: ", ")
    }
}
