import Contract
import MariaDB
import Wire

/// How one statement reads rows of a view with everything inside them, so that all of it is of one state of the data.
///
/// The statement is a UNION of branches: the rows with their only children, each kind of their many children, and the
/// rows of other resources that they show, as versions or with everything inside them. The columns of a branch are NULL
/// in the rows of the others, so that each keeps its type; before them are the number of the branch, and a version in
/// three columns.
struct WholeRows: Sendable {
    /// Where rows and their children have their columns, by the number of the branch: first those of the view itself, then
    /// those of other resources that are shown inside.
    let places: [Place]
    /// How many places are the view's own. If only versions are read of the rows that are shown inside, the numbers that
    /// follow are those of `referenced`.
    let ownPlaces: Int
    /// The views of the rows of other resources that are shown inside.
    let referenced: [View]
    /// The number of columns of the view's own places.
    private let width: Int
    /// The statements for a row by its id and by its key, made once; nil if the rows have only ids.
    let byID: Statements
    let byKey: Statements?
    private let branches: Branches

    /// The statements for one row.
    struct Statements: Sendable {
        fileprivate let rowOfAnyName: SQL
        fileprivate let rowAndReferencesOfAnyName: SQL
        fileprivate let everythingOfAnyName: SQL
        fileprivate let versionsOfAnyName: SQL
        /// The name of the row, for all parameters; nil if they have their values.
        fileprivate var name: SQL.Value?
    }

    private struct Branches {
        /// The rows and their children.
        let rows: [Branch]
        let references: [Branch]
        /// The same, with the rows of other resources that are shown inside.
        let everything: [Branch]
        /// The versions of the rows and those of the rows that are shown inside, with no other columns.
        let versions: [Branch]

        func statements(_ picked: PickedRows) -> Statements {
            Statements(
                rowOfAnyName: union(rows, picked), rowAndReferencesOfAnyName: union(rows + references, picked),
                everythingOfAnyName: union(everything, picked), versionsOfAnyName: union(versions, picked))
        }

        func union(_ branches: [Branch], _ picked: PickedRows) -> SQL {
            branches.map { $0.select(picked) }.joined(separator: " UNION ALL ")
        }
    }

