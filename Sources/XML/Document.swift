/// A parsed document. Its nodes lie in flat arrays, and an element is an index into them.
package final class Document {
    struct Node {
        let name: Int
        let namespace: Int
        let attributes: Range<Int>
        var firstChild = -1
        var lastChild = -1
        var nextSibling = -1
        var firstText = -1
        var lastText = -1
        var hasOnlyWhitespace = true
    }

    struct Attribute {
        let name: Int
        let namespace: Int
        let value: String
    }

    /// A piece of an element's text; child elements, comments and CDATA borders lie between pieces.
    struct Text {
        let bytes: Range<Int>
        var next = -1
    }

    let nodes: [Node]
    let attributes: [Attribute]
    let texts: [Text]
    let bytes: [UInt8]
    /// Every name and namespace of the document, each once.
    let words: [String]

    init(nodes: [Node], attributes: [Attribute], texts: [Text], bytes: [UInt8], words: [String]) {
        self.nodes = nodes
        self.attributes = attributes
        self.texts = texts
        self.bytes = bytes
        self.words = words
    }

    /// Parses untrusted bytes; `charset` is the one that the HTTP header declares.
    package static func parse(_ bytes: [UInt8], charset: String?) throws(XMLProblem) -> Document {
        guard !bytes.isEmpty else { throw .empty }
        let utf8 = try XMLEncoding.utf8(bytes, charset: charset)
        try XMLScan.check(utf8)
        return try Parser().parse(utf8)
    }

    package var root: Element { Element(document: self, index: 0) }
}

/// An element of a document.
package struct Element {
    let document: Document
    let index: Int

    private var node: Document.Node { document.nodes[index] }

    /// The name without a prefix.
    package var name: String { document.words[node.name] }

    /// The namespace; "" for none.
    package var namespace: String { document.words[node.namespace] }

    /// The child elements, in order.
    package var children: [Element] {
        var children: [Element] = []
        var child = node.firstChild
        while child >= 0 {
            children.append(Element(document: document, index: child))
            child = document.nodes[child].nextSibling
        }
        return children
    }

    package var hasElements: Bool { node.firstChild >= 0 }

    /// Whether all text directly in the element is white space.
    package var hasOnlyWhitespace: Bool { node.hasOnlyWhitespace }

    /// The text and CDATA directly in the element, joined, so that a comment cannot hide a part of a value.
    package var text: String {
        var joined: [UInt8] = []
        var piece = node.firstText
        while piece >= 0 {
            joined += document.bytes[document.texts[piece].bytes]
            piece = document.texts[piece].next
        }
        return String(decoding: joined, as: UTF8.self)
    }

    package func attribute(_ name: String, namespace: String = "") -> String? {
        document.attributes[node.attributes].first {
            document.words[$0.name] == name && document.words[$0.namespace] == namespace
        }?.value
    }

    /// All attributes with their names, whatever their namespaces.
    package var attributes: [(name: String, value: String)] {
        document.attributes[node.attributes].map { (document.words[$0.name], $0.value) }
    }
}
