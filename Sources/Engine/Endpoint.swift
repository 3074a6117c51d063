package import Contract
package import Wire

/// An operation and the code that runs it.
package struct Endpoint: Sendable {
    package let operation: Operation
    private let code: @Sendable (Reading, Input) throws -> Answer

    /// An operation that only reads. Its code receives what it takes checked, typed and in the order of declaration.
    package static func reading<each Value: Sendable>(
        _ name: String, _ summary: String, _ bindings: Operation.Binding..., on target: Operation.Target,
        takes parameter: repeat Parameter<each Value>, returns reply: Operation.Reply, soap: Operation.Reach = .own,
        soapKey: (any FieldDeclaration)? = nil, remarks: [Remark] = [],
        run: @escaping @Sendable (Reading, repeat each Value) throws -> Answer
    ) -> Endpoint {
        let (arguments, body) = declared(repeat each parameter)
        let operation = Operation(
            name, summary, .reading, on: target, bindings, soap: soap, soapKey: soapKey?.erased, arguments: arguments,
            body: body, returns: reply, remarks: remarks)
        return Endpoint(operation: operation) { work, input in
            let taken = try taken(repeat each parameter, by: operation, work, input)
            return try run(work, repeat each taken)
        }
    }

    /// An operation that writes; it may need another scope than all others of its domain.
    package static func writing<each Value: Sendable>(
        _ name: String, _ summary: String, _ bindings: Operation.Binding..., on target: Operation.Target,
        scope: Scope? = nil, takes parameter: repeat Parameter<each Value>, returns reply: Operation.Reply,
        remarks: [Remark] = [], run: @escaping @Sendable (Writing, repeat each Value) throws -> Answer
    ) -> Endpoint {
        let (arguments, body) = declared(repeat each parameter)
        let operation = Operation(
            name, summary, .writing, on: target, bindings, scope: scope, arguments: arguments, body: body,
            returns: reply, remarks: remarks)
        return Endpoint(operation: operation) { work, input in
            guard let work = work as? Writing else { fatalError("\(operation.name) runs in a transaction") }
            let taken = try taken(repeat each parameter, by: operation, work, input)
            return try run(work, repeat each taken)
        }
    }

    /// What parameters declare for their operation.
    private static func declared<each Value>(
        _ parameter: repeat Parameter<each Value>
    ) -> (arguments: [Argument], body: Operation.Body?) {
        var (arguments, body) = ([Argument](), Operation.Body?.none)
        for parameter in repeat each parameter {
            arguments += parameter.argument.map { [$0] } ?? []
            body = parameter.body ?? body
        }
        return (arguments, body)
    }

    /// What the operation takes, read from the request. A missing row is reported before problems of the request; one
    /// statement alone looks for it.
    private static func taken<each Value>(
        _ parameter: repeat Parameter<each Value>, by operation: Operation, _ work: Reading, _ input: Input
    ) throws -> (repeat each Value) {
        do {
            let arguments = try CheckedArguments(operation, input)
            return (repeat try (each parameter).read(arguments))
        } catch {
            if case .row(let resource) = operation.target { _ = try work.idAlone(of: input.row, in: resource) }
            throw error
        }
    }

    /// Runs the operation on what the request gives.
    package func run(_ work: Reading, _ input: Input) throws -> Answer {
        work.input = input
        guard input.problems.isEmpty else { throw operation.fault(input) }
        return try code(work, input)
    }
}
