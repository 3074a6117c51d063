package import Contract

/// The members of a request's body in the order sent; of two with the same name, the later one counts.
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

/// A request as an operation gets it, the same for REST and SOAP; no value in it is checked yet.
package struct Input: Sendable {
    package let notation: Notation
    /// The row that the request names.
    package var row = RowName.none
    /// The row or the changes that the body describes, or why the body could not be read. That failure is reported only
    /// after the row was found, since a missing row is reported first.
    package var body: Result<Members, Fault> = .success(Members())
    /// The operation's arguments, in the order of their declarations; nil is absent.
    package var arguments: [Raw?] = []
    /// The values of the resource's filters, in their order; nil is absent.
    package var filters: [Raw?] = []
    package var keys: [String] = []
    package var page: Raw?
    package var pageSize: Raw?
    package var updatedSince: Raw?
    /// Whether an update keeps the fields that it does not give, required ones included.
    package var isPartial = false
    package var expectedRevision: Raw?
    /// Names of fields to clear.
    package var cleared: [String] = []
    /// Problems of the request's elements themselves, not of their values.
    package var problems: [FieldProblem] = []
    /// Whether all those problems are elements that the operation does not declare.
    package var hasOnlyUnknownFields = false
    /// Further properties as names and values; nil is absent.
    package var attributes: [Member]?

    package init(_ notation: Notation) { self.notation = notation }

    /// The format in which the answer goes back.
    package var format: Format { notation == .xml ? .xml : .json }
}
