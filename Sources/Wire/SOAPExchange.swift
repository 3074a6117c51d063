package import Contract

extension SOAP {
    /// The parts of the request that an answer needs, known so far: at any moment enough to write a fault.
    package struct Exchange: Sendable {
        package let domain: Domain
        package var version = SOAPVersion.v11
        /// The namespace of the answer's wrapper: the one of the request, which old scripts look for.
        package var namespace: String
        package var operation: Operation?

        package init(_ domain: Domain) {
            self.domain = domain
            namespace = domain.namespace
        }

        /// An exchange before its envelope is read; a media type that is not SOAP's is answered in version 1.1.
        package init(_ domain: Domain, announcedBy contentType: String?) {
            self.init(domain)
            version = SOAPVersion.announced(by: MediaType(contentType: contentType ?? "").essence) ?? .v11
        }
    }
}

/// Writes envelopes: the default namespace on the wrapper, no prefixes in the payload, no indentation.
extension SOAP.Exchange {
    /// Opens the answer's envelope up to the result.
    package func open(_ reply: Reply) {
        guard let operation else { fatalError("an answer belongs to an operation") }
        openEnvelope(reply)
        reply.body.append("<soap:Body><")
        reply.body.append(operation.name)
        reply.body.append("Response")
        if !namespace.isEmpty {
            reply.body.append(" xmlns=\"")
            reply.body.append(namespace)
            reply.body.append("\"")
        }
        reply.body.append("><result>")
        reply.start = reply.body.count
    }

    /// Closes the answer's envelope.
    package func close(_ reply: Reply) {
        guard let operation else { fatalError("an answer belongs to an operation") }
        reply.body.append("</result></")
        reply.body.append(operation.name)
        reply.body.append("Response></soap:Body></soap:Envelope>")
    }

