/// One named value of a resource or a request without the Swift type of its values: its column, JSON key, XML element,
/// checks and documentation are derived from it. `Field` declares it.
package struct AnyField: Sendable, Equatable {
    /// The JSON key, the XML element and, unless `column` says otherwise, the column: snake_case.
    package let name: String
    package var column: String
    package var kind: Kind
    /// What the field is, its unit, who sets it and what its absence means, in a sentence or two.
    package private(set) var meaning: String
    /// Whether a create without it is refused.
    package var isRequired = true
    package var isNullable = false
    /// Whether only the server writes the field.
    package var isReadOnly = false
    /// Whether no two rows may have the same value.
    package var isUnique = false
    /// Whether a PUT may omit the field although a create may not: by the contract, a child then keeps its parent.
    package var staysOnPut = false
    /// When the server sets the field to the current time.
    package var stamp: Stamp?
    /// Whether SOAP's create may give this time instead of the server: an ERP's documents have dates of their own.
    package var isDatable = false
    /// What a create stores when the field is absent.
    package var initial: Value = .null

    /// The event at which the server sets a time.
    package enum Stamp: Sendable { case onCreate, onChange }

    package init(_ name: String, _ kind: Kind, _ meaning: String) {
        self.name = name
        self.column = name
        self.kind = kind
        self.meaning = meaning
    }

    /// The field as a filter of a list.
    package func filtering(_ resource: Resource) -> AnyField {
        var field = self
        field.meaning = "Only \(resource.many) whose \(soapName) is exactly this; absent: all."
        return field
    }

    /// The field's name for people: `Product id`; the contract's OPTIONS answers show it.
    package var label: String {
        name == "id" ? "ID" : String(words.prefix(1)).uppercased() + words.dropFirst()
    }

    /// The name in words: `product id`.
    package var words: String { name.words }
}

/// A field with or without the Swift type of its values.
package protocol FieldDeclaration: Sendable {
    /// The field without the type.
    var erased: AnyField { get }
}

extension AnyField: FieldDeclaration {
    package var erased: AnyField { self }
}
