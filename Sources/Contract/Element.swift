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

    /// An element of any text: business keys and open lists of values travel as text.
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
    /// A name and a value. New properties of a row appear as such pairs, since published types are never changed.
    package static let attribute = ComplexType(
        "Attribute",
        [
            .text("name", "Name that the seller gives the property; it occurs once in a row."),
            .text("value", "Value of the property; may be empty."),
        ])

    package static let fieldError = ComplexType(
        "FieldError",
        [
            .text("field", "Path of the element at fault, from the operation's element down, such as product.price."),
            .text("problem", "Explanation of what is wrong with it, for people."),
        ])

    package static let serviceFault = ComplexType(
        "ServiceFault",
        [
            .text(
                "error_code",
                "Kind of the error for programs, such as VALIDATION or NOT_FOUND; X-Error-Code in REST. New ones may be added."
            ),
            .text("error_text", "Explanation of the error, for people."),
            Element(
                "retryable", .value(.boolean), "Whether nothing was done and the same call may be sent again as it is."),
            .text(
                "request_id", isRequired: false,
                "Number under which the server's logs have the request; also in the header X-Request-ID."),
            Element(
                "field_error", .complex(fieldError), isRequired: false, isRepeated: true,
                "Problem with one element of the request, repeated for each; absent when no element is at fault."),
        ])
}

extension Element {
    package static let attributes = Element(
        "attribute", .complex(.attribute), isRequired: false, isRepeated: true,
        "Further property that the seller keeps with the row, at most 1,000 of them. An update that has any replaces all "
            + "that are stored; one without keeps them.")
    /// How many attributes a row may have: the JSON reader limits the members of an object that it reads back.
    package static let mostAttributes = 1000
    package static let clearField = Element.text(
        "clear_field", isRequired: false, isRepeated: true,
        "Name of an optional field to empty: a text becomes empty, anything else absent.")
    package static let expectedRevision = Element(
        "expected_revision", .long, isRequired: false,
        "Revision that the row must still have; if it has another by now, nothing changes and the fault is CONFLICT. "
            + "Absent: not checked.")
    package static let query = "query"
    package static let changes = "changes"
    package static let result = "result"
}
