import COpenSSL

/// The alphabet of RFC 4648 §4, with padding.
package enum Base64 {
    package static func text(of bytes: [UInt8]) -> String {
        // "For every 3 bytes of input provided 4 bytes of output data will be produced … a NUL terminator character will
        // be added" (EVP_EncodeBlock(3ssl)).
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe bytes.withUnsafeBufferPointer {
                unsafe EVP_EncodeBlock(text.baseAddress, $0.baseAddress, Int32($0.count))
            }
        }
        return String(decoding: text[..<Int(count)], as: UTF8.self)
    }

    /// The bytes of a text; nil if it is not of that alphabet, or without its padding.
    package static func bytes(of text: String) -> [UInt8]? {
        let text = Array(text.utf8)
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
        let count = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            unsafe text.withUnsafeBufferPointer { text in
                unsafe EVP_DecodeBlock(bytes.baseAddress, text.baseAddress, Int32(text.count))
            }
        }
        // "EVP_DecodeBlock … returns … -1 on error"; "the output will be padded with 0 bits if necessary" (its page).
        guard count == bytes.count else { return nil }
        let found = Array(bytes.dropLast(padding))
        // It takes spaces around the text, and padding and bits where none belong.
        return Base64.text(of: found).utf8.elementsEqual(text) ? found : nil
    }
}
