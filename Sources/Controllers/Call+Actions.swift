import Contract
import MariaDB
import Wire

// MARK: States

extension Call {
    /// Moves a row to another state unless `refusal` gives a reason against it. The row is locked: when two callers
    /// move the same row at once, the second one is judged by the state that the first one left.
    func move(
        _ resource: Resource, _ status: Field, to target: String, refusal: (String) -> String? = { _ in nil },
        also change: SQL? = nil, _ message: String
    ) throws {
        try transaction {
            let row = try lockRow(resource, reading: [status])
            if let reason = refusal(row.text(status)) { throw Fault.refused(reason) }
            // By the contract, REST's updated_at changes even then.
            let isUnchanged = row.text(status) == target && change == nil && input.format == .xml
            if isUnchanged { return try sendChanged(resource, id: row.id, message) }
            var changes: [SQL] = ["\(SQL(identifier: status.column)) = \(target)"]
            if let change { changes.append(change) }
            if resource.fields.contains(.updatedAt) { changes.append("updated_at = UTC_TIMESTAMP(6)") }
            _ = try database.execute(
                """
                UPDATE \(SQL(identifier: resource.table)) SET \(changes.joined(separator: ", ")) WHERE id = \(row.id)
                """)
            try sendChanged(resource, id: row.id, message)
        }
    }
}

// MARK: Parts of a row

extension Call {
    /// Answers with a row's embedded rows of one name, as a bare list.
    func sendChildren(of resource: Resource, _ name: String) throws {
        try withPart(of: resource, name) { part, _ in
            reply.body.append("[")
            try append([part].compactMap { $0 })
            reply.body.append("]")
        }
    }

    /// Answers with a row's single embedded row of one name.
    func sendChild(of resource: Resource, _ name: String, orElse fault: Fault) throws {
        try withPart(of: resource, name) { part, _ in
            guard let part else { throw fault }
            try append([part])
        }
    }

    /// Answers with the contract's tracking form: the shipment, and its events a second time.
    func sendTracking(_ resource: Resource) throws {
        try withPart(of: resource, "events") { part, id in
            reply.body.append("{\"shipment\":")
            try sendRow(resource, id: id)
            reply.body.append(",\"events\":[")
            try append([part].compactMap { $0 })
            reply.body.append("]}")
        }
    }

    private func withPart(of resource: Resource, _ name: String, _ body: (Rendering?, Int64) throws -> Void) throws {
        let view = views[resource, .json]
        let shown = resource.embedded.filter { !$0.isKeyOnly }
        guard let index = shown.firstIndex(where: { $0.name == name }) else {
            fatalError("\(resource.name) embeds no \(name)")
        }
        try snapshot {
            let id = try rowID(resource)
            let part = view.parts[view.parts.count - shown.count + index]
            try body(load(part, of: [id]).rendering(of: id), id)
        }
    }

    /// Answers whether a code can be used, with the reason if not, and with the discount if so.
    func sendValidity(_ resource: Resource, id: Int64, _ reason: String?) throws {
        switch (input.format, reason) {
        case (.json, let reason?):
            reply.body.append("{\"valid\":false,\"message\":")
            reply.body.append(json: reason)
            reply.body.append("}")
        case (.json, nil):
            reply.body.append("{\"valid\":true,\"\(resource.name)\":")
            try sendRow(resource, id: id)
            reply.body.append("}")
        case (.xml, let reason?):
            reply.body.append("<valid>false</valid><reason>")
            reply.body.append(xml: reason)
            reply.body.append("</reason>")
        case (.xml, nil):
            reply.body.append("<valid>true</valid><\(resource.singular)>")
            try sendRow(resource, id: id)
            reply.body.append("</\(resource.singular)>")
        }
    }

    /// Answers with the contract's version and the time.
    func sendServiceInfo(_ domain: Domain) throws {
        let rows = try database.query("SELECT UTC_TIMESTAMP(6)")
        guard rows.next() else { fatalError("the time is a row") }
        reply.body.append("<contract_version>1.0</contract_version><server_time>")
        unsafe rows.withCell(0) { cell in
            if let cell = unsafe cell { unsafe reply.body.append(timestamp: cell) }
        }
        reply.body.append("</server_time>")
        for namespace in [domain.namespace, domain.legacyNamespace] {
            reply.body.append("<supported_namespace>\(namespace)</supported_namespace>")
        }
    }
}
