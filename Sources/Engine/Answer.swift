package import Contract
package import Wire

/// What an operation answers. How it is written depends on the protocol and on the operation's declared reply.
package enum Answer {
    /// The row of this name.
    case row(RowName)
    /// A row that was just stored, as its INSERT returned it.
    case new(NewRow)
    /// The page of a list that the query asks for.
    case page(Query)
    /// All rows of a list, or the page that the query asks for.
    case list(Query)
    /// The rows of the declared kind that belong to a row; `orElse` is the fault when the only one is missing.
    case part(of: RowName, orElse: Fault? = nil)
    /// The members of the declared record, in their order.
    case record([Content])
    /// The words for an action that worked, and the row after it.
    case message(String, RowName)
    /// Only that it is done.
    case nothing

    /// The content of one member of a record.
    package enum Content {
        case absent
        case value(Value)
        case values([Value])
        case row(RowName)
    }
}

/// A row that was just stored, in the format of the request.
package struct NewRow {
    let rendering: Rendering
}
