package import Contract
import Wire

/// One of the things that an operation takes, with the Swift type in which its code receives it. What is read here is
/// checked as far as that is possible without the database.
package struct Parameter<Value: Sendable>: Sendable {
    /// The argument, unless the value comes from a body that describes a row.
    let argument: Argument?
    let body: Operation.Body?
    let read: @Sendable (CheckedArguments) throws -> Value

    private init(
        _ argument: Argument? = nil, body: Operation.Body? = nil,
        _ read: @escaping @Sendable (CheckedArguments) throws -> Value
    ) {
        self.argument = argument
        self.body = body
        self.read = read
    }
}

extension Parameter {
    /// A required argument.
    package static func required(_ field: Field<Value>, whenMissing: Fault? = nil) -> Self where Value: FieldValue {
        let argument = Argument(field, whenMissing: whenMissing)
        return Self(argument) { arguments in
            guard let value = Value.read(arguments[argument]) else { fatalError("\(argument.field.name) was checked") }
            return value
        }
    }

    /// An argument that may be left out.
    package static func optional<Wrapped: FieldValue>(_ field: Field<Wrapped>) -> Self where Value == Wrapped? {
        let argument = Argument(field, isOptional: true)
        return Self(argument) { Wrapped.read($0[argument]) }
    }

    /// A text that narrows a list; absent and "" mean everything.
    package static func filter(_ field: some FieldDeclaration, rest: String? = nil) -> Self where Value == String? {
        let argument = Argument(field, restName: rest, isOptional: true, isFilter: true)
        return Self(argument) { String.read($0[argument]).flatMap { $0.isEmpty ? nil : $0 } }
    }
}

extension Parameter where Value == Draft {
    /// A new row of the resource.
    static func new(_ resource: Resource) -> Self {
        Self(body: .create) { try Draft(resource, $0.input, .create) }
    }

    /// Changes to a row of the resource.
    static func changes(to resource: Resource) -> Self {
        Self(body: .update) { try Draft(resource, $0.input, $0.input.isPartial ? .change : .replace) }
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
        let areUnknown = input.hasOnlyUnknownFields && problems.count == input.problems.count
        return .fields(problems, areUnknown ? .unknownField : .validation)
    }
}
