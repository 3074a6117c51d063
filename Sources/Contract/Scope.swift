/// What a client may be allowed to do.
package enum Scope: Sendable, Hashable {
    case read(Domain)
    /// Writing, and with it reading: a write answers with the row.
    case write(Domain)
    /// Giving captured money back.
    case financeRefund
    /// Seeing the values that identify a person.
    case personal
    /// Managing clients, and reading what is remembered of them.
    case admin

    /// All scopes, in the order of the documents.
    package static let all =
        Domain.allCases.flatMap { [Scope.read($0), .write($0)] } + [.financeRefund, .personal, .admin]

    /// The scope as clients, tokens and documents spell it: `orders:write`.
    package var name: String {
        switch self {
        case .read(let domain): domain.rawValue + ":read"
        case .write(let domain): domain.rawValue + ":write"
        case .financeRefund: "finance:refund"
        case .personal: "pii:read"
        case .admin: "admin"
        }
    }
}
