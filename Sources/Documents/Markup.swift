/// A piece of XML or HTML: names are trusted constants, text and attribute values are escaped when written.
struct Markup: Sendable, Equatable {
    /// Nil for plain text.
    private let name: String?
    private var attributes = ""
    private var text = ""
    private var children: [Markup] = []

    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []) {
        self.name = name
        self.children = children
        for (name, value) in attributes { set(name, value) }
    }

    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String) {
        self.init(name, attributes, [.text(text)])
    }

    private init(text: String) {
        name = nil
        self.text = text
    }

    static func text(_ text: String) -> Markup { Markup(text: text) }

    /// Sets an attribute, behind those that the element has.
    mutating func set(_ name: String, _ value: String) {
        attributes += " \(name)=\"\(Self.escaped(value))\""
    }

    private static func escaped(_ text: String) -> String {
        // By code points, since a Character may be a quote together with a combining mark.
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

// MARK: Writing

extension Markup {
    /// The two notations, which differ in how an empty element ends.
    enum Notation { case xml, html }

    /// The HTML elements without an end tag that the pages use.
    private static let void: Set<String> = ["meta", "br", "link"]

    /// The text, indented by two spaces per level. An element that contains text stays on one line, since its white
    /// space may matter.
    func rendered(_ notation: Notation = .xml, indent: String = "") -> String {
        guard let name else { return Self.escaped(text) }
        let open = indent + "<" + name + attributes
        if children.isEmpty {
            return notation == .xml || Self.void.contains(name) ? open + "/>" : open + "></\(name)>"
        }
        if children.contains(where: { $0.name == nil }) {
            return open + ">" + children.map { $0.rendered(notation) }.joined() + "</\(name)>"
        }
        let inner = children.map { $0.rendered(notation, indent: indent + "  ") + "\n" }.joined()
        return open + ">\n" + inner + indent + "</\(name)>"
    }

    /// A whole document with its declaration and a last line feed.
    var document: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + rendered() + "\n" }
}
