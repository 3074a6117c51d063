import Contract
import Foundation
import Testing

/// The texts for people: everything is named, and in one style.
@Suite("Words")
struct WordsTests {
    private let operations = Published.operations

    @Test("of summaries say what an operation does, and no two of a service say the same", arguments: Domain.allCases)
    func summaries(_ domain: Domain) {
        let own = operations.filter { $0.domain == domain }
        for operation in own {
            #expect(operation.summary.first?.isUppercase == true, "\(operation.name)")
            #expect(!operation.summary.hasSuffix("."), "\(operation.name)")
            for side in [Remark.Side.rest, .soap] {
                for text in operation.remarks.texts(for: side) {
                    #expect(Self.isSentence(text), "\(operation.name): \(text)")
                }
            }
        }
        #expect(Set(own.map { $0.summary.lowercased() }).count == own.count)
    }

    @Test("of meanings are sentences that name the thing")
    func meanings() {
        for operation in operations {
            for field in (operation.resource?.fields ?? []) + operation.arguments.map(\.field) {
                Self.check(field.meaning, "\(operation.name) \(field.name)")
            }
            Self.check(operation.request + [operation.result], operation.name)
        }
        Self.check(ComplexType.serviceFault.elements, ComplexType.serviceFault.name)
    }

    private static func check(_ elements: [Element], _ path: String) {
        for element in elements {
            check(element.meaning, "\(path).\(element.name)")
            if case .complex(let type) = element.content { check(type.elements, "\(path).\(element.name)") }
        }
    }

    private static func check(_ meaning: String, _ path: String) {
        #expect(isSentence(meaning), "\(path): \(meaning)")
        // A text must not begin with a question word, such as "Where it is called.", instead of a name.
        let riddles = ["What ", "Who ", "Whom ", "Whose ", "Where ", "When ", "How ", "Why "]
        #expect(!riddles.contains { meaning.hasPrefix($0) }, "\(path): \(meaning)")
    }

    private static func isSentence(_ text: String) -> Bool {
        text.first?.isUppercase == true && text.hasSuffix(".") && !text.contains("  ") && !text.hasSuffix("..")
    }

    @Test("stand at each property and parameter of the OpenAPI document, and no two of its operations say the same")
    func openAPI() throws {
        let document = try JSONSerialization.jsonObject(with: Data(Published.openAPI.utf8)) as? [String: Any]
        let parts = try #require(document?["components"] as? [String: Any])
        for (name, part) in try #require(parts["schemas"] as? [String: [String: Any]]) {
            for (member, value) in part["properties"] as? [String: [String: Any]] ?? [:] {
                #expect(value["description"] != nil || value["$ref"] != nil, "\(name).\(member)")
            }
        }
        var summaries: Set<String> = []
        for (path, methods) in try #require(document?["paths"] as? [String: [String: [String: Any]]]) {
            for (method, operation) in methods {
                let summary = try #require(operation["summary"] as? String)
                #expect(summaries.insert(summary).inserted, "\(method) \(path): \(summary)")
                for parameter in operation["parameters"] as? [[String: Any]] ?? [] {
                    #expect(parameter["description"] != nil, "\(method) \(path)")
                }
            }
        }
    }

    @Test("say of a delete which rows go with it")
    func deletes() {
        let resources = operations.compactMap(\.resource)
        for operation in operations where operation.reply == .deleted {
            let isReferredTo = resources.flatMap(\.fields).contains { field in
                if case .reference(let target) = field.kind { target == operation.resource?.identity } else { false }
            }
            #expect(!operation.remarks.isEmpty == isReferredTo, "\(operation.name)")
        }
    }

    @Test("of OPTIONS are declared where an action is, and nowhere else")
    func options() {
        for operation in operations {
            for binding in operation.bindings {
                #expect((binding.action == nil) == binding.options.isEmpty, "\(operation.name)")
            }
        }
    }
}
