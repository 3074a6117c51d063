/// What is wrong with one field of a request.
package struct FieldProblem: Sendable, Equatable {
    /// The way to the field, from the top of the row, the query or the arguments that the request gives.
    package let path: [Step]
    package let message: String
    /// Whether the path begins at the top of a SOAP request instead: `product.price`.
    package let isFromTop: Bool

    /// One step of the way: a member, or one of several that it holds.
    package struct Step: Sendable, Equatable {
        /// The name in REST.
        package let name: String
        package let soapName: String
        /// The number of the member's row, from 0.
        package let index: Int?

        package init(_ name: String, soap: String? = nil, _ index: Int? = nil) {
            self.name = name
            soapName = soap ?? name
            self.index = index
        }
    }

    package init(_ path: [Step], _ message: String, isFromTop: Bool = false) {
        self.path = path
        self.message = message
        self.isFromTop = isFromTop
    }

    /// A problem of a field at the top.
    package init(_ field: AnyField, _ message: String) {
        self.init([Step(field.name, soap: field.soapName)], message)
    }

    /// A problem of what is no field of a row, by the name that it has in both protocols.
    package init(_ name: String, _ message: String) { self.init([Step(name)], message) }

    /// The name in REST of the member at the top.
    package var name: String { path[0].name }

    /// The path as SOAP shows it: `item[2].product_id`.
    package var soapPath: String {
        path.map { step in step.soapName + (step.index.map { "[\($0)]" } ?? "") }.joined(separator: ".")
    }
}
