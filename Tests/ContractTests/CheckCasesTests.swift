@testable import Contract
import Foundation
import Testing

/// The recorded field values of the contract (`extract-cases.py`), without a server; CHECK_CASES names another file.
@Suite struct CheckCasesTests {
    @Test func everyRecordedFieldValue() throws {
        let given = ProcessInfo.processInfo.environment["CHECK_CASES"].map { URL(filePath: $0) }
        let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cases.json")
        let cases = try Case.load(given ?? own)
        #expect(given != nil || cases.count > 500)
        for recorded in cases { recorded.check() }
    }
}

private struct Case: Decodable {
    let name: String
    let kind: KindNote
    let raw: RawNote
    var value: Answer?
    var messages: [String]?
    /// Whether a refusal is allowed as well.
    var either: Bool?

    static func load(_ file: URL) throws -> [Case] {
        try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    func check() {
        let comment: Comment = "\(name) \(raw)"
        do throws(Problem) {
            let text = try kind.kind.check(raw.raw, as: .json).answer
            if let value { #expect(text == (value.text == "-0.00" ? "0.00" : value.text), comment) }
            // The kind does not check whether a referenced row exists.
            #expect(
                messages == nil || kind.type == "field" && messages == [Problem.noSuchRow(raw.raw).message], comment)
        } catch {
            if either == true { return }
            if let messages, messages.count == 1, messages[0].hasPrefix("$re:") {
                #expect(error.message.hasSuffix(" is not a valid choice."), comment)
            } else {
                #expect(error.messages == messages, comment)
            }
        }
    }
}

private struct KindNote: Decodable {
    let type: String
    var max: Int?
    var digits: Int?
    var choices: [String]?
    var blank: Bool?

    var kind: Kind {
        switch type {
        case "string": .text(max: max, blank: blank ?? false)
        case "email": .email(max: max ?? 254, blank: blank ?? false)
        case "url": .url(max: max ?? 200)
        case "choice": .choice((choices ?? []).map { Choice(value: $0, label: $0) })
        case "integer": .integer(Kind.int32)
        case "decimal": .decimal(.money, digits: digits ?? 10, places: 2, range: nil)
        case "boolean": .boolean
        case "date": .date
        case "datetime": .timestamp
        case "field": .reference(Reference(resource: "product", table: "products", key: "product_id"))
        default: preconditionFailure("no such kind: \(type)")
        }
    }
}

private struct RawNote: Decodable, CustomStringConvertible {
    var boolean: Bool?
    var number: String?
    var string: String?
    var surrogate: UInt16?
    var array: Bool?
    var object: Bool?

    var raw: Raw {
        if let boolean { return .boolean(boolean) }
        if let number { return .number(number) }
        if let string { return .string(string) }
        if let surrogate { return .loneSurrogate(surrogate) }
        return array == true ? .array(isEmpty: true) : object == true ? .object(isEmpty: true) : .null
    }

    var description: String { String(String(describing: raw).prefix(200)) }
}

private enum Answer: Decodable {
    case text(String)
    case number(Int64)
    case boolean(Bool)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .boolean(let value): String(value)
        }
    }
}

extension Value {
    /// The value as the contract's answers show it.
    fileprivate var answer: String {
        switch self {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let number): String(number)
        case .decimal(let number): number.description
        case .text(let text): text
        case .date(let day): day.text
        case .timestamp(let instant):
            instant.text.replacing(" ", with: "T").replacing(/\.000000$/, with: "") + "Z"
        }
    }
}
