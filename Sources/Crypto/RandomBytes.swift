import COpenSSL

/// Bytes that nobody can guess.
package enum RandomBytes {
    /// This many new bytes. Without a source of randomness nothing secret can be made, so that the process ends.
    package static func make(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let isDone = unsafe bytes.withUnsafeMutableBytes { bytes in
            // "RAND_priv_bytes() has the same semantics as RAND_bytes(). It is intended to be used for generating values that
            // should remain private"; both "return 1 on success" (RAND_bytes(3ssl)).
            unsafe RAND_priv_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, Int32(count)) == 1
        }
        guard isDone else { fatalError("libcrypto gives no random bytes") }
        return bytes
    }
}