    private func openEnvelope(_ reply: Reply) {
        reply.body.truncate(to: 0)
        reply.contentType = version.mediaType + "; charset=utf-8"
        reply.body.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"")
        reply.body.append(version.namespace)
        reply.body.append("\">")
    }

    /// Replaces the reply's content by the problem.
    package func write(_ problem: SOAPProblem, _ reply: Reply, requestID: String) {
        switch problem {
        case .plain(let code, let text):
            reply.beginFault(code, status: code.status)
            reply.contentType = "text/plain; charset=utf-8"
            if code == .methodNotAllowed { reply.set("Allow", "POST") }
            reply.body.append(text)
            reply.body.append("\n")
        case .fault(let fault): write(fault, reply, requestID: requestID)
        case .mustUnderstand(let name, let namespace): writeNotUnderstood(name, namespace, reply)
        case .versionMismatch: writeVersionMismatch(reply)
        }
    }

    private func write(_ fault: Fault, _ reply: Reply, requestID: String) {
        reply.beginFault(fault.code, status: fault.code.soapStatus)
        openEnvelope(reply)
        reply.body.append("<soap:Body>")
        let code = fault.code.isOurs ? (v11: "Server", v12: "Receiver") : (v11: "Client", v12: "Sender")
        let text = fault.code == .internal ? "The request could not be answered." : translate(fault).text
        writeFault(
            version == .v11 ? code.v11 : code.v12, subcode: fault.code.rawValue, "\(fault.code.rawValue): \(text)",
            detail: detail(fault, text, requestID), reply)
    }

    /// Begins a fault whose code is SOAP's own and not the service's.
    private func beginEnvelopeFault(_ reply: Reply) {
        reply.beginFault(.badEnvelope, status: Fault.Code.badEnvelope.soapStatus)
        openEnvelope(reply)
    }

    private func writeNotUnderstood(_ name: String, _ blockNamespace: String, _ reply: Reply) {
        beginEnvelopeFault(reply)
        if version == .v12 {
            // A name in no namespace has no prefix: xmlns:n="" is not allowed.
            reply.body.append("<soap:Header><soap:NotUnderstood qname=\"\(blockNamespace.isEmpty ? "" : "n:")\(name)\"")
            if !blockNamespace.isEmpty {
                reply.body.append(" xmlns:n=\"")
                reply.body.append(attribute: blockNamespace)
                reply.body.append("\"")
            }
            reply.body.append("/></soap:Header>")
        }
        reply.body.append("<soap:Body>")
        writeFault(
            "MustUnderstand", subcode: nil, "The header block \(name) is mandatory and not understood.", detail: nil,
            reply)
    }

    private func writeVersionMismatch(_ reply: Reply) {
        beginEnvelopeFault(reply)
        if version == .v12 {
            reply.body.append("<soap:Header><soap:Upgrade>")
            for supported in [SOAPVersion.v12, .v11] {
                reply.body.append("<soap:SupportedEnvelope qname=\"e:Envelope\" xmlns:e=\"\(supported.namespace)\"/>")
            }
            reply.body.append("</soap:Upgrade></soap:Header>")
        }
        reply.body.append("<soap:Body>")
        writeFault(
            "VersionMismatch", subcode: nil, "The Envelope is in no namespace of SOAP 1.1 or 1.2.", detail: nil, reply)
    }

    private func writeFault(_ code: String, subcode: String?, _ text: String, detail: String?, _ reply: Reply) {
        switch version {
        case .v11:
            reply.body.append("<soap:Fault><faultcode>soap:\(code)</faultcode><faultstring>")
            reply.body.append(xml: text)
            reply.body.append("</faultstring>")
            if let detail { reply.body.append("<detail>\(detail)</detail>") }
        case .v12:
            reply.body.append("<soap:Fault><soap:Code><soap:Value>soap:\(code)</soap:Value>")
            if let subcode {
                reply.body.append(
                    "<soap:Subcode><soap:Value xmlns:m=\"\(domain.namespace)\">m:\(subcode)</soap:Value></soap:Subcode>"
                )
            }
            reply.body.append("</soap:Code><soap:Reason><soap:Text xml:lang=\"en\">")
            reply.body.append(xml: text)
            reply.body.append("</soap:Text></soap:Reason>")
            if let detail { reply.body.append("<soap:Detail>\(detail)</soap:Detail>") }
        }
        reply.body.append("</soap:Fault></soap:Body></soap:Envelope>")
    }

    /// The typed detail of a fault, always in the service's namespace, even when the request had none.
    private func detail(_ fault: Fault, _ text: String, _ requestID: String) -> String {
        var xml =
            "<service_fault xmlns=\"\(domain.namespace)\"><error_code>\(fault.code.rawValue)</error_code><error_text>"
            + "\(text.xmlEscaped)</error_text><retryable>\(fault.code.isRetryable)</retryable><request_id>"
            + "\(requestID.xmlEscaped)</request_id>"
        for problem in translate(fault).problems {
            xml +=
                "<field_error><field>\(problem.soapPath.xmlEscaped)</field><problem>\(problem.message.xmlEscaped)"
                + "</problem></field_error>"
        }
        return xml + "</service_fault>"
    }

    /// The problems with SOAP's field names and the element around them: `product.price`.
    private func translate(_ fault: Fault) -> (text: String, problems: [FieldProblem]) {
        guard fault.form == .fields, let operation, let resource = operation.resource else {
            return (fault.text, fault.problems)
        }
        let wrapper: [FieldProblem.Step] =
            switch operation.body {
            case .create: [.init(resource.singular)]
            case .update: [.init(Element.changes)]
            case .none: operation.isOnRow ? [] : [.init(Element.query)]
            case .arguments: []
            }
        let besides = Set(operation.body == .arguments ? [] : operation.request.map(\.name))
        let problems = fault.problems.map { problem in
            // A field outside the row or the query is an element beside it, so that its name gets no wrapper.
            guard !problem.isFromTop, !besides.contains(problem.name) else { return problem }
            return FieldProblem(wrapper + problem.path, problem.message, isFromTop: true)
        }
        return (problems.map { "\($0.soapPath): \($0.message)" }.joined(separator: " "), problems)
    }
}

extension String {
    /// The text as XML character data.
    var xmlEscaped: String {
        var bytes = Bytes(capacity: utf8.count + 16)
        bytes.append(xml: self)
        return bytes.text
    }
}

extension Bytes {
    /// Appends a text as the value of an attribute in double quotes.
    mutating func append(attribute text: String) {
        // By bytes, since a quote followed by a combining mark is another Character than a quote.
        for byte in text.xmlEscaped.utf8 {
            if byte == UInt8(ascii: "\"") { append("&quot;") } else { append(byte) }
        }
    }
}
