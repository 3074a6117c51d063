/// An argument of an operation besides the row's key and a body that describes a row.
package struct Argument: Sendable, Equatable {
    package let field: AnyField
    /// The name in REST, where the contract has another one than in SOAP: `q`.
    package let restName: String
    /// Whether a caller may omit the argument.
    package let isOptional: Bool
    /// Whether REST reads the argument like the filters of the contract's lists: any text, and "" means absent.
    package let isFilter: Bool
    /// The contract's own refusal when the argument is missing or empty.
    package let whenMissing: Fault?

    package init(
        _ field: some FieldDeclaration, restName: String? = nil, isOptional: Bool = false, isFilter: Bool = false,
        whenMissing: Fault? = nil
    ) {
        self.field = field.erased
        self.restName = restName ?? self.field.name
        self.isOptional = isOptional
        self.isFilter = isFilter
        self.whenMissing = whenMissing
    }
}
