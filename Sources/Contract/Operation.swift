/// An action that clients call, declared once; REST and SOAP reach it under the same name.
package struct Operation: Sendable {
    /// Verb and noun, `cancel_order`: the name of the SOAP element, of the operationId, and in tests and log lines.
    package let name: String
    /// The operation's effect in the words of the documents: `Cancel an order`.
    package let summary: String
    package var remarks: [Remark] = []
    package let domain: Domain
    /// The resource that the operation works on; nil for `get_service_info`.
    package let resource: Resource?
    package let target: Target
    /// The REST methods and paths of the operation; empty when only SOAP has it.
    package var bindings: [Binding] = []
    package var soap: Reach = .own
    /// The field by which SOAP names the row when that is not the resource's key: a tracking number.
    package var soapKey: Field?
    /// The arguments besides the key and the body.
    package var arguments: [Argument.Declaration] = []
    package var body: Body = .none
    /// The resource of the answer's rows when it is not the resource that the request addresses.
    package var answered: Resource?
    package let reply: Reply

    /// What an operation is addressed to.
    package enum Target: Sendable, Equatable { case collection, row, service }

    /// An HTTP method with a place under the resource's URL.
    package struct Binding: Sendable, Equatable {
        package let method: Method
        /// The action's segment after the collection or the row; nil for the collection or the row itself.
        package let action: String?
        /// The contract's words for the action in its OPTIONS answer.
        package let options: String

        package init(_ method: Method, _ action: String? = nil, options: String = "") {
            self.method = method
            self.action = action
            self.options = options
        }
    }

    /// The HTTP methods that operations are bound to.
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    /// How SOAP offers what a REST binding does.
    package enum Reach: Sendable, Equatable {
        /// SOAP has an operation of the same name.
        case own
        /// Another SOAP operation does the same; the note says with which arguments.
        case through(String, note: String)
    }

    /// What the body of the request describes.
    package enum Body: Sendable, Equatable {
        case none
        /// A whole new row.
        case create
        /// Some fields of a row; absent ones keep their values.
        case update
        /// Only the operation's arguments.
        case arguments
    }

    /// What a successful answer holds.
    package enum Reply: Sendable, Equatable {
        /// The row.
        case row
        /// A new row: 201 in REST.
        case created
        /// A page of rows.
        case page
        /// Rows without paging in REST; SOAP wraps them as a page.
        case list
        /// The row after an action; REST says only that it worked, in the contract's words.
        case changed
        /// Nothing: 204 in REST, true in SOAP.
        case deleted
        /// A shipment with its events, the contract's own form.
        case tracking
        /// Whether a discount code can be used.
        case validity
        case serviceInfo
    }

    package init(
        _ name: String, _ summary: String, in domain: Domain, on resource: Resource?, _ target: Target, reply: Reply
    ) {
        self.name = name
        self.summary = summary
        self.domain = domain
        self.resource = resource
        self.target = target
        self.reply = reply
    }
}

/// The limits of paging, which every list shares.
package enum Paging {
    /// The size of a REST page, which is fixed.
    package static let restSize: Int64 = 100
    package static let defaultSize: Int64 = 50
    package static let sizes: ClosedRange<Int64> = 1...1000
    package static let page = Field.integer(
        "page", 1...Kind.int32.upperBound,
        "Number of the page to return; absent: 1. When your own work takes rows out of the filter while you page, ask "
            + "for page 1 again until it is empty.")
    package static let size = Field.integer(
        "page_size", sizes, "Number of rows that a page holds, 1 to \(sizes.upperBound); absent: \(defaultSize).")
    package static let updatedSince = Field.timestamp(
        "updated_since",
        "UTC time: only rows that changed at or after it, or that show a row that did. Send the next_updated_since "
            + "that the first page gave last time; a row that comes again unchanged is known by its revision, not by "
            + "updated_at.")
    package static let nextUpdatedSince = Field.timestamp(
        "next_updated_since",
        "UTC time to send as updated_since next time, so that no change is missed. Of a list read in pages, keep that of "
            + "the first page. A row that others delete meanwhile may move a later one out between two pages: a page that "
            + "holds all is safe.")
    package static let limit = Field.integer(
        "limit", 0...Int64.max, "Number of rows to return at most; absent: \(defaultLimit).")
    package static let defaultLimit: Int64 = 10
    /// The text that asks for the last page.
    package static let last = "last"
}
