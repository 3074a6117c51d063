import CLibXML2

/// The set-up of libxml2.
package enum XMLLibrary {
    /// Prepares libxml2; must be called once before the first thread parses.
    package static func start() { xmlInitParser() }
}

/// Drives libxml2's SAX interface for one document and builds the tree; it stops at the first thing not allowed.
///
/// libxml2's default options are not safe: with them a kilobyte of nested parameter entities runs for 20 seconds.
@safe
final class Parser {
    private var context: xmlParserCtxtPtr?
    private var problem: XMLProblem?
    private var nodes: [Document.Node] = []
    private var attributes: [Document.Attribute] = []
    private var texts: [Document.Text] = []
    private var bytes: [UInt8] = []
    private var words: [String] = [""]
    /// Indexes by the address of a name, since libxml2 keeps each name of a document once.
    private var places: [UnsafeRawPointer: Int] = unsafe [:]
    private var open: [Int] = []

    func parse(_ document: [UInt8]) throws(XMLProblem) -> Document {
        // xmlCreateMemoryParserCtxt copies the buffer, so that the bytes need not outlive this call.
        let new = unsafe document.withUnsafeBytes { bytes in
            unsafe xmlCreateMemoryParserCtxt(bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
        }
        guard let new = unsafe new else { throw .malformed("it cannot be read") }
        unsafe context = new
        defer { unsafe xmlFreeParserCtxt(new) }
        // IGNORE_ENC: the bytes are UTF-8 by now, whatever the declaration says. NONET is only a precaution. NOENT,
        // DTDLOAD, DTDATTR, HUGE, XINCLUDE and RECOVER must never be set.
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_COMPACT.rawValue | XML_PARSE_IGNORE_ENC.rawValue
            | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        unsafe xmlCtxtUseOptions(new, Int32(options))
        unsafe new.pointee.sax.pointee = Self.makeHandler()
        unsafe new.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
        unsafe xmlParseDocument(new)
        if let problem { throw problem }
        guard unsafe new.pointee.wellFormed == 1, !nodes.isEmpty else { throw .malformed("it breaks off") }
        if let version = unsafe new.pointee.version, unsafe String(cString: version) != "1.0" {
            throw .malformed("its version is not 1.0")
        }
        return Document(nodes: nodes, attributes: attributes, texts: texts, bytes: bytes, words: words)
    }

    private func stop(_ problem: XMLProblem) {
        if self.problem == nil { self.problem = problem }
        if let context = unsafe context { unsafe xmlStopParser(context) }
    }

    private func place(_ word: UnsafePointer<xmlChar>?) -> Int {
        guard let word = unsafe word else { return 0 }
        if let known = unsafe places[UnsafeRawPointer(word)] { return known }
        words.append(unsafe String(cString: word).withPlainAmpersands)
        unsafe places[UnsafeRawPointer(word)] = words.count - 1
        return words.count - 1
    }
}

// MARK: Events

extension Parser {
    private static func of(_ raw: UnsafeMutableRawPointer?) -> Parser {
        guard let raw = unsafe raw else { fatalError("libxml2 passes our own pointer back") }
        return unsafe Unmanaged<Parser>.fromOpaque(raw).takeUnretainedValue()
    }

