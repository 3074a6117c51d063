import Contract
import MariaDB
import Wire

/// How rows of a resource are read and written in one format: its SELECT list and its template, both made from the
/// declaration at start-up.
final class View: Sendable {
    let format: Format
    /// The SELECT list, `products.id, products.product_id, …`, which always begins with the id.
    let columns: SQL
    let idColumn: SQL
    /// How the rows' versions are read, by which renderings can be kept. Nil where an answer also shows what no version
    /// covers: the key of a row of another table.
    let version: ViewVersion?
    /// The table with the joins that its columns need.
    let source: SQL
    let template: RowTemplate
    let parts: [Part]
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
        case children(SQL, order: SQL)
        /// By the outer row's reference in this column.
        case referenced(column: Int)
    }

    /// A view of rows that are answers themselves, or that are shown inside others.
    init(_ resource: Resource, _ format: Format, inside child: Embedded? = nil) {
        self.format = format
        let table = SQL(identifier: resource.table)
        var builder = Builder(table: table, source: table)
        builder.columns = ["\(table).id"]
        var parts: [Part] = []
        var fields = resource.fields
        var embedded = resource.embedded.filter { format == .xml || !$0.isKeyOnly }
        var template: RowTemplate
        if let child {
            fields = child.fields
            embedded = []
            template = format == .json ? .json() : .xml(child.isKeyOnly ? nil : child.element)
            builder.columns.append("\(table).\(SQL(identifier: child.parent.column))")
            if child.showsID { template.add("id", .cell(0, .plain)) }
        } else {
            template = format == .json ? .json() : .xml(resource.singular)
            if format == .json || resource.key == .id { template.add("id", .cell(0, .plain)) }
        }
        for field in fields {
            let expansion = resource.expansions.first { $0.field == field }
            if format == .json, let expansion {
                let column = builder.add("\(table).\(SQL(identifier: field.column))")
                template.add(field.name, .fragments(parts.count, isMany: false))
                parts.append(Part(view: View(expansion.resource, format), relation: .referenced(column: column)))
            } else {
                builder.add(field, to: &template, format)
            }
        }
        if child == nil, format == .xml {
            template.add("revision", .cell(builder.add("\(table).revision"), .plain))
        }
        var apart: (number: Int, embedded: Embedded)?
        for child in embedded {
            if child.isVersionedApart { apart = (parts.count, child) }
            template.add(format == .json ? child.name : child.element, .fragments(parts.count, isMany: child.isMany))
            parts.append(
                Part(
                    view: View(child.resource, format, inside: child),
                    relation: .children(
                        "\(SQL(identifier: child.resource.table)).\(SQL(identifier: child.parent.column))",
                        order: child.resource.orderBy(child.order))))
        }
        if child == nil, format == .xml {
            template.add(Element.attributes.name, .cell(builder.add("\(table).attributes"), .attributes))
        }
        idColumn = builder.columns[0]
        columns = builder.columns.joined(separator: ", ")
        source = builder.source
        let isClosed = builder.joins == 0 && parts.allSatisfy { $0.isHole || $0.view.isClosed }
        self.isClosed = isClosed
        version = resource.birthColumn.flatMap { birth in
            isClosed ? ViewVersion(resource, birth: birth, part: apart) : nil
        }
        hasHoles = parts.contains { $0.isHole || $0.view.hasHoles }
        self.template = template
        self.parts = parts
    }

    /// Collects columns and joins.
    private struct Builder {
        let table: SQL
        var source: SQL
        var columns: [SQL] = []
        var joins = 0

        @discardableResult
        mutating func add(_ column: SQL) -> Int {
            columns.append(column)
            return columns.count - 1
        }

        mutating func add(_ field: AnyField, to template: inout RowTemplate, _ format: Format) {
            let own: SQL = "\(table).\(SQL(identifier: field.column))"
            switch (field.kind, format) {
            case (.reference(let target), .xml):
                let other = SQL(identifier: target.table)
                joins += 1
                source += " LEFT JOIN \(other) ON \(other).id = \(own)"
                template.add(field.soapName, .cell(add("\(other).\(SQL(identifier: target.key))"), .text))
            case (.text(_, let blank), .xml), (.email(_, let blank), .xml):
                // An optional text that is empty is left out, like null.
                template.add(field.name, .cell(add(own), .text), leavesOutEmpty: blank)
            default: template.add(field.name, .cell(add(own), field.kind.style))
            }
        }
    }
}

extension Resource {
    /// The column with the time at which the server created a row; nil if the table has none.
    fileprivate var birthColumn: String? {
        fields.first { $0.stamp == .onCreate }.map { $0.isDatable ? "recorded_at" : $0.column }
    }
}
