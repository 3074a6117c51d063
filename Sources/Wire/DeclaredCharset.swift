import Charsets
import Contract

/// The charset that a body, or a part of one, declares. Bytes that are not valid in it are refused, so that no text
/// is stored with other characters than the client meant.
struct DeclaredCharset {
    /// nil when no charset is declared.
    private let label: String?
    /// nil when the label is unknown, in which case the contract requires UTF-8.
    private let charset: Charset?
    private let decoder: Decoder

    /// The charset of the first label that is not blank; refuses known charsets that are not accepted.
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

    /// Whether the charset is UTF-8, declared or by default.
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

    /// The fault for bytes that are not text in the charset.
    var refusal: Fault {
        guard let label else {
            return Fault(.unsupportedMediaType, "The body is not UTF-8, and it declares no other charset.")
        }
        guard charset != nil else { return Self.unsupported(label) }
        return Fault(
            .unsupportedMediaType,
            "The body is not valid in the charset \"\(Charset.shown(label))\" that it declares.")
    }
}
