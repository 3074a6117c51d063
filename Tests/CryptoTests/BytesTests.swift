import Crypto
import Testing

@Suite("Bytes")
struct BytesTests {
    /// RFC 4648 §10, and the two letters that the other alphabet lacks.
    @Test(
        "as base64, and back",
        arguments: [
            ([], ""), ([0x66], "Zg=="), ([0x66, 0x6F], "Zm8="), ([0x66, 0x6F, 0x6F], "Zm9v"),
            ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg=="), ([0xFB, 0xFF], "+/8="),
        ] as [([UInt8], String)])
    func base64(_ bytes: [UInt8], _ text: String) {
        #expect(Base64.text(of: bytes) == text)
        #expect(Base64.bytes(of: text) == bytes)
    }

    @Test(
        "are in no other text",
        arguments: ["Zg", "Zg=", "Zg===", "=Zg=", "Z===", "====", "Zm9v\n", " Zm9v", "-_8=", "Zh==", "Zm9vé"])
    func noBase64(_ text: String) {
        #expect(Base64.bytes(of: text) == nil)
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
