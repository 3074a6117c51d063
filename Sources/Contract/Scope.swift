/// What a client may be allowed to do.
package enum Scope: Sendable, Equatable {
    case read(Domain)
    /// Writing, and with it reading: a write answers with the row.
    case write(Domain)
    /// Giving captured money back.
    case financeRefund

    /// The scope as clients, tokens and documents spell it: `orders:write`.
    package var name: String {
        switch self {
        case .read(let domain): domain.rawValue + ":read"
        case .write(let domain): domain.rawValue + ":write"
        case .financeRefund: "finance:refund"
        }
    }
}
