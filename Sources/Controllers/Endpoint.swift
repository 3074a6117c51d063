package import Contract
import MariaDB
import Wire

/// An operation and the code that runs it.
package struct Endpoint: Sendable {
    package let operation: Operation
    let run: @Sendable (Call) throws -> Void

    init(_ operation: Operation, _ run: @escaping @Sendable (Call) throws -> Void) {
        self.operation = operation
        self.run = run
    }

    /// An operation with arguments, which its code receives checked, typed and in the order of their declarations.
    init<each Value: Sendable>(
        _ operation: Operation, takes argument: repeat Argument.Typed<each Value>,
        run: @escaping @Sendable (Call, repeat each Value) throws -> Void
    ) {
        var operation = operation
        operation.arguments = []
        for declaration in repeat (each argument).declaration { operation.arguments.append(declaration) }
        let declared = operation
        self.operation = declared
        self.run = { call in
            var values = try call.checkedArguments(declared).makeIterator()
            try run(call, repeat (each argument).read(values.next() ?? .null))
        }
    }
}

// MARK: What every resource has

extension Endpoint {
    /// The list, create, get, update and delete operations of a resource, with remarks on some of them.
    static func standard(
        _ resource: Resource, list: [Remark] = [], create: [Remark] = [], update: [Remark] = [], delete: [Remark] = []
    ) -> [Endpoint] {
        [
            Endpoint(
                .on(
                    resource, "list_\(resource.plural)", "List \(resource.many), a page at a time", .collection, .page,
                    .init(.get), remarks: .order(of: resource) + list)
            ) { call in
                try call.sendPage(resource, where: call.conditions(resource))
            },
            Endpoint(
                .on(
                    resource, "create_\(resource.singular)", "Create \(resource.one)", .collection, .created,
                    .init(.post),
                    body: .create, remarks: create)
            ) { call in
                try call.create(resource)
            },
            Endpoint(
                .on(resource, "get_\(resource.singular)", "Return \(resource.one)", .row, .row, .init(.get))
            ) { call in
                try call.sendRow(resource)
            },
            Endpoint(
                .on(
                    resource, "update_\(resource.singular)", "Change fields of \(resource.one)", .row, .row,
                    .init(.put),
                    .init(.patch), body: .update, remarks: update)
            ) { call in
                try call.update(resource)
            },
            Endpoint(
                .on(
                    resource, "delete_\(resource.singular)", "Delete \(resource.one)", .row, .deleted, .init(.delete),
                    remarks: delete)
            ) { call in
                try call.delete(resource)
            },
        ]
    }

    /// A list of the contract under its own name; SOAP gets the same rows by the query of the list operation.
    static func filtered(
        _ resource: Resource, _ action: String, by field: Field, rest: String? = nil, options: String
    ) -> Endpoint {
        var operation = Operation.on(
            resource, "list_\(resource.plural)_\(action)", "List \(resource.many) with a given \(field.words)",
            .collection, .list, .init(.get, action, options: options))
        operation.soap = .through("list_\(resource.plural)", note: "query.\(field.soapName)")
        return Endpoint(operation, takes: .filter(field.filtering(resource), rest: rest)) { call, value in
            let conditions = value.map { [call.condition(.equals(field), .text($0), on: resource)] } ?? []
            try call.sendList(resource, where: conditions)
        }
    }
}

extension Endpoint {
    /// The operation by which a service describes itself.
    static func serviceInfo(_ domain: Domain) -> Endpoint {
        Endpoint(
            Operation(
                "get_service_info", "Return the server's time and the contract's version", in: domain, on: nil,
                .service,
                reply: .serviceInfo)
        ) { call in
            try call.sendServiceInfo(domain)
        }
    }
}

extension Operation {
    /// A REST operation on one resource that answers with rows of another; SOAP has another operation for those rows.
    static func through(_ other: String, _ note: String, _ own: Operation, of resource: Resource) -> Operation {
        var operation = own
        operation.soap = .through(other, note: note)
        operation.answered = resource
        return operation
    }

    static func on(
        _ resource: Resource, _ name: String, _ summary: String, _ target: Target, _ reply: Reply,
        _ bindings: Binding..., body: Body = .none, remarks: [Remark] = []
    ) -> Operation {
        var operation = Operation(name, summary, in: resource.domain, on: resource, target, reply: reply)
        operation.bindings = bindings
        operation.body = body
        operation.remarks = remarks
        return operation
    }
}

extension [Remark] {
    /// Remarks on how a resource's list is sorted and filtered, which differs between the protocols.
    fileprivate static func order(of resource: Resource) -> [Remark] {
        let terms = resource.order.map { $0.field.name + ($0.isDescending ? " (descending)" : "") }
        return [
            .rest(
                "Sorted by \(terms.isEmpty ? "id" : terms.joined(separator: ", ")). Parameters other than page are ignored: "
                    + "filters and the size of a page are SOAP's."),
            .soap("Sorted by creation, the oldest first: whoever reads page after page misses no new row."),
        ]
    }
}

extension Remark {
    /// The remark on creating rows in the resources of analytics.
    static let figures = both(
        "The figures are stored as sent: the server computes none of them from orders or payments.")
}
