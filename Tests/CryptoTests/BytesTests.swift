import Crypto
import Testing

@Suite("Bytes")
struct BytesTests {
    /// RFC 4648 §10.
    @Test("as base64", arguments: zip(["", "f", "fo", "foo", "foob"], ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]))
    func base64(_ bytes: String, _ text: String) {
        #expect(Base64.text(of: Array(bytes.utf8)) == text)
    }

    @Test("that nobody can guess are never the same")
    func random() {
        #expect(RandomBytes.make(0).isEmpty)
        #expect(Set((0..<100).map { _ in RandomBytes.make(32) }).count == 100)
        // Each bit is 1 in some and 0 in others.
        let many = (0..<200).map { _ in RandomBytes.make(16) }
        #expect(many.reduce([UInt8](repeating: 0, count: 16)) { zip($0, $1).map { $0 | $1 } }.allSatisfy { $0 == 255 })
        #expect(many.reduce([UInt8](repeating: 255, count: 16)) { zip($0, $1).map { $0 & $1 } }.allSatisfy { $0 == 0 })
    }
}
