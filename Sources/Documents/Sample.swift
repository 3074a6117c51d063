import Contract

/// Values for the examples in the documents: the same field has the same value in all of them.
struct Sample: Sendable {
    /// The fields that end a period and must not come before its start.
    private let ends: Set<String>

    init(_ operations: [Operation]) {
        ends = Set(
            operations.compactMap(\.resource).flatMap(\.rules).compactMap { rule in
                if case .period(_, let end) = rule { end.name } else { nil }
            })
    }

    /// The sample value as text, which is the same in every notation.
    func text(_ name: String, _ kind: Kind) -> String {
        let month = ends.contains(name) ? "02" : "01"
        switch kind {
        case .text(let max, _): return String(Self.text(name).prefix(max ?? 200))
        case .email: return "ana@example.com"
        case .url: return "https://example.com/picture.jpg"
        case .choice(let choices): return choices[0].value
        case .integer(let range): return String(min(max(1, range.lowerBound), range.upperBound))
        case .decimal(let measure, _, let places, _):
            return Decimal(unscaled: measure == .percentage ? 12_50 : 99_90, places: places).description
        // The sample page holds all rows that there are.
        case .boolean: return name == "has_more" ? "false" : "true"
        case .date: return "2026-\(month)-15"
        case .timestamp: return "2026-\(month)-15T08:30:00Z"
        case .reference: return "1"
        }
    }

    /// A sample text: names that end in id, sku, code or number get an identifier, all others their own words.
    private static func text(_ name: String) -> String {
        let words = name.split(separator: "_")
        return ["id", "sku", "code", "number"].contains(words.last)
            ? (words.count > 1 ? words.dropLast() : words[...]).joined(separator: "-").uppercased() + "-1001"
            : ([words[0].capitalized[...]] + words.dropFirst()).joined(separator: " ")
    }
}

// MARK: JSON

extension Sample {
    /// The value of a field in an answer, or in a request that gives all of them.
    func json(_ field: AnyField) -> JSON {
        if case .text(let text) = field.initial, !text.isEmpty { return .string(text) }
        let text = text(field.name, field.kind)
        switch field.kind {
        case .integer, .reference: return .number(text)
        case .boolean: return .boolean(text == "true")
        default: return .string(text)
        }
    }
}

// MARK: XML

extension Sample {
    /// The elements of a message with values in them; a list shows one of its rows.
    func markup(_ elements: [Element]) -> [Markup] {
        // A sample cannot give a field and clear it at the same time.
        elements.filter { $0.name != Element.clearField.name }.map { element in
            switch element.content {
            case .value(let kind): Markup(element.name, [:], text(element.name, kind))
            case .long: Markup(element.name, [:], "1")
            case .complex(let type): Markup(element.name, [:], markup(type.elements))
            }
        }
    }

    /// A message as the only child of a SOAP 1.1 body.
    func envelope(_ name: String, in domain: Domain, _ elements: [Element]) -> Markup {
        Markup(
            "soap:Envelope", ["xmlns:soap": "http://schemas.xmlsoap.org/soap/envelope/"],
            [Markup("soap:Body", [:], [message(name, in: domain, elements)])])
    }

    /// A message as a document of its own.
    func message(_ name: String, in domain: Domain, _ elements: [Element]) -> Markup {
        Markup(name, ["xmlns": domain.namespace], markup(elements))
    }
}
