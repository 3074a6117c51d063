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
}
