/// A field with the Swift type of its values, declared once. The type is known where an operation's code reads the
/// field; shapes hold the field without it.
package struct Field<Value: FieldValue>: FieldDeclaration, Sendable {
    package private(set) var erased: AnyField

    private init(_ name: String, _ kind: Kind, _ meaning: String) { erased = AnyField(name, kind, meaning) }

    private init(_ erased: AnyField) { self.erased = erased }

    private func with(_ change: (inout AnyField) -> Void) -> Field {
        var field = self
        change(&field.erased)
        return field
    }
}

// MARK: Declaring

extension Field where Value == String {
    package static func text(_ name: String, max: Int? = nil, _ meaning: String) -> Field {
        Field(name, .text(max: max, blank: false), meaning)
    }

    package static func email(_ name: String, _ meaning: String) -> Field {
        Field(name, .email(max: 254, blank: false), meaning)
    }

    package static func url(_ name: String, _ meaning: String) -> Field { Field(name, .url(max: 200), meaning) }

    /// Text that may be absent or blank: both mean "".
    package var optional: Field {
        with { field in
            switch field.kind {
            case .text(let max, _): field.kind = .text(max: max, blank: true)
            case .email(let max, _): field.kind = .email(max: max, blank: true)
            default: fatalError("\(field.name): only text has an empty value; use nullable")
            }
        }.initially("")
    }
}

extension Field where Value: ChoiceValue {
    /// A field with the closed list of its type's values.
    package static func choice(_ name: String, _ meaning: String) -> Field {
        Field(name, .choice(Value.allCases.map { Choice(value: $0.rawValue, label: $0.label) }), meaning)
    }
}

extension Field where Value == Int64 {
    package static func integer(_ name: String, _ range: ClosedRange<Int64> = Kind.int32, _ meaning: String) -> Field {
        Field(name, .integer(range), meaning)
    }

    /// A number that counts things: never negative.
    package static func count(_ name: String, _ meaning: String) -> Field {
        Field(name, .integer(0...Kind.int32.upperBound), meaning)
    }

    /// A reference to another row, stored as its numeric id in `<name>_id`.
    package static func reference(_ name: String, to target: Reference, _ meaning: String) -> Field {
        Field(name, .reference(target), meaning).with { $0.column = name + "_id" }
    }
}

extension Field where Value == Decimal {
    /// An amount of money, which may be negative only if that is said.
    package static func money(
        _ name: String, digits: Int = 10, mayBeNegative: Bool = false, _ meaning: String
    ) -> Field {
        decimal(name, .money, digits, mayBeNegative ? nil : .zero...(.largest(digits: digits)), meaning)
    }

    /// A weight in kilograms: never negative.
    package static func weight(_ name: String, _ meaning: String) -> Field {
        decimal(name, .weight, 8, .zero...(.largest(digits: 8)), meaning)
    }

    /// A percentage; without a range it may be any.
    package static func percentage(_ name: String, within range: ClosedRange<Decimal>? = nil, _ meaning: String)
        -> Field
    {
        decimal(name, .percentage, 5, range, meaning)
    }

    /// A number in a unit that is not known here; it may be negative.
    package static func number(_ name: String, digits: Int, _ meaning: String) -> Field {
        decimal(name, .number, digits, nil, meaning)
    }

    private static func decimal(
        _ name: String, _ measure: Measure, _ digits: Int, _ range: ClosedRange<Decimal>?, _ meaning: String
    ) -> Field {
        Field(name, .decimal(measure, digits: digits, places: 2, range: range), meaning)
    }
}

extension Field where Value == Bool {
    package static func boolean(_ name: String, _ meaning: String) -> Field { Field(name, .boolean, meaning) }
}

extension Field where Value == Day {
    package static func date(_ name: String, _ meaning: String) -> Field { Field(name, .date, meaning) }
}

extension Field where Value == Timestamp {
    package static func timestamp(_ name: String, _ meaning: String) -> Field { Field(name, .timestamp, meaning) }

    /// A time that only the server sets.
    package static func stamp(_ name: String, _ stamp: AnyField.Stamp, _ meaning: String) -> Field {
        timestamp(name, meaning).readOnly.with { $0.stamp = stamp }
    }

    /// A time that SOAP's create may give.
    package var datable: Field { with { $0.isDatable = true } }
}

extension FieldDeclaration where Self == AnyField {
    package static var createdAt: AnyField { .createdAtField }
    package static var updatedAt: AnyField { .updatedAtField }
}

extension AnyField {
    fileprivate static let createdAtField = Field.stamp(
        "created_at", .onCreate, "UTC time when the server created the row."
    ).erased
    fileprivate static let updatedAtField = Field.stamp(
        "updated_at", .onChange, "UTC time of the last change of the row's own fields, set by the server."
    ).erased
}

// MARK: Refining

extension Field {
    /// The field with an initial value that is stored when a create omits it; null is refused.
    package func initially(_ initial: Value) -> Field {
        with { field in
            field.isRequired = false
            field.initial = initial.value
        }
    }

    /// A field that may be null, and is null when a create omits it.
    package var nullable: Field<Value?> { Field<Value?>(with { $0.isNullable = true }.erased).initially(nil) }

    package var readOnly: Field {
        with { field in
            field.isReadOnly = true
            field.isRequired = false
        }
    }

    /// A field that a POST needs and a PUT may omit.
    package var staying: Field { with { $0.staysOnPut = true } }

    package var unique: Field { with { $0.isUnique = true } }
}
