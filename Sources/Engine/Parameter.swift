package import Contract
import Wire

/// One of the things that an operation takes, with the Swift type in which its code receives it. What is read here is
/// checked as far as that is possible without the database.
package struct Parameter<Value: Sendable>: Sendable {
    let source: Source

    /// Where the value comes from.
    enum Source: Sendable {
        /// An argument of the request, which is checked together with the others.
        case argument(Argument, @Sendable (Contract.Value) -> Value)
        /// The row or the changes that the request describes.
        case draft(Operation.Body, @Sendable (Input) throws -> Value)
    }

    /// Adds the parameter to the declaration of its operation.
    func declare(_ arguments: inout [Argument], _ body: inout Operation.Body?) {
        switch source {
        case .argument(let argument, _): arguments.append(argument)
        case .draft(let purpose, _): body = purpose
        }
    }

    /// The value in a request.
    func read(_ arguments: CheckedArguments) throws -> Value {
        switch source {
        case .argument(let argument, let read): read(arguments[argument])
        case .draft(_, let read): try read(arguments.input)
        }
    }
}

extension Parameter {
    /// A required argument.
    package static func required(_ field: Field<Value>, whenMissing: Fault? = nil) -> Self where Value: FieldValue {
        Self(source: .argument(Argument(field, whenMissing: whenMissing)) { .checked($0) })
    }

    /// An argument that may be left out.
    package static func optional<Wrapped: FieldValue>(_ field: Field<Wrapped>) -> Self where Value == Wrapped? {
        Self(source: .argument(Argument(field, isOptional: true)) { Wrapped.read($0) })
    }

    /// A text that narrows a list; absent and "" mean everything.
    package static func filter(_ field: some FieldDeclaration, rest: String? = nil) -> Self where Value == String? {
        Self(
            source: .argument(Argument(field, restName: rest, isOptional: true, isFilter: true)) { value in
                String.read(value).flatMap { $0.isEmpty ? nil : $0 }
            })
    }
}

extension Parameter where Value == Draft {
    /// A new row of the resource.
    static func new(_ resource: Resource) -> Self {
        Self(source: .draft(.create) { try Draft(resource, $0, .create) })
    }

    /// Changes to a row of the resource.
    static func changes(to resource: Resource) -> Self {
        Self(source: .draft(.update) { try Draft(resource, $0, $0.isPartial ? .change : .replace) })
    }
}

extension Operation {
    /// The fault for a request whose elements are wrong, with the problems of their values as well.
    func fault(_ input: Input) -> Fault {
        var problems = input.problems
        if let resource, body == .create || body == .update,
            let draft = try? Draft(resource, input, body == .create ? .create : .change)
        {
            problems += draft.problems
        }
        let fault = Fault.fields(problems)
        guard input.hasOnlyUnknownFields, problems.count == input.problems.count else { return fault }
        var unknown = Fault(.unknownField, fault.text)
        unknown.problems = problems
        unknown.form = .fields
        return unknown
    }
}
