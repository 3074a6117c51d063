package import Contract

extension REST {
    /// Replaces the reply's content by the fault, in the contract's form.
    package static func write(_ fault: Fault, _ reply: Reply, requestID: String) {
        reply.beginFault(fault.code, status: fault.code.status)
        reply.contentType = json
        reply.body.append("{")
        switch fault.form {
        case .detail:
            reply.body.append("\"detail\":")
            reply.body.append(json: fault.text)
        case .error:
            reply.body.append("\"error\":")
            reply.body.append(json: fault.text)
        case .fields: reply.body.appendMembers(fault.problems.map { ($0.path[...], $0.message) })
        }
        if fault.code.isOurs {
            reply.body.append(",\"request_id\":")
            reply.body.append(json: requestID)
        }
        reply.body.append("}")
    }
}

extension Bytes {
    fileprivate typealias Problems = [(path: ArraySlice<FieldProblem.Step>, message: String)]

    /// Appends the problems of an object's members, each member once: `"price":["…"],"items":[{},{"quantity":["…"]}]`.
    fileprivate mutating func appendMembers(_ problems: Problems) {
        var names: [String] = []
        for problem in problems {
            if let name = problem.path.first?.name, !names.contains(name) { names.append(name) }
        }
        for (place, name) in names.enumerated() {
            if place > 0 { append(",") }
            append(json: name)
            append(":")
            appendMember(problems.filter { $0.path.first?.name == name })
        }
    }

    /// Appends the problems of one member: its messages, or those of its rows if nothing is wrong with the member itself.
    private mutating func appendMember(_ problems: Problems) {
        let rows = problems.filter { $0.path.count > 1 }
        guard rows.count == problems.count, let last = rows.compactMap({ $0.path.first?.index }).max() else {
            let messages = problems.filter { $0.path.count == 1 }
            return append("[\(messages.map(\.message.json).joined(separator: ","))]")
        }
        append("[")
        for index in 0...last {
            if index > 0 { append(",") }
            append("{")
            appendMembers(rows.filter { $0.path.first?.index == index }.map { ($0.path.dropFirst(), $0.message) })
            append("}")
        }
        append("]")
    }
}
