/// Rows of another table that an answer shows inside the row they belong to.
package struct Embedded: Sendable, Equatable {
    /// The JSON key: `images`.
    package let name: String
    /// The XML element: `image`.
    package let element: String
    package let resource: Resource
    /// The fields shown, in order; the id comes before them where `showsID` says so.
    package let fields: [AnyField]
    /// The child's reference to its parent.
    package let parent: AnyField
    package let isMany: Bool
    package let order: [Resource.Order]
    /// The rows' relation to the row that shows them, in words.
    package let meaning: String
    /// Whether an answer shows only the rows' keys, as plain elements and in SOAP only: so it refers to other services.
    package let isKeyOnly: Bool
    /// Whether a change of the only row leaves the revision of the row that shows it as it is, so that the two have to be
    /// compared by a revision each: stock changes with every sale, and its product does not.
    package let isVersionedApart: Bool

    /// Many children: `images: [...]` in JSON, repeated `image` elements in XML.
    package static func many(
        _ name: String, _ element: String, of resource: Resource, by parent: some FieldDeclaration,
        showing fields: [any FieldDeclaration], order: [Resource.Order] = [], _ meaning: String
    ) -> Embedded {
        Embedded(
            name: name, element: element, resource: resource, fields: fields.map(\.erased), parent: parent.erased,
            isMany: true, order: order, meaning: meaning, isKeyOnly: false, isVersionedApart: false)
    }

    /// At most one child: an object or null in JSON, an optional element in XML. By the contract its id is not shown.
    package static func one(
        _ name: String, of resource: Resource, by parent: some FieldDeclaration,
        showing fields: [any FieldDeclaration], isVersionedApart: Bool = false, _ meaning: String
    ) -> Embedded {
        Embedded(
            name: name, element: name, resource: resource, fields: fields.map(\.erased), parent: parent.erased,
            isMany: false, order: [], meaning: meaning, isKeyOnly: false, isVersionedApart: isVersionedApart)
    }

    /// The business keys of rows in another service: repeated `payment_id` elements, in SOAP only.
    package static func keys(
        of resource: Resource, _ key: some FieldDeclaration, by parent: some FieldDeclaration, isMany: Bool = true,
        _ meaning: String
    ) -> Embedded {
        Embedded(
            name: key.erased.name, element: key.erased.name, resource: resource, fields: [key.erased],
            parent: parent.erased, isMany: isMany, order: [], meaning: meaning, isKeyOnly: true, isVersionedApart: false
        )
    }

    /// Whether answers show the id of a row, as the contract has it.
    package var showsID: Bool { isMany && !isKeyOnly }

    /// The name of the SOAP type, which differs from the child's own since that has more fields.
    package var typeName: String { resource.typeName + "Summary" }
}
