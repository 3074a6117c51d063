import Charsets
import Contract

/// The charset that a body, or a part of one, says it is in. What is not in it is refused: text is never stored as
/// another than was sent.
struct DeclaredCharset {
    /// nil when nothing is said.
    private let label: String?
    /// nil when nobody knows the label, in which case the contract wants UTF-8.
    private let charset: Charset?
    private let decoder: Decoder

    /// The charset of the first label that says something; refuses those that are known not to be UTF-8 and not accepted.
    init(first labels: String?...) throws(Fault) {
        let label = labels.compactMap { $0 }.first { !$0.trimmingSpaces.isEmpty }
        self.label = label
        charset = label.map { Charset($0) } ?? .utf8
        guard label.map({ Charset.isRefused($0) }) != true, let decoder = Decoder(charset ?? .utf8) else {
            throw Self.unsupported(label ?? "")
        }
        self.decoder = decoder
    }

    private static func unsupported(_ label: String) -> Fault {
        Fault(.unsupportedMediaType, "Unsupported charset \"\(Charset.shown(label))\" in request.")
    }

    /// Whether it is UTF-8, said or not.
    var isUTF8: Bool { charset == .utf8 }

    /// Whether a body may be cut at ASCII characters before it is decoded.
    func keepsASCII(in body: [UInt8]) -> Bool { (charset ?? .utf8).keepsASCII(in: body) }

    func text(_ bytes: [UInt8]) throws(Fault) -> String {
        guard let text = decoder.text(bytes) else { throw refusal }
        return text
    }

    func utf8(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        guard let text = decoder.utf8(bytes) else { throw refusal }
        return text
    }

    private var refusal: Fault {
        guard let label else {
            return Fault(.unsupportedMediaType, "The body is not UTF-8, and it declares no other charset.")
        }
        guard charset != nil else { return Self.unsupported(label) }
        return Fault(
            .unsupportedMediaType,
            "The body is not valid in the charset \"\(Charset.shown(label))\" that it declares.")
    }
}
