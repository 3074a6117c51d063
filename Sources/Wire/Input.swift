package import Contract

/// The members of a request's body, in the order sent; a later one of the same name wins.
package struct Members: Sendable {
    package var items: [Member] = []

    package init(_ items: [Member] = []) { self.items = items }

    package subscript(name: String) -> Raw? { items.last { $0.name == name }?.value }
}

/// One name and value of a request.
package struct Member: Sendable, Equatable {
    package let name: String
    package let value: Raw

    package init(_ name: String, _ value: Raw) {
        self.name = name
        self.value = value
    }
}

/// A request as an operation sees it, whichever protocol brought it: nothing in it is checked yet.
package struct Input: Sendable {
    package let notation: Notation
    /// Which row is meant.
    package var row = Row.none
    /// The row or the changes that the body describes, or why it could not be read. A missing row matters more
    /// than an unreadable body, so the failure waits until the row was found.
    package var body: Result<Members, Fault> = .success(Members())
    /// By the operation's declarations, in their order; nil is absent.
    package var arguments: [Raw?] = []
    /// By the resource's filters, in their order; nil is absent.
    package var filters: [Raw?] = []
    package var keys: [String] = []
    package var page: Raw?
    package var pageSize: Raw?
    package var updatedSince: Raw?
    /// Whether absent fields of an update are kept although they are required.
    package var isPartial = false
    package var expectedRevision: Raw?
    /// Names of fields to empty.
    package var cleared: [String] = []
    /// What is wrong with the request's elements as such, whatever their values are.
    package var problems: [FieldProblem] = []
    /// Whether all of those are elements that nobody declared.
    package var hasOnlyUnknownFields = false
    /// Further properties as names and values; nil is absent.
    package var attributes: [Member]?

    /// The name of a row in a request.
    package enum Row: Sendable, Equatable {
        case none
        case id(Int64)
        /// Digits beyond any id.
        case impossibleID
        /// What can be no id at all.
        case malformed
        case key(String)
    }

    package init(_ notation: Notation) { self.notation = notation }

    /// The format in which the answer goes back.
    package var format: Format { notation == .xml ? .xml : .json }
}
