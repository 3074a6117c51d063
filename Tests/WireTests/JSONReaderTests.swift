import Contract
import Foundation
import Fuzz
import Testing

@testable import Wire

@Suite struct JSONReaderTests {
    private static func read(_ text: String) throws -> JSONReader.Root { try JSONReader.read(Array(text.utf8)) }

    @Test(arguments: [
        "", " ", "{", "{a:1}", "{'a':1}", "{\"a\":1,}", "[1,]", "{} x", "{}{}", "01", "+1", ".5", "5.", "1e", "NaN",
        "-Infinity",
        "\"\t\"", "\"\\x\"", "\"\\u12\"", "tru", "\u{FEFF}{}", "{\"a\" 1}", "[1 2]", "\"a", "/* c */ 1",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONReader.Problem.self) { try Self.read(text) }
    }

    @Test func keepsTheMembersOfTheTopObject() throws {
        let text =
            #"{"a": 1.50, "b": "x\u00e9\ud83d\ude00", "c": [], "d": {"e": [1]}, "f": null, "a": true, "g": "\ud83d"}"#
        guard case .object(let members) = try Self.read(text) else { return #expect(Bool(false), "an object") }
        #expect(members.map(\.name) == ["a", "b", "c", "d", "f", "a", "g"])
        #expect(
            members.map(\.value) == [
                .number("1.50"), .string("xé😀"), .array(isEmpty: true), .object(isEmpty: false), .null, .boolean(true),
                .loneSurrogate(0xD83D),
            ])
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func limitsTheDepthWithoutRecursion(_ open: String, _ close: String) throws {
        let deep = { (depth: Int) in
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        _ = try Self.read(deep(JSONReader.deepest))
        #expect(throws: JSONReader.Problem.self) { try Self.read(deep(JSONReader.deepest + 1)) }
        #expect(throws: JSONReader.Problem.self) { try Self.read(String(repeating: open, count: 200_000)) }
    }

    /// Foundation accepts whatever this reader accepts, and reads the same strings.
    @Test func fuzz() throws {
        let corpus = [
            #"{"product_id": "P1", "name": "é😀\n\"", "price": 12.50, "x": [1, {"y": null}], "ok": true}"#,
            #"[1e5, -0.0, "\ud83d\ude00", {}, [], false]"#, #"{"a": "b", "a": "c", "": 1}"#,
        ]
        try Fuzz.run(inputs: 20_000) { random in
            let bytes = Fuzz.mutate(corpus.randomElement(using: &random)!, using: &random)
            guard case .object(let members)? = try? JSONReader.read(bytes) else { return }
            // Foundation refuses lone surrogates and numbers beyond a Double.
            guard !members.contains(where: { if case .loneSurrogate = $0.value { true } else { false } }),
                let read = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            else { return }
            for member in members {
                guard case .string(let text) = member.value, members.filter({ $0.name == member.name }).count == 1
                else {
                    continue
                }
                #expect(read[member.name] as? String == text)
            }
        }
    }
}
