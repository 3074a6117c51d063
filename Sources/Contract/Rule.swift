/// A condition on several fields of one row together.
package enum Rule: Sendable {
    /// `end` is not before `start`.
    case period(start: AnyField, end: AnyField)
    /// `amount` is at most 100 while `choice` is `value`. It is checked only when a request gives both fields, since
    /// the contract accepts a PATCH of the amount alone.
    case percentage(amount: AnyField, when: AnyField, is: String)

    package static func period<T>(start: Field<T>, end: Field<T>) -> Rule {
        .period(start: start.erased, end: end.erased)
    }

    package static func percentage<Choice: ChoiceValue>(
        amount: Field<Decimal>, when choice: Field<Choice>, is value: Choice
    ) -> Rule {
        .percentage(amount: amount.erased, when: choice.erased, is: value.rawValue)
    }

    /// The fields that the rule compares.
    package var fields: [AnyField] {
        switch self {
        case .period(let start, let end): [start, end]
        case .percentage(let amount, let choice, _): [amount, choice]
        }
    }

    /// Whether the rule is skipped when a change gives only some of its fields.
    package var needsAllFields: Bool {
        if case .percentage = self { true } else { false }
    }

    /// The field at fault and what is wrong, or nil when the values are in order.
    package func problem(_ value: (AnyField) -> Value) -> FieldProblem? {
        switch self {
        case .period(let start, let end):
            let isBackwards =
                switch (value(start), value(end)) {
                case (.date(let first), .date(let last)): last < first
                case (.timestamp(let first), .timestamp(let last)): last < first
                default: false
                }
            return isBackwards ? FieldProblem(end, "\(end.label) must not be before \(start.words).") : nil
        case .percentage(let amount, let choice, let percentage):
            guard case .decimal(let number) = value(amount), value(choice) == .text(percentage),
                number > Decimal(unscaled: 100_00)
            else { return nil }
            return FieldProblem(amount, "Ensure this value is less than or equal to 100.")
        }
    }
}