    private static func makeHandler() -> xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        // Without the magic number, libxml2 uses the SAX1 events, which know no namespaces.
        unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe handler.internalSubset = { raw, _, _, _ in unsafe Parser.of(raw).stop(.forbidden("A DOCTYPE")) }
        unsafe handler.externalSubset = { raw, _, _, _ in unsafe Parser.of(raw).stop(.forbidden("A DOCTYPE")) }
        unsafe handler.entityDecl = { raw, _, _, _, _, _ in
            unsafe Parser.of(raw).stop(.forbidden("An entity declaration"))
        }
        unsafe handler.processingInstruction = { raw, _, _ in
            unsafe Parser.of(raw).stop(.forbidden("A processing instruction"))
        }
        unsafe handler.reference = { raw, _ in unsafe Parser.of(raw).stop(.forbidden("An entity reference")) }
        unsafe handler.getEntity = { _, name in unsafe xmlGetPredefinedEntity(name) }
        unsafe handler.startElementNs = { raw, name, _, namespace, declarations, _, count, _, attributes in
            unsafe Parser.of(raw).start(name, namespace, Int(declarations), Int(count), attributes)
        }
        unsafe handler.endElementNs = { raw, _, _, _ in unsafe Parser.of(raw).end() }
        unsafe handler.characters = { raw, text, count in unsafe Parser.of(raw).append(text, Int(count)) }
        unsafe handler.ignorableWhitespace = { raw, text, count in unsafe Parser.of(raw).append(text, Int(count)) }
        unsafe handler.cdataBlock = { raw, text, count in unsafe Parser.of(raw).append(text, Int(count)) }
        // The error handler belongs to this context: nothing is printed, and no state is shared between threads.
        unsafe handler.serror = { raw, error in
            // A namespace with two & reaches libxml2 as &#38; and is then no URI to it. That error is ignored, since
            // names are only compared.
            guard let error = unsafe error, unsafe error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue,
                unsafe error.pointee.code != Int32(XML_WAR_NS_URI.rawValue)
            else { return }
            let text = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown"
            unsafe Parser.of(raw).note(text, line: Int(error.pointee.line))
        }
        return unsafe handler
    }

    private func note(_ message: String, line: Int) {
        guard problem == nil else { return }
        let reason = Substring(message.utf8.prefix { $0 != 0x0A })
        problem = .malformed("\(reason) (line \(line))")
    }

    private func start(
        _ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?, _ declarations: Int, _ count: Int,
        _ raw: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard problem == nil else { return }
        guard open.count < XMLLimits.depth else { return stop(.limit("more levels")) }
        guard nodes.count < XMLLimits.nodes else { return stop(.limit("more elements")) }
        guard declarations + count <= XMLLimits.attributes else {
            return stop(.limit("more attributes on one element"))
        }
        let first = attributes.count
        for index in 0..<count {
            // Five pointers each: name, prefix, namespace, and the value's begin and end.
            guard let raw = unsafe raw, let begin = unsafe raw[index * 5 + 3], let end = unsafe raw[index * 5 + 4]
            else { continue }
            let value = unsafe String(decoding: UnsafeBufferPointer(start: begin, count: end - begin), as: UTF8.self)
                .withPlainAmpersands
            attributes.append(
                Document.Attribute(
                    name: unsafe place(raw[index * 5]), namespace: unsafe place(raw[index * 5 + 2]), value: value))
        }
        let new = nodes.count
        nodes.append(
            Document.Node(
                name: unsafe place(name), namespace: unsafe place(namespace), attributes: first..<attributes.count))
        if let parent = open.last {
            if nodes[parent].lastChild >= 0 {
                nodes[nodes[parent].lastChild].nextSibling = new
            } else {
                nodes[parent].firstChild = new
            }
            nodes[parent].lastChild = new
        }
        open.append(new)
    }

    private func end() {
        if problem == nil { open.removeLast() }
    }

    private func append(_ text: UnsafePointer<xmlChar>?, _ count: Int) {
        guard problem == nil, let text = unsafe text, count > 0, let element = open.last else { return }
        let piece = unsafe UnsafeBufferPointer(start: text, count: count)
        let start = bytes.count
        unsafe bytes.append(contentsOf: piece)
        if nodes[element].hasOnlyWhitespace {
            nodes[element].hasOnlyWhitespace = bytes[start...].allSatisfy(XMLScan.isSpace)
        }
        let last = nodes[element].lastText
        if last >= 0, texts[last].bytes.upperBound == start {
            texts[last] = Document.Text(bytes: texts[last].bytes.lowerBound..<bytes.count)
            return
        }
        texts.append(Document.Text(bytes: start..<bytes.count))
        if last >= 0 { texts[last].next = texts.count - 1 } else { nodes[element].firstText = texts.count - 1 }
        nodes[element].lastText = texts.count - 1
    }
}

extension String {
    /// The text with plain ampersands: libxml2 passes a & in an attribute on as the reference `&#38;`. The search
    /// compares bytes, since a & followed by a combining mark is another Character, and most texts have none.
    fileprivate var withPlainAmpersands: String {
        guard utf8.contains(UInt8(ascii: "&")) else { return self }
        var plain: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.first {
            plain.append(byte)
            rest = rest.dropFirst(rest.starts(with: "&#38;".utf8) ? 5 : 1)
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
