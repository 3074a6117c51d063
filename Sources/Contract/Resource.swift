/// A kind of row that clients read and write: its table, its fields and what its answers show.
///
/// REST addresses a row by `id`, SOAP by `key`. The SELECT lists, both writers, the checks and every document
/// are derived from this one declaration.
package final class Resource: Sendable {
    package let identity: Reference
    package let domain: Domain
    /// SOAP's words for one row and for many; a few differ from the table's name (`tracking`).
    package let singular: String
    package let plural: String
    /// The words with an article, for sentences: "a product" and "the products".
    package let one: String
    package let many: String
    /// The description of the resource in the contract's OPTIONS answer.
    package let about: String
    package let key: Key
    /// Every field but `id`, in the order of the contract.
    package let fields: [AnyField]
    /// The fields that clients write.
    package let writableFields: [AnyField]
    /// The same fields and the times that a SOAP create may give.
    private let creatableFields: [AnyField]
    /// The numbers in `fields`, by name.
    private let numbers: [String: Int]
    private let writableNumbers: [Int]
    private let creatableNumbers: [Int]
    package let embedded: [Embedded]
    /// References that JSON answers show as the whole row instead of its id.
    package let expansions: [Expansion]
    /// The order of lists; `id` breaks ties in the direction of the last term.
    package let order: [Order]
    package let filters: [Filter]
    /// Whether the table's `changed_at` says when a row, or another row shown inside it, was last changed.
    package let notesChanges: Bool
    package let rules: [Rule]
    /// The references by which one comes from a row to the one that is locked before it: an order is the lock of all that
    /// belongs to it. The triggers change the order after the row, and two writers that met it last would deadlock.
    package let lockedAfter: [AnyField]

    package init(
        _ identity: Reference, in domain: Domain, singular: String? = nil, plural: String? = nil, one: String? = nil,
        many: String? = nil, key: Key, about: String, fields: [any FieldDeclaration], embedded: [Embedded] = [],
        expansions: [Expansion] = [], order: [Order] = [], filters: [Filter] = [], notesChanges: Bool? = nil,
        rules: [Rule] = [], lockedAfter: [Field<Int64>] = []
    ) {
        self.identity = identity
        self.domain = domain
        self.singular = singular ?? identity.resource
        self.plural = plural ?? identity.table
        let words = self.singular.words
        self.one = one ?? ("aeiou".contains(words.first ?? " ") ? "an " : "a ") + words
        self.many = many ?? "the " + self.plural.words
        self.about = about
        self.key = key
        let fields = fields.map(\.erased)
        self.fields = fields
        writableNumbers = fields.indices.filter { !fields[$0].isReadOnly }
        creatableNumbers = fields.indices.filter { !fields[$0].isReadOnly || fields[$0].isDatable }
        writableFields = writableNumbers.map { fields[$0] }
        creatableFields = creatableNumbers.map { fields[$0] }
        numbers = Dictionary(uniqueKeysWithValues: zip(fields.map(\.name), fields.indices))
        self.embedded = embedded
        self.expansions = expansions
        self.order = order
        self.filters = filters
        self.notesChanges = notesChanges ?? fields.contains(.updatedAt)
        self.rules = rules
        self.lockedAfter = lockedAfter.map(\.erased)
    }

    /// How SOAP addresses a row.
    package enum Key: Sendable, Equatable {
        /// A unique text of the row's own: `product_id`.
        case own(AnyField)
        /// The key of the single row that it belongs to: an inventory is named by its product.
        case parent(AnyField)
        /// Only the numeric id.
        case id

        package static func own(_ field: Field<String>) -> Key { .own(field.erased) }
        package static func parent(_ field: Field<Int64>) -> Key { .parent(field.erased) }
    }

    /// A reference shown as the whole row it points to.
    package struct Expansion: Sendable {
        package let field: AnyField
        package let resource: Resource

        package init(_ field: Field<Int64>, _ resource: Resource) {
            self.field = field.erased
            self.resource = resource
        }
    }

    /// One term of an ORDER BY.
    package struct Order: Sendable, Equatable {
        package let field: AnyField
        package let isDescending: Bool

        package static func ascending(_ field: some FieldDeclaration) -> Order {
            Order(field: field.erased, isDescending: false)
        }
        package static func descending(_ field: some FieldDeclaration) -> Order {
            Order(field: field.erased, isDescending: true)
        }

        package var reversed: Order { Order(field: field, isDescending: !isDescending) }
    }

    /// A way to narrow a list, with the same name in REST and SOAP.
    package enum Filter: Sendable {
        /// Rows whose field has exactly this value; a reference is named by its key.
        case equals(AnyField)
        /// Rows with this text in one of the columns; case does not matter.
        case contains(AnyField, columns: [String])
        /// Rows with any of these business keys.
        case keys

        package static func equals<Value>(_ field: Field<Value>) -> Filter { .equals(field.erased) }
        package static func contains(_ field: Field<String>, columns: [String]) -> Filter {
            .contains(field.erased, columns: columns)
        }

        /// The field of the filter's value; nil for the business keys.
        package var field: AnyField? {
            switch self {
            case .equals(let field), .contains(let field, _): field
            case .keys: nil
            }
        }
    }
}

extension Resource: Equatable {
    /// Whether both are the same declaration: each is made once.
    package static func == (a: Resource, b: Resource) -> Bool { a === b }
}

extension Resource {
    /// The number in `fields` of the one with this name.
    package func number(of name: String) -> Int? { numbers[name] }
}

// MARK: Names

extension Resource {
    /// The resource in the singular, as the contract's messages name it: `order_tracking`.
    package var name: String { identity.resource }

    package var table: String { identity.table }

    /// The last segment of the resource's REST path: `order-tracking`.
    package var path: String { String(table.map { $0 == "_" ? "-" : $0 }) }

    /// The name in words, as messages show it: `order tracking`.
    package var words: String { name.words }

    /// The name in words with capitals, as OPTIONS answers show it: `Order Tracking`.
    package var title: String { words.split(separator: " ").map(\.capitalized).joined(separator: " ") }

    /// The name as one word: `OrderTracking`.
    package var className: String { name.camelCased }

    /// The name of the resource's SOAP type: `Tracking`.
    package var typeName: String { singular.camelCased }

    /// The fields that a SOAP operation with such a body takes.
    package func fields(givenTo body: Operation.Body) -> [AnyField] {
        body == .create ? creatableFields : writableFields
    }

    /// The numbers in `fields` of the same fields.
    package func numbers(givenTo body: Operation.Body) -> [Int] {
        body == .create ? creatableNumbers : writableNumbers
    }
}

extension StringProtocol {
    /// The word with its first letter as a capital: `Order`.
    package var capitalized: String { prefix(1).uppercased() + dropFirst() }

    /// A snake_case name in words: `order item`.
    package var words: String { String(map { $0 == "_" ? " " : $0 }) }

    /// A snake_case name as a type's name: `order_item` becomes `OrderItem`.
    package var camelCased: String { split(separator: "_").map(\.capitalized).joined() }
}
