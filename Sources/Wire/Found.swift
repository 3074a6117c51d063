package import Contract
import XML

/// An operation that a request calls; nothing of what the body describes is read yet.
package struct Found {
    /// The operation's index in the catalogue.
    package let number: Int
    package let operation: Operation
    /// Whether the operation has to be tried only: everything is checked and answered, and nothing is stored.
    package let isDryRun: Bool
    private let source: Source

    /// What the input is read from.
    enum Source {
        case rest(RowName, Operation.Method, parameters: [(name: String, value: String)])
        case soap(XML.Element, declared: [Contract.Element], namespaces: [String])
    }

    init(_ number: Int, _ operation: Operation, isDryRun: Bool, _ source: Source) {
        self.number = number
        self.operation = operation
        self.isDryRun = isDryRun
        self.source = source
    }

    /// Reads the input by the operation's declaration.
    package func read(_ request: HTTPRequest) -> Input {
        switch source {
        case .rest(let row, let method, let parameters): readREST(request, row, method, parameters)
        case .soap(let call, let declared, let namespaces): SOAPInput(operation, declared, call, namespaces).read()
        }
    }

    private func readREST(
        _ request: HTTPRequest, _ row: RowName, _ method: Operation.Method,
        _ parameters: [(name: String, value: String)]
    ) -> Input {
        let body = RequestBody(request)
        var input = Input(body.isForm ? .form : .json)
        input.row = row
        if operation.body != .none { input.body = body.read() }
        input.isPartial = method == .patch
        if operation.hasPages {
            input.page = parameters.last { $0.name == Paging.page.name }.map { .string($0.value) }
        }
        input.arguments =
            operation.body == .arguments
            ? operation.arguments.map { (try? input.body.get())?[$0.restName] }
            : operation.arguments.map { argument in
                parameters.last { $0.name == argument.restName }.map { .string($0.value) }
            }
        return input
    }
}
