import Contract
import MariaDB

/// How one statement reads rows of a view with everything inside them, so that all of it is of one state of the data.
///
/// The statement is a UNION of branches: the rows with their only children, each kind of their many children, and the
/// versions of the rows of other resources that they show. The columns of a branch are NULL in the rows of the others,
/// so that each keeps its type; before them are the number of the branch, and a version in three columns.
struct WholeRows: Sendable {
    /// Where the rows and their children have their columns, by the number of the branch.
    let places: [Place]
    /// The views of the rows that are shown inside, by the numbers that follow.
    let referenced: [View]
    private let rows: [Branch]
    private let references: [Branch]
    /// The versions of the rows and those of the rows that are shown inside, with no other columns.
    private let versions: [Branch]

    /// Where a branch has its columns.
    struct Place: Sendable {
        /// The number of the part of the view; nil for the rows themselves.
        let part: Int?
        let firstColumn: Int
    }

    /// A SELECT without its condition.
    private struct Branch {
        let select: SQL
        /// The column that refers to the rows; nil for a condition on their own table.
        let parent: SQL?
        var order: SQL?

        func select(_ picked: PickedRows) -> SQL {
            guard let parent else { return "\(select) WHERE \(picked.condition)" }
            guard let order else { return "\(select) WHERE \(parent) \(picked.isID)" }
            // Without a limit MariaDB ignores the order of a branch.
            return """
                (\(select) WHERE \(parent) \(picked.isID) ORDER BY \(parent), \(order) LIMIT 18446744073709551615)
                """
        }
    }

    /// The columns of the number and the version.
    private static let firstColumn = 4

    init(_ columns: [SQL], from source: SQL, of table: SQL, _ version: ViewVersion?, _ parts: [View.Part]) {
        var places = [Place(part: nil, firstColumn: Self.firstColumn)]
        var width = Self.firstColumn + columns.count
        var shown: [Reference] = parts.compactMap { Reference($0, columns, of: table, parent: nil) }
        for (number, part) in parts.enumerated() {
            guard case .many(let parent, _) = part.relation else { continue }
            places.append(Place(part: number, firstColumn: width))
            width += part.view.columns.count
            shown += part.view.parts.compactMap { inner in
                Reference(inner, part.view.columns, of: part.view.source, parent: parent)
            }
        }
        rows = places.enumerated().map { number, place in
            guard let part = place.part.map({ parts[$0] }), case .many(let parent, let order) = part.relation else {
                let select = Self.select(number, version, columns, at: place.firstColumn, of: width, from: source)
                return Branch(select: select, parent: nil)
            }
            let view = part.view
            let select = Self.select(number, nil, view.columns, at: place.firstColumn, of: width, from: view.source)
            return Branch(select: select, parent: parent, order: order)
        }
        func references(of width: Int) -> [Branch] {
            shown.enumerated().map { index, reference in
                let select = Self.select(places.count + index, reference.version, of: width, from: reference.source)
                return Branch(select: select, parent: reference.parent)
            }
        }
        self.references = references(of: width)
        versions =
            version.map { version in
                [Branch(select: Self.select(0, version, from: version.source), parent: nil)]
                    + references(of: Self.firstColumn)
            } ?? []
        referenced = shown.map(\.view)
        self.places = places
    }

    private static func select(
        _ number: Int, _ version: ViewVersion?, _ columns: [SQL] = [], at first: Int = firstColumn,
        of width: Int = firstColumn, from source: SQL
    ) -> SQL {
        var all = [SQL](repeating: "NULL", count: width)
        all[0] = SQL(number: number)
        all.replaceSubrange(first..<first + columns.count, with: columns)
        if let version { all.replaceSubrange(1..<firstColumn, with: [version.columns]) }
        return "SELECT \(all.joined(separator: ", ")) FROM \(source)"
    }

    /// Rows of another resource that are shown inside the rows, or inside their children.
    private struct Reference {
        let view: View
        let version: ViewVersion
        let source: SQL
        let parent: SQL?

        init?(_ part: View.Part, _ columns: [SQL], of holder: SQL, parent: SQL?) {
            guard case .referenced(let column) = part.relation else { return nil }
            guard let version = part.view.version else { fatalError("what others show whole has versions") }
            view = part.view
            self.version = version
            source = "\(holder) JOIN (\(version.source)) ON \(part.view.columns[0]) = \(columns[column])"
            self.parent = parent
        }
    }
}

extension WholeRows {
    /// A statement for the picked rows, perhaps with the versions of the rows that are shown inside.
    func select(_ picked: PickedRows, withReferences: Bool = false) -> SQL {
        (withReferences ? rows + references : rows).map { $0.select(picked) }.joined(separator: " UNION ALL ")
    }

    /// A statement for the versions of the picked rows and of the rows that are shown inside.
    func selectVersions(_ picked: PickedRows) -> SQL {
        versions.map { $0.select(picked) }.joined(separator: " UNION ALL ")
    }
}

/// Which rows of a table a statement reads.
struct PickedRows {
    /// The condition on the table itself.
    let condition: SQL
    /// The comparison with their ids, which follows a column that refers to the table.
    let isID: SQL

    /// The rows with these ids.
    init(_ ids: [Int64], of table: SQL) {
        isID = ids.count == 1 ? "= \(ids[0])" : "IN (\(list: ids))"
        condition = "\(table).id \(isID)"
    }

    /// The only row that meets a condition.
    init(_ condition: SQL, of table: SQL) {
        self.condition = condition
        isID = "= (SELECT id FROM \(table) WHERE \(condition))"
    }
}
