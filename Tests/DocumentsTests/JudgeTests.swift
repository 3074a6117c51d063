import Contract
import Documents
import Foundation
import Testing

/// Validators of other authors check the documents; they come from PyPI.
@Suite("Other people's programs")
struct JudgeTests {
    @Test("read the OpenAPI document", .enabled(if: Tool.has("openapi_spec_validator")))
    func openAPI() throws {
        try Tool.withFiles(["openapi.json": Published.openAPI]) { folder in
            let verdict = try Tool.run(Tool.python, "-m", "openapi_spec_validator", folder + "openapi.json")
            #expect(verdict.isContent, "\(verdict.output)")
        }
    }

    @Test("find that the examples fit their schemas", .enabled(if: Tool.has("jsonschema")))
    func examples() throws {
        try judge("judge_examples.py", ["openapi.json": Published.openAPI])
    }

    @Test("load the WSDLs strictly", .enabled(if: Tool.has("zeep")), arguments: Domain.allCases)
    func zeep(_ domain: Domain) throws {
        let names = Published.operations.filter { $0.domain == domain && $0.soap == .own }.map(\.name)
        for form in WSDL.Form.allCases {
            let files = [
                "service.wsdl": Published.wsdl(domain, form), "operations.txt": names.joined(separator: "\n"),
            ]
            try judge("judge_wsdl.py", files)
        }
    }

    private func judge(_ script: String, _ files: [String: String]) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script)
        try Tool.withFiles(files) { folder in
            let verdict = try Tool.run(Tool.python, script.path, folder)
            #expect(verdict.isContent, "\(verdict.output)")
        }
    }
}
