/// A kind of row that clients read and write: its table, its fields and what its answers show.
///
/// REST addresses a row by `id`, SOAP by `key`. The SELECT lists, both writers, the checks and every document
/// are derived from this one declaration.
package struct Resource: Sendable {
    package let identity: Reference
    package let domain: Domain
    /// SOAP's words for one and for many; they differ from the table's in a few places (`tracking`).
    package let singular: String
    package let plural: String
    /// The same in a sentence: "a product" and "the products".
    package var one: String
    package var many: String
    /// What the contract's OPTIONS answer says of it.
    package let about: String
    package let key: Key
    /// Every field but `id`, in the order of the contract.
    package let fields: [Field]
    package var embedded: [Embedded] = []
    /// References that JSON answers show as the whole row instead of its id.
    package var expansions: [Expansion] = []
    /// The order of lists; `id` breaks ties in the direction of the last term.
    package var order: [Order] = []
    package var filters: [Filter] = []
    /// Whether the table notes in `changed_at` when a row, or what is shown inside it, was last changed.
    package var notesChanges: Bool
    package var rules: [Rule] = []

    /// How SOAP addresses a row.
    package enum Key: Sendable, Equatable {
        /// A unique text of its own: `product_id`.
        case own(Field)
        /// The key of the one row it belongs to: the inventory of a product.
        case parent(Field)
        /// Nothing but the numeric id.
        case id
    }

    /// A reference shown as the whole row it points to.
    package struct Expansion: Sendable {
        package let field: Field
        package let resource: Resource

        package init(_ field: Field, _ resource: Resource) {
            self.field = field
            self.resource = resource
        }
    }

    /// One term of an ORDER BY.
    package struct Order: Sendable, Equatable {
        package let field: Field
        package let isDescending: Bool

        package static func ascending(_ field: Field) -> Order { Order(field: field, isDescending: false) }
        package static func descending(_ field: Field) -> Order { Order(field: field, isDescending: true) }
    }

    /// A way to narrow a list, by the same name in every protocol.
    package enum Filter: Sendable {
        /// Rows whose field is exactly this; a reference is named by its key.
        case equals(Field)
        /// Rows with this text in one of the columns, whatever its case.
        case contains(Field, columns: [String])
        /// Rows with any of these business keys.
        case keys

        /// What the filter takes; nil for the business keys.
        package var field: Field? {
            switch self {
            case .equals(let field), .contains(let field, _): field
            case .keys: nil
            }
        }
    }

    package init(
        _ identity: Reference, in domain: Domain, singular: String? = nil, plural: String? = nil, key: Key,
        _ about: String, fields: [Field]
    ) {
        self.identity = identity
        self.domain = domain
        self.singular = singular ?? identity.resource
        self.plural = plural ?? identity.table
        self.key = key
        let words = self.singular.words
        one = ("aeiou".contains(words.first ?? " ") ? "an " : "a ") + words
        many = "the " + self.plural.words
        self.about = about
        self.fields = fields
        notesChanges = fields.contains(.updatedAt)
    }
}

// MARK: Names

extension Resource {
    /// The resource in the singular, as the contract's messages name it: `order_tracking`.
    package var name: String { identity.resource }

    package var table: String { identity.table }

    /// The last segment of its URL: `order-tracking`.
    package var path: String { String(table.map { $0 == "_" ? "-" : $0 }) }

    /// In words, as messages name it: `order tracking`.
    package var words: String { name.words }

    /// In words with capitals, as OPTIONS names it: `Order Tracking`.
    package var title: String { words.split(separator: " ").map(\.capitalized).joined(separator: " ") }

    /// As one word: `OrderTracking`.
    package var className: String { name.camelCased }

    /// The name of its SOAP type: `Tracking`.
    package var typeName: String { singular.camelCased }

    package func field(_ name: String) -> Field? { fields.first { $0.name == name } }

    /// The fields that clients write.
    package var writableFields: [Field] { fields.filter { !$0.isReadOnly } }

    /// The fields that SOAP's operations with such a body take.
    package func fields(givenTo body: Operation.Body) -> [Field] {
        fields.filter { !$0.isReadOnly || body == .create && $0.isDatable }
    }
}

extension StringProtocol {
    /// The word with its first letter as a capital: `Order`.
    package var capitalized: String { prefix(1).uppercased() + dropFirst() }

    /// A snake_case name in words: `order item`.
    package var words: String { String(map { $0 == "_" ? " " : $0 }) }

    /// A snake_case name as a type's: `order_item` is `OrderItem`.
    package var camelCased: String { split(separator: "_").map(\.capitalized).joined() }
}
