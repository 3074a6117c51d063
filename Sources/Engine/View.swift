import Contract
import MariaDB
import Wire

/// How rows of a resource are read and written in one format: its SELECT list and its template, both made from the
/// declaration at start-up.
final class View: Sendable {
    let format: Format
    let table: SQL
    /// The SELECT list: `products.id`, `products.product_id` and so on; the id is always the first.
    let columns: [SQL]
    let insertion: Insertion
    /// How the rows' versions are read, by which renderings can be kept. Nil where an answer also shows what no version
    /// covers: the key of a row of another table.
    let version: ViewVersion?
    /// The table with the joins that its columns need.
    let source: SQL
    let template: RowTemplate
    let parts: [Part]
    /// How one statement reads rows with everything inside them.
    let whole: WholeRows
    /// Whether everything shown belongs to the row or to rows whose changes increase the row's revision.
    private let isClosed: Bool
    /// Whether the rows show whole rows of another resource.
    let hasHoles: Bool

    /// What stands in the place of a single embedded row that there is not.
    var nothing: StaticString { format == .json ? "null" : "" }

    /// Rows that are embedded in those of a view.
    struct Part: Sendable {
        let view: View
        let relation: Relation
    }

    /// How the embedded rows are found.
    enum Relation: Sendable {
        /// By their reference to the outer row, which is the second column of their view.
        case many(parent: SQL, order: SQL)
        /// The same of at most one, whose columns are joined to the outer row's from `column` on.
        case one(parent: SQL, column: Int)
        /// By the outer row's reference in this column.
        case referenced(column: Int)
    }

    /// A view of rows that are answers themselves, or that are shown inside others. `whole` gives the views of the rows of
    /// other resources that they show.
    init(_ resource: Resource, _ format: Format, inside child: Embedded? = nil, whole: (Resource) -> View) {
        self.format = format
        table = SQL(identifier: resource.table)
        var builder = Builder(resource)
        var parts: [Part] = []
        var fields = resource.fields
        var embedded = resource.embedded.filter { format == .xml || !$0.isKeyOnly }
        var template: RowTemplate
        if let child {
            fields = child.fields
            embedded = []
            template = format == .json ? .json() : .xml(child.isKeyOnly ? nil : child.element)
            builder.add("\(table).\(SQL(identifier: child.parent.column))", .none)
            if child.showsID { template.add("id", .cell(0, .plain)) }
        } else {
            template = format == .json ? .json() : .xml(resource.singular)
            if format == .json || resource.key == .id { template.add("id", .cell(0, .plain)) }
        }
        for field in fields {
            let expansion = resource.expansions.first { $0.field == field }
            if format == .json, let expansion {
                let column = builder.add(field)
                template.add(field.name, .fragments(parts.count, isMany: false))
                parts.append(Part(view: whole(expansion.resource), relation: .referenced(column: column)))
            } else {
                builder.add(field, to: &template, format)
            }
        }
        if child == nil, format == .xml {
            template.add("revision", .cell(builder.add(made: "revision"), .plain))
        }
        var apart: (number: Int, embedded: Embedded)?
        for child in embedded {
            if child.isVersionedApart { apart = (parts.count, child) }
            template.add(format == .json ? child.name : child.element, .fragments(parts.count, isMany: child.isMany))
            let view = View(child.resource, format, inside: child, whole: whole)
            let parent: SQL = "\(SQL(identifier: child.resource.table)).\(SQL(identifier: child.parent.column))"
            parts.append(
                Part(
                    view: view,
                    relation: child.isMany
                        ? .many(parent: parent, order: child.resource.orderBy(child.order))
                        : .one(parent: parent, column: builder.join(view, by: parent))))
        }
        if child == nil, format == .xml {
            template.add(Element.attributes.name, .cell(builder.add("\(table).attributes", .attributes), .attributes))
        }
        columns = builder.columns
        insertion = Insertion(resource, returning: builder.returned, sources: builder.sources)
        source = table + builder.joins
        let isClosed = !builder.showsKeys && parts.allSatisfy { $0.isHole || $0.view.isClosed }
        self.isClosed = isClosed
        version = resource.birthColumn.flatMap { birth in
            isClosed ? ViewVersion(resource, birth: birth, part: apart) : nil
        }
        hasHoles = parts.contains { $0.isHole || $0.view.hasHoles }
        self.whole = WholeRows(columns, from: source, of: resource, version, parts)
        self.template = template
        self.parts = parts
    }

    /// Collects columns and joins.
    private struct Builder {
        let resource: Resource
        let table: SQL
        var columns: [SQL]
        /// Where the columns of a row that is just inserted come from, and what its INSERT returns for them.
        private(set) var sources: [Insertion.Source] = [.returned(0)]
        private(set) var returned: [SQL] = ["id"]
        var joins: SQL = ""
        /// Whether a key of a row of another table is shown.
        var showsKeys = false

        init(_ resource: Resource) {
            self.resource = resource
            table = SQL(identifier: resource.table)
            columns = ["\(table).id"]
        }

        @discardableResult
        mutating func add(_ column: SQL, _ source: Insertion.Source) -> Int {
            columns.append(column)
            sources.append(source)
            return columns.count - 1
        }

        /// Adds a column of the row itself that MariaDB makes.
        mutating func add(made name: SQL) -> Int {
            returned.append(name)
            return add("\(table).\(name)", .returned(returned.count - 1))
        }

        /// Adds the column of a field.
        mutating func add(_ field: AnyField) -> Int {
            let name = SQL(identifier: field.column)
            guard field.stamp == nil else { return add(made: name) }
            guard let number = resource.number(of: field.name) else {
                fatalError("\(resource.words) has no \(field.words)")
            }
            return add("\(table).\(name)", .stored(number))
        }

        mutating func add(_ field: AnyField, to template: inout RowTemplate, _ format: Format) {
            switch (field.kind, format) {
            case (.reference(let target), .xml):
                let other = SQL(identifier: target.table)
                showsKeys = true
                joins += " LEFT JOIN \(other) ON \(other).id = \(table).\(SQL(identifier: field.column))"
                let key = add("\(other).\(SQL(identifier: target.key))", .key(field.name))
                template.add(field.soapName, .cell(key, .text))
            case (.text(_, let blank), .xml), (.email(_, let blank), .xml):
                // An optional text that is empty is left out, like null.
                template.add(field.name, .cell(add(field), .text), leavesOutEmpty: blank)
            default: template.add(field.name, .cell(add(field), field.kind.style))
            }
        }

        /// Joins the only row of another view, and returns its first column.
        mutating func join(_ view: View, by parent: SQL) -> Int {
            joins += " LEFT JOIN \(view.source) ON \(parent) = \(table).id"
            let first = columns.count
            columns += view.columns
            sources += repeatElement(.none, count: view.columns.count)
            return first
        }
    }
}

extension Resource {
    /// The column with the time at which the server created a row; nil if the table has none.
    fileprivate var birthColumn: String? {
        fields.first { $0.stamp == .onCreate }.map { $0.isDatable ? "recorded_at" : $0.column }
    }
}