    /// Where a branch has its columns.
    struct Place: Sendable {
        /// The number of the rows' view: 0 is the view itself, and then come those of `referenced`.
        let view: Int
        /// The number of the part of that view; nil for the rows themselves.
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
            let condition: SQL = parent.map { "\($0) \(picked.isID)" } ?? picked.condition
            guard let order else { return "\(select) WHERE \(condition)" }
            // Without a limit MariaDB ignores the order of a branch.
            return "(\(select) WHERE \(condition) ORDER BY \(order) LIMIT 18446744073709551615)"
        }
    }

    /// The columns of the number and the version.
    private static let firstColumn = 4

    init(
        _ columns: [SQL], from source: SQL, of resource: Resource, _ version: ViewVersion?, _ parts: [View.Part]
    ) {
        let table = SQL(identifier: resource.table)
        var places = [Place(view: 0, part: nil, firstColumn: Self.firstColumn)]
        var width = Self.firstColumn + columns.count
        var shown: [Reference] = parts.compactMap { Reference($0, columns, of: table, parent: nil) }
        for (number, part) in parts.enumerated() {
            if case .one = part.relation, part.view.hasHoles { fatalError("an only child shows no others") }
            guard case .many(let parent, _) = part.relation else { continue }
            places.append(Place(view: 0, part: number, firstColumn: width))
            width += part.view.columns.count
            shown += part.view.parts.compactMap { inner in
                Reference(inner, part.view.columns, of: part.view.source, parent: parent)
            }
        }
        let ownPlaces = places.count
        var widthOfEverything = width
        for (index, reference) in shown.enumerated() {
            let whole = reference.view.whole
            places += whole.places[..<whole.ownPlaces].map { place in
                let firstColumn = widthOfEverything + place.firstColumn - Self.firstColumn
                return Place(view: index + 1, part: place.part, firstColumn: firstColumn)
            }
            widthOfEverything += whole.width - Self.firstColumn
        }
        func branch(_ number: Int, of width: Int) -> Branch {
            let place = places[number]
            let reference = place.view == 0 ? nil : shown[place.view - 1]
            let view = reference?.view
            func select(_ version: ViewVersion?, _ columns: [SQL], from source: SQL, by key: SQL) -> SQL {
                Self.select(
                    number, version, columns, at: place.firstColumn, of: width,
                    from: reference?.joining(source, by: key) ?? source)
            }
            if let part = place.part.map({ (view?.parts ?? parts)[$0] }),
                case .many(let parent, let order) = part.relation
            {
                return Branch(
                    select: select(nil, part.view.columns, from: part.view.source, by: parent),
                    parent: reference == nil ? parent : reference?.parent, order: "\(parent), \(order)")
            }
            let columns = view?.columns ?? columns
            return Branch(
                select: select(reference?.version ?? version, columns, from: view?.source ?? source, by: columns[0]),
                parent: reference?.parent)
        }
        func references(of width: Int) -> [Branch] {
            shown.enumerated().map { index, reference in
                let source = reference.joining(reference.version.source, by: reference.view.columns[0])
                let select = Self.select(ownPlaces + index, reference.version, of: width, from: source)
                return Branch(select: select, parent: reference.parent)
            }
        }
        let versions =
            version.map { version in
                [Branch(select: Self.select(0, version, from: version.source), parent: nil)]
                    + references(of: Self.firstColumn)
            } ?? []
        branches = Branches(
            rows: (0..<ownPlaces).map { branch($0, of: width) }, references: references(of: width),
            everything: places.indices.map { branch($0, of: widthOfEverything) }, versions: versions)
        byID = branches.statements(PickedRows([0], of: table))
        byKey = resource.condition(ofKey: "").map { [branches] in branches.statements(PickedRows($0, of: table)) }
        referenced = shown.map(\.view)
        self.places = places
        self.ownPlaces = ownPlaces
        self.width = width
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
        let parent: SQL?
        /// The table of the rows or children that show them, and its column that refers to them.
        private let holder: SQL
        private let column: SQL

        init?(_ part: View.Part, _ columns: [SQL], of holder: SQL, parent: SQL?) {
            guard case .referenced(let column) = part.relation else { return nil }
            guard let version = part.view.version, !part.view.hasHoles else {
                fatalError("what others show whole has versions and shows no others")
            }
            view = part.view
            self.version = version
            self.parent = parent
            self.holder = holder
            self.column = columns[column]
        }

        /// What they, or rows that belong to them, are read from; a row that several show comes several times.
        func joining(_ source: SQL, by key: SQL) -> SQL { "\(holder) JOIN (\(source)) ON \(key) = \(column)" }
    }
}

extension WholeRows {
    /// A statement for several rows.
    func select(_ picked: PickedRows) -> SQL { branches.union(branches.rows, picked) }

    /// The statements for the row that is named so.
    func statements(for name: RowName, of resource: Resource) throws -> Statements {
        switch name {
        case .id(let id): return byID.naming(.integer(id))
        case .key(let key, nil): if let byKey { return byKey.naming(.text(key)) }
        default: break
        }
        return branches.statements(
            PickedRows(try resource.condition(of: name), of: SQL(identifier: resource.table)))
    }
}

extension WholeRows.Statements {
    fileprivate func naming(_ value: SQL.Value) -> Self {
        var statements = self
        statements.name = value
        return statements
    }

    private func named(_ sql: SQL) -> SQL { name.map { sql.filled(with: $0) } ?? sql }

    /// The row with everything inside it.
    var row: SQL { named(rowOfAnyName) }
    /// The same, with the versions of the rows that are shown inside.
    var rowAndReferences: SQL { named(rowAndReferencesOfAnyName) }
    /// The same, with the rows of other resources that are shown inside, instead of their versions.
    var everything: SQL { named(everythingOfAnyName) }
    /// The versions of the row and of the rows that are shown inside.
    var versions: SQL { named(versionsOfAnyName) }
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
