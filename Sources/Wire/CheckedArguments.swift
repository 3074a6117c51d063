package import Contract

/// The arguments of a request, of which none has a problem.
package struct CheckedArguments {
    package let input: Input
    private let arguments: [Argument]
    private let values: [Value]

    package subscript(argument: Argument) -> Value { arguments.firstIndex(of: argument).map { values[$0] } ?? .null }

    /// Checks all arguments of an operation; all problems are refused together.
    package init(_ operation: Operation, _ input: Input) throws(Fault) {
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
