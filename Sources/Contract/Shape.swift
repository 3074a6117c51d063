/// What an answer holds that is no plain row: named members in an order. The writers of both protocols and the documents
/// are derived from it.
package struct Shape: Sendable, Equatable {
    /// The name of the type, with capitals.
    package let name: String
    /// What the whole is, in a sentence.
    package let meaning: String
    package let members: [Member]
    /// Whether SOAP's type ends with further properties, so that it can grow after it was published.
    package let hasAttributes: Bool

    /// One name and what is there.
    package struct Member: Sendable, Equatable {
        package let name: String
        package let content: Content
        /// Whether the member is left out when it has no value.
        package let isOptional: Bool
        /// The element in SOAP, where it has another name.
        package let soapName: String
        package let meaning: String
    }

    /// What a member holds.
    package enum Content: Sendable, Equatable {
        case value(AnyField)
        /// Any number of values.
        case values(AnyField)
        /// A whole row.
        case row(Resource)
        /// The rows of one kind that belong to the row beside them.
        case part(Embedded)
    }

    package init(_ name: String, _ meaning: String, hasAttributes: Bool = true, _ members: Member...) {
        self.name = name
        self.meaning = meaning
        self.members = members
        self.hasAttributes = hasAttributes
    }
}

extension Shape.Member {
    package static func value(_ field: some FieldDeclaration, isOptional: Bool = false, soap: String? = nil) -> Self {
        let field = field.erased
        return Self(
            name: field.name, content: .value(field), isOptional: isOptional, soapName: soap ?? field.name,
            meaning: field.meaning)
    }

    package static func values(_ field: some FieldDeclaration) -> Self {
        let field = field.erased
        return Self(
            name: field.name, content: .values(field), isOptional: false, soapName: field.name, meaning: field.meaning)
    }

    package static func row(_ resource: Resource, isOptional: Bool = false, _ meaning: String) -> Self {
        Self(
            name: resource.name, content: .row(resource), isOptional: isOptional, soapName: resource.singular,
            meaning: meaning)
    }

    package static func part(_ part: Embedded) -> Self {
        Self(name: part.name, content: .part(part), isOptional: false, soapName: part.element, meaning: part.meaning)
    }
}
