/// One element of a SOAP message: the schema, the reader and the samples in the documentation share it.
package struct Element: Sendable {
    package let name: String
    package let content: Content
    package let isRequired: Bool
    package let isRepeated: Bool
    package let meaning: String

    /// What an element holds.
    package enum Content: Sendable {
        case value(Kind)
        /// A whole number of 64 bits.
        case long
        case complex(ComplexType)
    }

    package init(
        _ name: String, _ content: Content, isRequired: Bool = true, isRepeated: Bool = false, _ meaning: String = ""
    ) {
        self.name = name
        self.content = content
        self.isRequired = isRequired
        self.isRepeated = isRepeated
        self.meaning = meaning
    }

    /// Any text, as keys and open lists of values travel.
    package static func text(
        _ name: String, isRequired: Bool = true, isRepeated: Bool = false, _ meaning: String = ""
    ) -> Element {
        Element(name, .value(.text(max: nil, blank: true)), isRequired: isRequired, isRepeated: isRepeated, meaning)
    }
}

/// A sequence of elements under a name.
package struct ComplexType: Sendable {
    package let name: String
    package let elements: [Element]

    package init(_ name: String, _ elements: [Element]) {
        self.name = name
        self.elements = elements
    }

    package func element(_ name: String) -> Element? { elements.first { $0.name == name } }
}

// MARK: The types every service has

extension ComplexType {
    /// The place where answers grow: they are frozen once published.
    package static let attribute = ComplexType("Attribute", [.text("name"), .text("value")])

    package static let serviceInfo = ComplexType(
        "ServiceInfo",
        [
            .text("contract_version"), Element("server_time", .value(.timestamp)),
            .text("supported_namespace", isRequired: false, isRepeated: true),
        ])

    package static let fieldError = ComplexType("FieldError", [.text("field"), .text("problem")])

    package static let serviceFault = ComplexType(
        "ServiceFault",
        [
            .text("error_code"), .text("error_text"), Element("retryable", .value(.boolean)),
            .text("request_id", isRequired: false),
            Element("field_error", .complex(fieldError), isRequired: false, isRepeated: true),
        ])
}

extension Element {
    package static let attributes = Element(
        "attribute", .complex(.attribute), isRequired: false, isRepeated: true,
        "Further properties, as names and values.")
    /// How many a row may have: a stored object with too many members for the JSON reader would not be read back.
    package static let mostAttributes = 1000
    package static let clearField = Element.text(
        "clear_field", isRequired: false, isRepeated: true, "The name of an optional field to empty.")
    package static let expectedRevision = Element(
        "expected_revision", .long, isRequired: false,
        "The change is refused when the row has another revision by now.")
    package static let query = "query"
    package static let changes = "changes"
    package static let result = "result"
}
