import Contract
import Documents
import Foundation
import Testing
import Wire

/// The documents equal the copies in the repository, so that nothing that clients rely on changes unnoticed.
@Suite("Golden copies")
struct GoldenTests {
    @Test("of the WSDLs", arguments: Domain.allCases)
    func wsdl(_ domain: Domain) throws {
        try Self.compare(Published.wsdl(domain), with: "\(domain.rawValue).wsdl")
    }

    @Test("of the OpenAPI document")
    func openAPI() throws {
        try Self.compare(Published.openAPI, with: "openapi.json")
    }

    @Test("of the table of operations, each with its place in REST and in SOAP")
    func operations() throws {
        let lines = Published.operations.map { operation in
            let rest = operation.bindings.map { binding in
                let place = operation.isOnRow ? "{id}/" : ""
                let path = operation.domain.restPath + (operation.resource?.path ?? "") + "/" + place
                return "\(binding.method.rawValue) \(path)\(binding.action.map { $0 + "/" } ?? "")"
            }
            let soap =
                switch operation.soap {
                case .own: operation.name
                case .through(let other, let note): "\(other) (\(note))"
                }
            return "\(operation.name) | \(rest.joined(separator: ", ")) | \(operation.domain.soapPath) \(soap)\n"
        }
        try Self.compare("operation | REST | SOAP\n" + lines.joined(), with: "operations.txt")
    }

    @Test("of the words of OPTIONS, which the contract has recorded")
    func options() throws {
        let lines = Router(Published.operations).places.map { place in
            let path = place.resource.domain.restPath + place.resource.path + (place.isRow ? "/{id}/" : "/")
            let words = String(decoding: place.description.plain, as: UTF8.self)
            return "\(path)\(place.action.map { $0 + "/" } ?? "") \(words)\n"
        }
        try Self.compare(lines.joined(), with: "options.txt")
    }

    /// Compares a document with its copy; UPDATE_GOLDEN=1 writes new copies, to be reviewed in the diff.
    private static func compare(_ document: String, with name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(document.utf8).write(to: file)
        }
        let golden = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        let lines = zip(document.split(separator: "\n"), golden.split(separator: "\n"))
        let difference = lines.first { $0 != $1 }.map { "\n  now: \($0)\n  was: \($1)" } ?? " in length"
        #expect(document == golden, "\(name) has changed\(difference)")
    }
}
