package import Contract
import MariaDB
package import Wire

/// Writes an answer into the reply, as the protocol of the request has it.
package struct Renderer {
    let work: Reading
    let reply: Reply
    let format: Format

    /// A renderer for the answer of the operation that has run.
    package init(_ work: Reading, _ reply: Reply, _ format: Format) {
        self.work = work
        self.reply = reply
        self.format = format
    }

    /// Writes an answer of the kind that the operation declares.
    package func write(_ answer: Answer, of operation: Operation) throws {
        switch (answer, operation.reply, operation.resource) {
        case (.row(let row), .row, let resource?): try write(row, of: resource)
        case (.new(let row), .created, _):
            if format == .json { reply.status = 201 }
            try append([row.rendering], isBare: true)
        case (.row(let row), .rowInside(let shape), let resource?):
            if format == .xml { return try write(row, of: resource) }
            try writeRecord(shape, shape.contents(of: row), of: row, in: resource)
        case (.message(let text, let row), .changed, let resource?):
            if format == .json { reply.append(message: text) } else { try write(row, of: resource) }
        case (.page(let query), .page, _): try writePage(query)
        case (.list(let query), .list, _): try writeList(query)
        case (.part(let row, let fault), .part(let part), let resource?):
            try writePart(part, of: row, in: resource, orElse: fault)
        case (.record(let contents), .record(let shape), _): try writeRecord(shape, contents)
        case (.nothing, .deleted, _): writeNothing()
        default: fatalError("\(operation.name) declares another answer")
        }
    }

    private func writeNothing() {
        if format == .json {
            reply.status = 204
            reply.contentType = nil
        } else {
            reply.body.append("true")
        }
    }
}

// MARK: One row

extension Renderer {
    /// Writes a row, in XML without its own element. If it is not the whole answer, it is read in the answer's snapshot.
    private func write(_ row: RowName, of resource: Resource, isWholeAnswer: Bool = true) throws {
        let whole = try work.whole(work.views[resource, format], row, of: resource, isAlone: isWholeAnswer)
        append([whole.rendering], isBare: true, whole.inHoles)
    }

    /// Writes the rows of one kind that belong to a row: a bare list, or the only one.
    private func writePart(
        _ part: Embedded, of row: RowName, in resource: Resource, orElse fault: Fault?
    ) throws {
        let id = try work.id(of: row, in: resource)
        let rendering = try work.rendering(of: part, of: id, in: resource)
        if !part.isMany {
            guard let rendering else { throw fault ?? .notFound }
            return try append([rendering])
        }
        reply.body.append("[")
        try append([rendering].compactMap { $0 })
        reply.body.append("]")
    }
}

// MARK: Records

extension Renderer {
    /// Writes the members of a record that have a value, in their order; parts are those of this row.
    private func writeRecord(
        _ shape: Shape, _ contents: [Answer.Content], of row: RowName = .none, in resource: Resource? = nil
    ) throws {
        guard shape.members.count == contents.count else { fatalError("\(shape.name) has other members") }
        if format == .json { reply.body.append("{") }
        var isFirst = true
        for (member, content) in zip(shape.members, contents) {
            if case .absent = content, member.isOptional { continue }
            if format == .json {
                reply.body.append(isFirst ? "\"" : ",\"")
                reply.body.append(member.name)
                reply.body.append("\":")
            }
            isFirst = false
            try write(content, as: member, row, resource)
        }
        if format == .json { reply.body.append("}") }
    }

    private func write(
        _ content: Answer.Content, as member: Shape.Member, _ row: RowName, _ resource: Resource?
    ) throws {
        switch (content, member.content) {
        case (.value(let value), _): reply.body.append(value, format, as: member.soapName)
        case (.values(let values), _):
            if format == .json { reply.body.append("[") }
            for (index, value) in values.enumerated() {
                if index > 0, format == .json { reply.body.append(",") }
                reply.body.append(value, format, as: member.soapName)
            }
            if format == .json { reply.body.append("]") }
        case (.row(let row), .row(let resource)):
            if format == .xml { reply.body.append("<\(member.soapName)>") }
            try write(row, of: resource, isWholeAnswer: false)
            if format == .xml { reply.body.append("</\(member.soapName)>") }
        case (.absent, .part(let part)):
            guard let resource else { fatalError("\(part.name) belong to a row") }
            try writePart(part, of: row, in: resource, orElse: nil)
        default: fatalError("\(member.name) has another content")
        }
    }
}

extension Shape {
    /// The contents of a record that shows a row, and parts of it beside it.
    fileprivate func contents(of row: RowName) -> [Answer.Content] {
        members.map { member in if case .row = member.content { .row(row) } else { .absent } }
    }
}

// MARK: Rows into the reply

extension Renderer {
    /// Writes renderings into the reply, with the rows that they refer to; a bare one is written without its own
    /// element.
    func append(_ renderings: [Rendering], isBare: Bool = false) throws {
        append(renderings, isBare: isBare, try work.rowsInHoles(of: renderings))
    }

    private func append(
        _ renderings: [Rendering], isBare: Bool, _ rows: RowsInHoles
    ) {
        // Borrowed once: each access to a property of a class is checked for exclusivity.
        Self.append(renderings, isBare: isBare && format == .xml, rows, format, to: &reply.body)
    }

    private static func append(
        _ renderings: [Rendering], isBare: Bool, _ rows: RowsInHoles, _ format: Format,
        to body: inout Bytes
    ) {
        for (index, rendering) in renderings.enumerated() {
            if index > 0, format == .json { body.append(UInt8(ascii: ",")) }
            append(rendering, isBare ? rendering.bytes.content : rendering.bytes.indices, rows, to: &body)
        }
    }

    private static func append(
        _ rendering: Rendering, _ part: Range<Int>, _ rows: RowsInHoles,
        to body: inout Bytes
    ) {
        var position = part.lowerBound
        for hole in rendering.holes {
            body.append(rendering.bytes[position..<hole.offset])
            position = hole.offset
            if let row = rows[ObjectIdentifier(hole.view)]?[hole.key] {
                append(row, row.bytes.indices, rows, to: &body)
            } else {
                body.append("null")
            }
        }
        body.append(rendering.bytes[position..<part.upperBound])
    }
}

extension [UInt8] {
    /// The range between an element's start and end tags.
    fileprivate var content: Range<Int> {
        guard let open = firstIndex(of: UInt8(ascii: ">")), let close = lastIndex(of: UInt8(ascii: "<")) else {
            fatalError("a row in XML is an element")
        }
        return open + 1..<close
    }
}
