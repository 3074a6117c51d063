/// One named value of a resource or a request, declared once: its column, JSON key, XML element, checks and
/// documentation are derived from it.
package struct Field: Sendable, Equatable {
    /// The JSON key, the XML element and, unless `column` says otherwise, the column: snake_case.
    package let name: String
    package var column: String
    package let kind: Kind
    /// What the field is, its unit, who sets it and what its absence means, in a sentence or two.
    package private(set) var meaning: String
    /// Whether a create without it is refused.
    package var isRequired = true
    package var isNullable = false
    /// Whether only the server writes the field.
    package var isReadOnly = false
    /// Whether no two rows may have the same value.
    package var isUnique = false
    /// Whether a PUT may omit the field although a create may not: by the contract, a child then keeps its parent.
    package var staysOnPut = false
    /// When the server sets the field to the current time.
    package var stamp: Stamp?
    /// Whether SOAP's create may give this time instead of the server: an ERP's documents have dates of their own.
    package var isDatable = false
    /// What a create stores when the field is absent.
    package var initial: Value = .null

    /// The event at which the server sets a time.
    package enum Stamp: Sendable { case onCreate, onChange }

    package init(_ name: String, _ kind: Kind, _ meaning: String) {
        self.name = name
        self.column = name
        self.kind = kind
        self.meaning = meaning
    }
}

// MARK: Declaring

extension Field {
    package static func text(_ name: String, max: Int? = nil, _ meaning: String) -> Field {
        Field(name, .text(max: max, blank: false), meaning)
    }

    package static func email(_ name: String, _ meaning: String) -> Field {
        Field(name, .email(max: 254, blank: false), meaning)
    }

    package static func url(_ name: String, _ meaning: String) -> Field { Field(name, .url(max: 200), meaning) }

    /// A field with a closed list of values and their labels: `"active": "Active"`.
    package static func choice(_ name: String, _ choices: KeyValuePairs<String, String>, _ meaning: String) -> Field {
        Field(name, .choice(choices.map { Choice(value: $0.key, label: $0.value) }), meaning)
    }

    package static func integer(_ name: String, _ range: ClosedRange<Int64> = Kind.int32, _ meaning: String) -> Field {
        Field(name, .integer(range), meaning)
    }

    /// A number that counts things: never negative.
    package static func count(_ name: String, _ meaning: String) -> Field {
        Field(name, .integer(0...Kind.int32.upperBound), meaning)
    }

    /// A DECIMAL(digits, 2); `least` is in hundredths, and nil allows every number.
    package static func decimal(
        _ name: String, digits: Int, least: Int64? = nil, _ meaning: String
    ) -> Field {
        Field(
            name,
            .decimal(
                digits: digits, places: 2, range: least.map { Decimal(unscaled: $0)...Decimal.largest(digits: digits) }),
            meaning)
    }

    /// An amount of money or a weight: never negative.
    package static func amount(_ name: String, digits: Int = 10, _ meaning: String) -> Field {
        decimal(name, digits: digits, least: 0, meaning)
    }

    /// A percentage from 0.00 to 100.00.
    package static func percentage(_ name: String, _ meaning: String) -> Field {
        Field(
            name, .decimal(digits: 5, places: 2, range: Decimal(unscaled: 0)...Decimal(unscaled: 100_00)), meaning)
    }

    package static func boolean(_ name: String, _ meaning: String) -> Field { Field(name, .boolean, meaning) }

    package static func date(_ name: String, _ meaning: String) -> Field { Field(name, .date, meaning) }

    package static func timestamp(_ name: String, _ meaning: String) -> Field { Field(name, .timestamp, meaning) }

    /// A reference to another row, stored as its numeric id in `<name>_id`.
    package static func reference(_ name: String, to target: Reference, _ meaning: String) -> Field {
        var field = Field(name, .reference(target), meaning)
        field.column = name + "_id"
        return field
    }
}

// MARK: Refining

extension Field {
    /// The field with an initial value that is stored when a create omits it; null is refused.
    package func initially(_ initial: Value) -> Field {
        var field = self
        field.isRequired = false
        field.initial = initial
        return field
    }

    /// Text that may be absent or blank: both mean "".
    package var optional: Field {
        let kind: Kind =
            switch kind {
            case .text(let max, _): .text(max: max, blank: true)
            case .email(let max, _): .email(max: max, blank: true)
            default: fatalError("\(name): only text has an empty value; use nullable")
            }
        var field = Field(name, kind, meaning)
        field.isUnique = isUnique
        return field.initially(.text(""))
    }

    /// A field that may be null, and is null when a create omits it.
    package var nullable: Field {
        var field = initially(.null)
        field.isNullable = true
        return field
    }

    package var readOnly: Field {
        var field = self
        field.isReadOnly = true
        field.isRequired = false
        return field
    }

    /// A field that a POST needs and a PUT may omit.
    package var staying: Field {
        var field = self
        field.staysOnPut = true
        return field
    }

    /// A time that only the server sets.
    package static func stamp(_ name: String, _ stamp: Stamp, _ meaning: String) -> Field {
        var field = timestamp(name, meaning).readOnly
        field.stamp = stamp
        return field
    }

    /// A time that SOAP's create may give.
    package var datable: Field {
        var field = self
        field.isDatable = true
        return field
    }

    package static let createdAt = stamp("created_at", .onCreate, "UTC time when the server created the row.")
    package static let updatedAt = stamp(
        "updated_at", .onChange,
        "UTC time of the last change of the row's own fields, set by the server.")

    /// The field as a filter of a list.
    package func filtering(_ resource: Resource) -> Field {
        var field = self
        field.meaning = "Only \(resource.many) whose \(soapName) is exactly this; absent: all."
        return field
    }

    package var unique: Field {
        var field = self
        field.isUnique = true
        return field
    }

    /// The field's name for people: `Product id`; the contract's OPTIONS answers show it.
    package var label: String {
        name == "id" ? "ID" : String(words.prefix(1)).uppercased() + words.dropFirst()
    }

    /// The name in words: `product id`.
    package var words: String { name.words }
}
