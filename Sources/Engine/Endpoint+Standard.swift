package import Contract

extension Endpoint {
    /// The list, create, get, update and delete operations of a resource, with remarks on some of them.
    package static func standard(
        _ resource: Resource, list: [Remark] = [], create: [Remark] = [], update: [Remark] = [], delete: [Remark] = []
    ) -> [Endpoint] {
        [
            .reading(
                "list_\(resource.plural)", "List \(resource.many), a page at a time", .get, on: .collection(resource),
                returns: .page, remarks: .order(of: resource) + list
            ) { read in
                .page(try read.filtered(resource))
            },
            .writing(
                "create_\(resource.singular)", "Create \(resource.one)", .post, on: .collection(resource),
                takes: .new(resource), returns: .created, remarks: create
            ) { write, draft in
                try write.insert(draft)
            },
            .reading(
                "get_\(resource.singular)", "Return \(resource.one)", .get, on: .row(resource), returns: .row
            ) { read in
                .row(read.named)
            },
            .writing(
                "update_\(resource.singular)", "Change fields of \(resource.one)", .put, .patch, on: .row(resource),
                takes: .changes(to: resource), returns: .row, remarks: update
            ) { write, draft in
                .row(try write.update(draft))
            },
            .writing(
                "delete_\(resource.singular)", "Delete \(resource.one)", .delete, on: .row(resource),
                returns: .deleted, remarks: delete
            ) { write in
                try write.delete(resource)
                return .nothing
            },
        ]
    }

    /// A list of the contract under its own name; SOAP gets the same rows by the query of the list operation.
    package static func filtered<Value>(
        _ resource: Resource, _ action: String, by field: Field<Value>, rest: String? = nil, options: String
    ) -> Endpoint {
        .reading(
            "list_\(resource.plural)_\(action)", "List \(resource.many) with a given \(field.erased.words)",
            .get(action, options: options), on: .collection(resource),
            takes: .filter(field.erased.filtering(resource), rest: rest), returns: .list,
            soap: .through("list_\(resource.plural)", note: "query.\(field.erased.soapName)")
        ) { read, value in
            .list(try read.all(resource).matching(.equals(field), value))
        }
    }

    /// The operation by which a service describes itself.
    package static func serviceInfo(_ domain: Domain) -> Endpoint {
        .reading(
            "get_service_info", "Return the server's time and the contract's version", on: .service(domain),
            returns: .record(.serviceInfo)
        ) { read in
            .record([
                .value(.text("1.0")), .value(.timestamp(try read.now())),
                .values([.text(domain.namespace), .text(domain.legacyNamespace)]),
            ])
        }
    }
}

extension Shape {
    fileprivate static let serviceInfo = Shape(
        "ServiceInfo", "Facts about the service.", hasAttributes: false,
        .value(Field.text("contract_version", "Version of the contract that the service keeps.")),
        .value(Field.timestamp("server_time", "UTC time on the server when it answered.")),
        .values(
            Field.text("supported_namespace", "Namespace in which the service takes the elements of a request.")))
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
