/// A character encoding that a request may be in: one of a closed list.
package struct Charset: Sendable, Equatable {
    /// What the C library calls it.
    let name: String

    /// The encoding of everything that declares none.
    package static let utf8 = Charset(name: "UTF-8")

    static let ascii = Charset(name: "US-ASCII")
    static let utf16 = Charset(name: "UTF-16")
    static let utf16Little = Charset(name: "UTF-16LE")
    static let utf16Big = Charset(name: "UTF-16BE")

    /// Whether its units are of 16 bits.
    package var isWide: Bool { self == .utf16 || self == .utf16Little || self == .utf16Big }

    /// Whether every byte below 0x80 of these is the ASCII character, so that a text may be cut at one. No other byte of
    /// a character has the value of any of `&`, `=`, `+` and `%` in any of the encodings.
    package func keepsASCII(in bytes: some Sequence<UInt8>) -> Bool {
        if isWide { return false }
        // Between its escape sequences two of any printable ASCII are one character (RFC 1468).
        return name != "ISO-2022-JP" || !bytes.contains(0x1B)
    }
}

// MARK: Labels

extension Charset {
    /// The encoding that a label names, or nil if it is not on the list.
    package init?(_ label: some StringProtocol) {
        // What nearly every client sends needs no looking up.
        if label == "utf-8" || label == "UTF-8" {
            self = .utf8
        } else if let charset = Self.labels[Self.key(label)] {
            self = charset
        } else {
            return nil
        }
    }

    /// A label as a message may repeat it: what a client declares can be of any length.
    package static func shown(_ label: String) -> String {
        String(String.UnicodeScalarView(label.unicodeScalars.prefix(40)))
    }

    /// What two labels share that mean the same (UTS #22 §1.4): "Delete all characters except a-z, A-Z, and 0-9. Map
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
