/// An argument of an operation besides the row's key and a body that describes a row.
package enum Argument {
    /// An argument as the documents and the readers see it.
    package struct Declaration: Sendable, Equatable {
        package let field: Field
        /// The name in REST, where the contract has another one than in SOAP: `q`.
        package let restName: String
        /// Whether a caller may omit the argument.
        package let isOptional: Bool
        /// Whether REST reads the argument like the filters of the contract's lists: any text, and "" means absent.
        package let isFilter: Bool
        /// The contract's own refusal when the argument is missing or empty.
        package var whenMissing: Fault?
    }

    /// An argument with the Swift type in which an operation's code receives it.
    package struct Typed<Value: Sendable>: Sendable {
        package let declaration: Declaration
        package let read: @Sendable (Contract.Value) -> Value
    }
}

extension Argument.Typed where Value == String {
    /// A required text or choice.
    package static func text(_ field: Field, whenMissing: Fault? = nil) -> Self {
        Self(
            declaration: .init(
                field: field, restName: field.name, isOptional: false, isFilter: false, whenMissing: whenMissing)
        ) { value in
            guard case .text(let text) = value else { fatalError("\(field.name) was checked to be text") }
            return text
        }
    }
}

extension Argument.Typed where Value == String? {
    /// A text that narrows a list; absent and "" mean everything.
    package static func filter(_ field: Field, rest: String? = nil) -> Self {
        Self(declaration: .init(field: field, restName: rest ?? field.name, isOptional: true, isFilter: true)) {
            value in
            guard case .text(let text) = value, !text.isEmpty else { return nil }
            return text
        }
    }
}

extension Argument.Typed where Value == Int64? {
    /// A number that may be left out.
    package static func number(_ field: Field) -> Self {
        Self(declaration: .init(field: field, restName: field.name, isOptional: true, isFilter: false)) { value in
            guard case .integer(let number) = value else { return nil }
            return number
        }
    }
}
