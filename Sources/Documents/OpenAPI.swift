package import Contract

/// The description of the REST API, for people and for programs: OpenAPI 3.1.
package enum OpenAPI {
    /// The document with every REST binding of the operations.
    package static func document(operations: [Operation], publicURL: String) -> String {
        let reached = operations.filter { !$0.bindings.isEmpty }
        var components = Components(Sample(operations))
        var paths: [(path: String, methods: [JSON.Member])] = []
        var names: Set<String> = []
        for operation in reached {
            for binding in operation.bindings {
                let call = RESTCall(operation, binding, isProtected: operation.isProtected(among: operations))
                guard names.insert(call.operationID).inserted else {
                    fatalError("\(call.operationID) is declared twice")
                }
                let method = JSON.Member(binding.method.rawValue.lowercased(), call.description(&components))
                if let place = paths.firstIndex(where: { $0.path == call.path }) {
                    paths[place].methods.append(method)
                } else {
                    paths.append((call.path, [method]))
                }
            }
        }
        let sharedReplies = RESTCall.sharedReplies(&components)
        let document: JSON = [
            "openapi": "3.1.1", "info": info, "servers": [["url": .string(publicURL)]],
            "tags": .array(tags(reached)), "security": [],
            "paths": .object(paths.map { .init($0.path, .object($0.methods)) }),
            "components": [
                "schemas": components.schemasObject, "responses": sharedReplies,
                "headers": RESTCall.headers, "examples": components.examplesObject,
            ],
        ]
        return document.rendered() + "\n"
    }

    private static let info: JSON = [
        "title": "Messo Seller Center", "version": "1.0",
        "description": .string(about.joined(separator: "\n\n")),
    ]

    private static let about = [
        "Products, orders, logistics, finance, promotions and analytics of a seller. The same operations are reached "
            + "by SOAP, under the names that are the operation ids here.",
        "Paths end with a slash; without it GET, HEAD and OPTIONS are redirected by 301, and every other method by 308, "
            + "which clients follow with the same method and body. Bodies of requests are JSON or forms; in a form that creates or replaces a row, a missing boolean means false. Unknown fields are "
            + "ignored.",
        "Every call that writes can be tried by ?dry_run=true: it is answered with X-Dry-Run: true, and nothing is stored. An "
            + "answer without that header is of a call that was carried out.",
        "x-scope names the scope that a client will need for an operation; nothing asks for it yet.",
        "Amounts travel as text with two decimal places and are accepted as numbers too. Times are UTC. Every answer "
            + "has an X-Request-ID, which the log of the server knows.",
    ]

    private static func tags(_ operations: [Operation]) -> [JSON] {
        Domain.allCases.filter { domain in operations.contains { $0.domain == domain } }.map { domain in
            [
                "name": .string(domain.rawValue),
                "description": "The REST API of \(domain.rawValue); \(domain.serviceName) is its SOAP service.",
            ]
        }
    }
}

extension Operation {
    /// Whether the operation deletes rows that answers show inside other rows; it is refused while such a row exists.
    fileprivate func isProtected(among operations: [Operation]) -> Bool {
        reply == .deleted
            && operations.contains { other in
                other.resource?.expansions.contains { $0.resource == resource } == true
            }
    }
}
