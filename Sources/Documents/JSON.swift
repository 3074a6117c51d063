/// A JSON value whose objects keep the order in which they were written.
///
/// There is no null literal: a member whose value is nil is left out.
enum JSON: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number as its digits.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One name and value of an object.
    struct Member: Sendable, Equatable {
        let name: String
        let value: JSON

        init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The object with one more member at its end; if the value is nil, the same object.
    func adding(_ name: String, _ value: JSON?) -> JSON {
        guard case .object(let members) = self else { fatalError("only objects have members") }
        return value.map { .object(members + [Member(name, $0)]) } ?? self
    }
}

// MARK: Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    init(stringLiteral text: String) { self = .string(text) }
}

extension JSON: ExpressibleByIntegerLiteral {
    init(integerLiteral number: Int64) { self = .number(String(number)) }
}

extension JSON: ExpressibleByBooleanLiteral {
    init(booleanLiteral flag: Bool) { self = .boolean(flag) }
}

extension JSON: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral members: (String, JSON)...) { self = .object(members.map(Member.init)) }
}

// MARK: Writing

extension JSON {
    /// The text with one member per line, so that differences between golden copies are small.
    func rendered(indent: String = "") -> String {
        let inner = indent + " "
        switch self {
        case .null: return "null"
        case .boolean(let flag): return String(flag)
        case .number(let digits): return digits
        case .string(let text): return Self.quoted(text)
        case .array(let elements):
            guard !elements.isEmpty else { return "[]" }
            return "[\n" + elements.map { inner + $0.rendered(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { inner + Self.quoted($0.name) + ": " + $0.value.rendered(indent: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "\"") { result, scalar in
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        } + "\""
    }
}
