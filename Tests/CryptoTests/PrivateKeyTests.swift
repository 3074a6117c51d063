import Crypto
import Testing

/// Keys of other kinds are made and tried by the system's tests, so that none is in the repository.
@Suite("A private key")
struct PrivateKeyTests {
    @Test("that is new is one of RSA, and comes back from its PEM")
    func new() {
        let key = PrivateKey()
        let pem = key.pem
        #expect(key.algorithm == .rs256)
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n") && pem.hasSuffix("-----END PRIVATE KEY-----\n"))
        #expect(Self.read(pem) == [PrivateKey.Algorithm.rs256.rawValue, pem])
        #expect(PrivateKey().pem != pem)
    }

    @Test("is in a PEM, or there is none", arguments: ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"])
    func none(_ pem: String) {
        #expect(Self.read(pem) == nil)
    }

    /// The algorithm and the PEM of the key in a PEM.
    private static func read(_ pem: String) -> [String]? {
        guard let key = PrivateKey(pem: pem) else { return nil }
        return [key.algorithm.rawValue, key.pem]
    }
}
