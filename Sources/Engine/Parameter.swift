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

// MARK: Checks

/// The arguments of a request, of which none has a problem.
struct CheckedArguments {
    let input: Input
    private let arguments: [Argument]
    private let values: [Value]

    subscript(argument: Argument) -> Value { arguments.firstIndex(of: argument).map { values[$0] } ?? .null }

    /// Checks all arguments of an operation; all problems are refused together.
    init(_ operation: Operation, _ input: Input) throws {
        if operation.body == .arguments { _ = try input.body.get() }
        var problems: [FieldProblem] = []
        var values: [Value] = []
        for (index, argument) in operation.arguments.enumerated() {
            let raw = index < input.arguments.count ? input.arguments[index] : nil
            guard let raw, !raw.isEmptyText || argument.whenMissing != nil else {
                if argument.isOptional {
                    values.append(.null)
                } else if let fault = argument.whenMissing {
                    throw fault
                } else {
                    problems.append(FieldProblem(argument.field, Problem.missing.message))
                }
                continue
            }
            if let fault = argument.whenMissing, raw.isFalse {
                // The contract's answer does not name the field; SOAP names it like any other.
                guard input.format == .xml else { throw fault }
                problems.append(FieldProblem(argument.field, fault.text))
                continue
            }
            if argument.isFilter {
                // A filter takes a text of any length and content; "" counts as absent.
                if case .string(let text) = raw { values.append(.text(text)) } else { values.append(.null) }
                continue
            }
            switch argument.field.kind.verdict(on: raw, as: input.notation) {
            case .success(let value): values.append(value)
            case .failure(let problem): problems.append(FieldProblem(argument.field, problem.message))
            }
        }
        guard problems.isEmpty else { throw Fault.fields(problems) }
        self.input = input
        arguments = operation.arguments
        self.values = values
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

extension Raw {
    fileprivate var isEmptyText: Bool { self == .string("") }

    /// Whether the value counts as missing where the contract refuses missing arguments: null, false, zero, empty.
    fileprivate var isFalse: Bool {
        switch self {
        case .null, .boolean(false), .string(""), .array(isEmpty: true), .object(isEmpty: true): true
        case .number(let digits): digits.utf8.allSatisfy { "0.-+".utf8.contains($0) }
        default: false
        }
    }
}
