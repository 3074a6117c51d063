import COpenSSL

/// A key that signs tokens.
@safe
package struct PrivateKey: ~Copyable {
    private let key: OpaquePointer
    /// The only algorithm for which the key is good.
    package let algorithm: Algorithm

    /// The algorithms of signatures, by their names in RFC 7518 and RFC 8037.
    package enum Algorithm: String, Sendable {
        case rs256 = "RS256"
        case es256 = "ES256"
        case edDSA = "EdDSA"
    }

    /// A new RSA key of 2048 bits.
    package init() {
        let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Self.leastRSABits) == 1,
            unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key
        else { fatalError("libcrypto makes no RSA key") }
        unsafe self.key = key
        algorithm = .rs256
    }

    /// The key in a PEM; nil if there is none, if it is encrypted, or if no algorithm here signs with it.
    package init?(pem: String) {
        var text = pem
        let key = text.withUTF8 { bytes in
            let file = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
            defer { unsafe BIO_free(file) }
            // Without a function that gives a password, libcrypto would ask the terminal for one.
            return unsafe PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil)
        }
        ERR_clear_error()
        guard let key = unsafe key else { return nil }
        guard let algorithm = unsafe Self.algorithm(of: key) else {
            unsafe EVP_PKEY_free(key)
            return nil
        }
        unsafe self.key = key
        self.algorithm = algorithm
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Shorter ones can be broken: "a key of size 2048 bits or larger MUST be used" (RFC 7518 §3.3).
    private static let leastRSABits: Int32 = 2048

    private static func algorithm(of key: OpaquePointer) -> Algorithm? {
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: unsafe EVP_PKEY_get_bits(key) >= leastRSABits ? .rs256 : nil
        case EVP_PKEY_ED25519: .edDSA
        case EVP_PKEY_EC:
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 80) { name in
                var length = 0
                let isNamed = unsafe EVP_PKEY_get_group_name(key, name.baseAddress, name.count, &length) == 1
                return unsafe isNamed && strcmp(name.baseAddress!, SN_X9_62_prime256v1) == 0 ? .es256 : nil
            }
        default: nil
        }
    }

    /// The key as a PEM of PKCS #8, not encrypted.
    package var pem: String {
        let file = unsafe BIO_new(BIO_s_mem())
        defer { unsafe BIO_free(file) }
        guard unsafe PEM_write_bio_PKCS8PrivateKey(file, key, nil, nil, 0, nil, nil) == 1 else {
            fatalError("libcrypto writes no PEM")
        }
        var text = [UInt8](repeating: 0, count: 16384)
        let count = unsafe text.withUnsafeMutableBytes { unsafe BIO_read(file, $0.baseAddress, Int32($0.count)) }
        guard count > 0, count < text.count else { fatalError("a PEM has less than \(text.count) bytes") }
        return String(decoding: text[..<Int(count)], as: UTF8.self)
    }
}
