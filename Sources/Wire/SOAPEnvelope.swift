import Contract
import XML

/// A parsed envelope with a valid outer structure.
struct SOAPEnvelope {
    let version: SOAPVersion
    /// The header blocks that are addressed to this server and that it knows.
    let blocks: [XML.Element]
    private let body: XML.Element

    /// The names of the header blocks that this server knows, in the namespaces of a service.
    private static let known = [DryRun.name]

    init(
        _ bytes: [UInt8], charset: String?, announced: SOAPVersion, knowing namespaces: [String]
    ) throws(SOAPProblem) {
        let root = try Self.parse(bytes, charset: charset)
        guard root.name == "Envelope" else {
            throw .fault(.notSOAP, "The root element is \(root.name) and not a SOAP Envelope.")
        }
        guard let version = SOAPVersion.allCases.first(where: { $0.namespace == root.namespace }) else {
            throw .versionMismatch
        }
        guard version == announced else {
            throw .unsupported("Send an envelope of this version of SOAP as \(version.mediaType).")
        }
        self.version = version
        blocks = try Self.knownBlocks(of: root, version, namespaces)
        guard root.hasOnlyWhitespace else { throw .fault(.badEnvelope, "The Envelope holds text.") }
        var hasHeader = false
        var body: XML.Element?
        for child in root.children {
            guard child.namespace == version.namespace, body == nil else {
                throw .fault(.badEnvelope, "The Envelope holds \(child.name) where only a Header and a Body may stand.")
            }
            switch child.name {
            case "Header" where !hasHeader: hasHeader = true
            case "Body": body = child
            default: throw .fault(.badEnvelope, "The Envelope holds \(child.name) out of place.")
            }
        }
        guard let body else { throw .fault(.badEnvelope, "The Envelope has no Body.") }
        self.body = body
    }

    private static func parse(_ bytes: [UInt8], charset: String?) throws(SOAPProblem) -> XML.Element {
        do throws(XMLProblem) {
            return try Document.parse(bytes, charset: charset).root
        } catch {
            let code: Fault.Code =
                switch error {
                case .empty: .notSOAP
                case .forbidden: .xmlForbidden
                case .malformed: .xmlMalformed
                case .limit: .xmlLimit
                case .encoding: .xmlEncoding
                }
            throw .fault(code, error.description)
        }
    }

    /// The header blocks that are addressed to this server and that it knows; mandatory ones that it does not know are
    /// refused. This comes before the check of the envelope's own structure (WS-I BP 1.1 R2725).
    private static func knownBlocks(
        of envelope: XML.Element, _ version: SOAPVersion, _ namespaces: [String]
    ) throws(SOAPProblem) -> [XML.Element] {
        let headers = envelope.children.filter { $0.name == "Header" && $0.namespace == version.namespace }
        let audience = version.audience
        var blocks: [XML.Element] = []
        for block in headers.flatMap(\.children) {
            let target = block.attribute(audience.attribute, namespace: version.namespace) ?? ""
            guard audience.us.contains(String(target.trimmingSpaces)) else { continue }
            let mandatory = block.attribute("mustUnderstand", namespace: version.namespace) ?? ""
            if known.contains(block.name), namespaces.contains(block.namespace) {
                blocks.append(block)
            } else if ["1", "true"].contains(mandatory.trimmingSpaces) {
                throw .mustUnderstand(name: block.name, namespace: block.namespace)
            }
        }
        return blocks
    }

    /// The texts of the header blocks of one name.
    func texts(of name: String) -> [String] {
        // An element inside the block would not be part of its text, so that such a block counts as another text.
        blocks.filter { $0.name == name }.map { $0.hasElements ? "" : $0.text.trimmedOfXMLSpace }
    }

    /// The only element of the Body.
    func call() throws(SOAPProblem) -> XML.Element {
        guard body.hasOnlyWhitespace else { throw .fault(.badBody, "The Body holds text.") }
        var calls = body.children.makeIterator()
        guard let call = calls.next() else { throw .fault(.emptyBody, "The Body is empty.") }
        guard calls.next() == nil else { throw .fault(.badBody, "The Body holds more than one element.") }
        guard call.namespace != version.namespace else {
            throw .fault(.badBody, "The Body holds \(call.name) of the SOAP namespace itself.")
        }
        return call
    }
}
