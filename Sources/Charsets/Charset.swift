/// A character encoding that a request may use, from a closed list.
package struct Charset: Sendable, Equatable {
    /// The C library's name of the encoding.
    let name: String

    /// The encoding of every request that declares none.
    package static let utf8 = Charset(name: "UTF-8")

    static let ascii = Charset(name: "US-ASCII")
    static let utf16 = Charset(name: "UTF-16")
    static let utf16Little = Charset(name: "UTF-16LE")
    static let utf16Big = Charset(name: "UTF-16BE")

    /// Whether the encoding has units of 16 bits.
    package var isWide: Bool { self == .utf16 || self == .utf16Little || self == .utf16Big }

    /// Whether every byte below 0x80 in this text is an ASCII character, so that the text may be cut at such bytes. In
    /// all these encodings, no part of a longer character has the value of `&`, `=`, `+` or `%`.
    package func keepsASCII(in bytes: some Sequence<UInt8>) -> Bool {
        if isWide { return false }
        // Between escape sequences of ISO-2022-JP, two printable ASCII bytes make one character (RFC 1468).
        return name != "ISO-2022-JP" || !bytes.contains(0x1B)
    }
}

// MARK: Labels

extension Charset {
    /// The encoding that a label names, or nil if it is not on the list.
    package init?(_ label: some StringProtocol) {
        // The labels that nearly every client sends need no look-up.
        if label == "utf-8" || label == "UTF-8" {
            self = .utf8
        } else if let charset = Self.labels[Self.key(label)] {
            self = charset
        } else {
            return nil
        }
    }

    /// A label, shortened for a message, since a client can declare one of any length.
    package static func shown(_ label: String) -> String {
        String(String.UnicodeScalarView(label.unicodeScalars.prefix(40)))
    }

    /// The common key of all spellings of a label (UTS #22 §1.4): "Delete all characters except a-z, A-Z, and 0-9. Map
    /// uppercase A-Z to the corresponding lowercase a-z. From left to right, delete each 0 that is not preceded by a
    /// digit."
    static func key(_ label: some StringProtocol) -> String {
        var key: [UInt8] = []
        for byte in label.utf8 {
            switch byte {
            case UInt8(ascii: "0"):
                if let last = key.last, last <= UInt8(ascii: "9") { key.append(byte) }
            case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): key.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): key.append(byte | 0x20)
            default: break
            }
        }
        return String(decoding: key, as: UTF8.self)
    }
}
