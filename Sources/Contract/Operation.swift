/// An action that clients call, declared once; REST and SOAP reach it under the same name.
package final class Operation: Sendable {
    /// Verb and noun, `cancel_order`: the name of the SOAP element, of the operationId, and in tests and log lines.
    package let name: String
    /// The operation's effect in the words of the documents: `Cancel an order`.
    package let summary: String
    package let remarks: [Remark]
    /// Whether the operation writes, which decides how the pipeline runs it.
    package let effect: Effect
    package let target: Target
    /// The scope that a client needs for the operation; nil if any client may call it.
    package let scope: Scope?
    /// The REST methods and paths of the operation; empty when only SOAP has it.
    package let bindings: [Binding]
    package let soap: Reach
    /// The field by which SOAP names the row when that is not the resource's key: a tracking number.
    package let soapKey: AnyField?
    /// The arguments besides the key and the body.
    package let arguments: [Argument]
    package let body: Body
    package let reply: Reply

    package init(
        _ name: String, _ summary: String, _ effect: Effect, on target: Target, _ bindings: [Binding] = [],
        scope: Scope? = nil, soap: Reach = .own, soapKey: AnyField? = nil, arguments: [Argument] = [],
        body: Body? = nil, returns reply: Reply, remarks: [Remark] = []
    ) {
        self.name = name
        self.summary = summary
        self.remarks = remarks
        self.effect = effect
        self.target = target
        self.scope = scope ?? target.scope(effect)
        self.bindings = bindings
        self.soap = soap
        self.soapKey = soapKey
        self.arguments = arguments
        let isPosted = bindings.contains { $0.method == .post }
        self.body = body ?? (isPosted && !arguments.isEmpty ? .arguments : .none)
        self.reply = reply
        if case .part = reply, soap == .own { fatalError("\(name): SOAP has no answers that are a part of a row") }
    }

    /// What an operation is addressed to.
    package enum Target: Sendable {
        case collection(Resource)
        case row(Resource)
        /// The service itself.
        case service(Domain)

        /// The scope of an operation that declares none: what a service says of itself is for every client.
        fileprivate func scope(_ effect: Effect) -> Scope? {
            switch (self, effect) {
            case (.collection(let resource), .reading), (.row(let resource), .reading): .read(resource.domain)
            case (.collection(let resource), .writing), (.row(let resource), .writing): .write(resource.domain)
            case (.service, _): nil
            }
        }
    }

    /// An HTTP method with a place under the resource's URL.
    package struct Binding: Sendable, Equatable {
        package let method: Method
        /// The action's segment after the collection or the row; nil for the collection or the row itself.
        package let action: String?
        /// The contract's words for the action in its OPTIONS answer.
        package let options: String

        private init(_ method: Method, _ action: String? = nil, options: String = "") {
            self.method = method
            self.action = action
            self.options = options
        }

        package static let get = Binding(.get)
        package static let post = Binding(.post)
        package static let put = Binding(.put)
        package static let patch = Binding(.patch)
        package static let delete = Binding(.delete)
        package static func get(_ action: String, options: String) -> Binding {
            Binding(.get, action, options: options)
        }
        package static func post(_ action: String, options: String) -> Binding {
            Binding(.post, action, options: options)
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
        /// The row, which REST shows inside a record of this shape.
        case rowInside(Shape)
        /// A new row: 201 in REST.
        case created
        /// A page of rows.
        case page
        /// Rows without paging in REST; SOAP wraps them as a page.
        case list
        /// The rows of one kind that belong to the row: a bare list, or the only one. REST alone has such operations.
        case part(Embedded)
        /// The row after an action; REST says only that it worked, in the contract's words.
        case changed
        /// Nothing: 204 in REST, true in SOAP.
        case deleted
        /// A record of this shape.
        case record(Shape)
    }
}

extension Operation {
    /// The name of REST's parameter and of SOAP's header block by which an operation that writes is only tried.
    package static let dryRun = "dry_run"

    package var domain: Domain {
        switch target {
        case .collection(let resource), .row(let resource): resource.domain
        case .service(let domain): domain
        }
    }

    /// The resource that the operation works on; nil for an operation of the service itself.
    package var resource: Resource? {
        switch target {
        case .collection(let resource), .row(let resource): resource
        case .service: nil
        }
    }

    package var isOnRow: Bool { if case .row = target { true } else { false } }

    /// Whether the answer is a list whose length the client limits, so that it has no pages.
    package var isLimited: Bool { arguments.contains { $0.field == Paging.limit.erased } }

    /// Whether the answer may be one page of several.
    package var hasPages: Bool {
        switch reply {
        case .page: true
        case .list: !isLimited
        default: false
        }
    }
}
