package import Contract

/// A page for people about a SOAP service: its operations with sample envelopes, and its types.
package enum ServicePage {
    /// The page of a domain's service: one HTML file that loads nothing else.
    package static func html(for domain: Domain, operations: [Operation], address: String) -> String {
        let sample = Sample(operations)
        let operations = operations.inService(of: domain)
        return HTMLPage.document(
            title: domain.serviceName,
            [
                Markup("p", [:], "Messo Seller Center, \(domain.rawValue). SOAP 1.1 and 1.2, POST, at one address:"),
                Markup("pre", [:], address), descriptions(address),
                facts(domain, operations),
                Markup("h2", [:], "Operations"), contents(operations),
            ] + operations.flatMap { section($0, sample) } + [Markup("h2", [:], "Types")]
                + ComplexType.reached(from: operations).flatMap(section))
    }

    /// The sample messages without their envelopes, as separate documents, so that tests can validate them.
    package static func sampleMessages(
        for domain: Domain, operations: [Operation]
    ) -> [(name: String, document: String)] {
        let sample = Sample(operations)
        return operations.inService(of: domain).flatMap { operation in
            [(operation.name, operation.request), (operation.answerName, [operation.result])].map { name, elements in
                (name: name, document: sample.message(name, in: domain, elements).document)
            }
        }
    }

    private static func descriptions(_ address: String) -> Markup {
        Markup(
            "p", [:],
            [
                .text("WSDL: "), Markup("a", ["href": address + "?wsdl"], "with both versions"), .text(", "),
                Markup("a", ["href": address + "?wsdl11"], "with SOAP 1.1 only"), .text("."),
            ])
    }

    private static func facts(_ domain: Domain, _ operations: [Operation]) -> Markup {
        Markup("ul", [:], (values(domain) + lists(operations) + errors).map { Markup("li", [:], $0) })
    }

    private static func values(_ domain: Domain) -> [String] {
        [
            "The namespace of all elements is \(domain.namespace). From old clients, elements in the namespace "
                + "\(domain.legacyNamespace) and in none are taken too.",
            "An absent optional element of an update keeps the value; \(Element.clearField.name) names a field to empty. "
                + "An empty element empties a text and removes an optional reference; for a number, a date or a time it "
                + "is a mistake.",
            "Texts, keys and choices are taken as they are, with the white space around them: a key or a choice with a "
                + "space at its end is another one.",
            "Empty elements of a query count as absent. So do everywhere the values that .NET sends for what nobody set: 0 "
                + "for \(Paging.page.name), \(Paging.size.name), \(Paging.limit.erased.name) and "
                + "\(Element.expectedRevision.name), and the first instant of year 1 for any date or time.",
            "The header block <\(Operation.dryRun) xmlns=\"\(domain.namespace)\">true</\(Operation.dryRun)> makes any operation "
                + "that writes check, lock and answer as the real call would, with the HTTP header X-Dry-Run: true, and store "
                + "nothing. Mark it with mustUnderstand=\"1\": a block whose name or namespace is misspelt is then refused; "
                + "otherwise it is ignored and the call is carried out.",
            "Amounts, weights and percentages are text with two decimal places, such as 12.50; in a request, fewer do as "
                + "well. Amounts are in the seller's one currency unless the row has a currency of its own. Times are UTC.",
        ]
    }

    /// How to work through lists, and how to follow changes in services that have lists with them.
    private static func lists(_ operations: [Operation]) -> [String] {
        let workingOff =
            "To work off a list whose rows leave the filter as you change them, pending orders for instance, ask for page 1 "
            + "again until it is empty."
        let followed = operations.filter { $0.body == .none && $0.reply == .page && $0.resource?.notesChanges == true }
        guard !followed.isEmpty else { return [workingOff] }
        return [
            workingOff,
            "To follow changes, call \(followed.map(\.name).joined(separator: ", ")) with \(Paging.updatedSince.name), page "
                + "after page until has_more is false, and next time send the next_updated_since of the first page. Some rows "
                + "come twice: one whose revision you have is nothing new. Deleted rows do not come, and one that others "
                + "delete meanwhile may move a later row out between two pages: use a page_size that holds all, or read "
                + "everything again from time to time.",
        ]
    }

    private static let errors = [
        "An error in a call is a fault with a service_fault in its detail; the HTTP status is 500, or 503 when nothing was "
            + "done and the same call may be sent again. An envelope of another version, or a header that must be "
            + "understood, is a fault without detail. What is no SOAP, by its method, media type or coding, is 405 or 415 "
            + "with a line of text. The header X-Error-Code always names the error.",
        "OUTCOME_UNKNOWN says that nobody knows whether a change was stored: look before you repeat it. A call that only "
            + "reads can be told so as well, and may be repeated.",
    ]

    private static func contents(_ operations: [Operation]) -> Markup {
        Markup(
            "ul", [:],
            operations.map { operation in
                Markup(
                    "li", [:],
                    [Markup("a", ["href": "#" + operation.name], operation.name), .text(": " + operation.summary)])
            })
    }

    private static func section(_ operation: Operation, _ sample: Sample) -> [Markup] {
        let request = sample.envelope(operation.name, in: operation.domain, operation.request)
        let answer = sample.envelope(operation.answerName, in: operation.domain, [operation.result])
        return [
            Markup("h3", ["id": operation.name], operation.name), Markup("p", [:], operation.documentation),
            Markup("p", [:], "SOAPAction: \(operation.domain.namespace)/\(operation.name)"),
            table(operation.request), Markup("p", [:], "Request"), Markup("pre", [:], request.rendered()),
            Markup("p", [:], "Answer"), Markup("pre", [:], answer.rendered()),
        ]
    }

    private static func section(_ type: ComplexType) -> [Markup] {
        [Markup("h3", ["id": typeAnchor(type)], type.name), table(type.elements)]
    }

    private static func typeAnchor(_ type: ComplexType) -> String { "type-" + type.name }

    private static func table(_ elements: [Element]) -> Markup {
        guard !elements.isEmpty else { return Markup("p", [:], "It takes nothing.") }
        let head = Markup("tr", [:], ["Element", "Type", "Occurs", "Meaning"].map { Markup("th", [:], $0) })
        return Markup(
            "table", [:],
            [head]
                + elements.map { element in
                    Markup(
                        "tr", [:],
                        [
                            Markup("td", [:], element.name), Markup("td", [:], [typeName(element.content)]),
                            Markup("td", [:], element.occurrence), Markup("td", [:], element.documentation),
                        ])
                })
    }

    private static func typeName(_ content: Element.Content) -> Markup {
        switch content {
        case .complex(let type): Markup("a", ["href": "#" + typeAnchor(type)], type.name)
        case .long: .text("long")
        case .value(let kind): .text(kind.typeName)
        }
    }
}

extension Element {
    fileprivate var occurrence: String {
        switch (isRequired, isRepeated) {
        case (true, false): "once"
        case (false, false): "at most once"
        case (true, true): "once or more"
        case (false, true): "any number of times"
        }
    }
}

extension ComplexType {
    /// The types of the operations' messages and of their faults, each once, in the order of first use.
    fileprivate static func reached(from operations: [Operation]) -> [ComplexType] {
        var types: [ComplexType] = []
        func visit(_ elements: [Element]) {
            for element in elements {
                guard case .complex(let type) = element.content, !types.contains(where: { $0.name == type.name }) else {
                    continue
                }
                types.append(type)
                visit(type.elements)
            }
        }
        for operation in operations { visit(operation.request + [operation.result]) }
        visit([Element(Element.serviceFault, .complex(.serviceFault))])
        return types
    }
}
