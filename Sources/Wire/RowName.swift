/// The name of a row in a request.
package enum RowName: Sendable, Equatable {
    case none
    case id(Int64)
    /// Digits of a number that no id can have.
    case impossibleID
    /// A text that cannot be an id.
    case malformed
    /// The value of the resource's key, or of another unique column.
    case key(String, column: String? = nil)
}
