import Contract
import MariaDB

/// How statements read the versions of a view's rows, by which their renderings are kept: the row's id, its revision
/// together with that of a part that is versioned apart, and the time of its creation.
struct ViewVersion: Sendable {
    /// The number of that part among those of the view; nil if the row's own revision tells all.
    let part: Int?
    /// The columns of the versions, and what they are read from.
    let columns: SQL
    let source: SQL
    private let table: SQL
    private let joins: SQL
    /// The columns of the row alone; and for rows of a derived table, the columns of the versions and the join.
    private let own: SQL
    private let pageColumns: SQL
    private let pageJoin: SQL

    init(_ resource: Resource, birth: String, part: (number: Int, embedded: Embedded)?) {
        let birth = SQL(identifier: birth)
        let partTable = part.map { SQL(identifier: $0.embedded.resource.table) }
        // One number for both revisions costs less than a column more.
        let partRevision: SQL = partTable.map { "COALESCE(\($0).revision & 0x7fffffff, 0) << 32 | " } ?? ""
        func join(to rows: SQL) -> SQL {
            guard let part, let partTable else { return "" }
            let parent = SQL(identifier: part.embedded.parent.column)
            return " LEFT JOIN \(partTable) ON \(partTable).\(parent) = \(rows).id"
        }
        table = SQL(identifier: resource.table)
        self.part = part?.number
        own = "\(table).id, \(table).revision, \(table).\(birth)"
        columns = "\(table).id, \(partRevision)\(table).revision, \(table).\(birth)"
        pageColumns = "page.id, \(partRevision)page.revision, page.\(birth)"
        joins = join(to: table)
        pageJoin = join(to: "page")
        source = table + joins
    }

    /// A statement for the versions of the rows that one for their ids finds, in the same order.
    ///
    /// The ids come from an index that has the order and the filter, and then only the rows that are shown are read:
    /// scanning a page with all columns costs MariaDB ten times as much.
    func select(ofPage ids: SQL, orderBy order: SQL) -> SQL {
        "SELECT \(columns) FROM (\(ids)) page JOIN \(table) ON \(table).id = page.id\(joins) ORDER BY \(order)"
    }

    /// A statement for the versions of the rows that `slice` finds by an index which has all of the row's own columns.
    func select(ofSlice slice: (SQL) -> SQL, orderBy order: (SQL) -> SQL) -> SQL {
        guard part != nil else { return slice(columns) }
        return "SELECT \(pageColumns) FROM (\(slice(own))) page\(pageJoin) ORDER BY \(order("page"))"
    }
}
