import Foundation
import Fuzz
import Testing

@testable import Wire

/// Compares the byte writer with Foundation's and with the rules of XML 1.0.
@Suite struct BytesTests {
    private static func written(_ body: (inout Bytes) -> Void) -> [UInt8] {
        var bytes = Bytes(capacity: 1)
        body(&bytes)
        return unsafe bytes.withBytes { unsafe Array($0) }
    }

    @Test(arguments: [
        "", "a", "\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}", "exactly 16 bytes", "seventeen bytes!\"", "é😀\u{2028}",
    ])
    func jsonTextReadsBack(_ text: String) throws {
        let bytes = Self.written { $0.append(json: text) }
        let read = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        #expect(read as? String == text)
    }

    @Test(arguments: [
        ("a<b>&c", "a&lt;b&gt;&amp;c"), ("\u{B}", "\u{FFFD}"), ("\u{FFFE}", "\u{FFFD}"), ("\u{FFFF}x", "\u{FFFD}x"),
        ("\r\n", "&#13;\n"), ("\u{FFFD}", "\u{FFFD}"), ("fifteen bytes..\u{FFFF}", "fifteen bytes..\u{FFFD}"),
        ("sixteen bytes...\u{FFFE}", "sixteen bytes...\u{FFFD}"), ("\u{3FFE}\u{F8BF}", "\u{3FFE}\u{F8BF}"),
    ])
    func xmlTextHoldsOnlyCharactersOfXML(_ text: String, _ expected: String) {
        #expect(Self.written { $0.append(xml: text) } == Array(expected.utf8))
    }

    @Test func timesKeepTheirFractionUnlessItIsZero() {
        for (stored, shown) in [
            ("2026-01-02 03:04:05.000000", "2026-01-02T03:04:05Z"),
            ("2026-01-02 03:04:05.120000", "2026-01-02T03:04:05.120000Z"),
        ] {
            let bytes = Self.written { target in
                unsafe Array(stored.utf8).withUnsafeBytes { unsafe target.append(timestamp: $0) }
            }
            #expect(String(decoding: bytes, as: UTF8.self) == shown)
        }
    }

    /// Random texts of all lengths, written into a buffer that has to grow; FUZZ_INPUTS sets how many.
    @Test func fuzz() throws {
        try Fuzz.run(inputs: 20_000) { random in
            let scalars = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                Fuzz.scalar(using: &random)
            }
            let text = String(String.UnicodeScalarView(scalars))
            let json = Self.written { $0.append(json: text) }
            let read = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed)
            #expect(read as? String == text)
            var expected: [UInt8] = []
            for scalar in scalars {
                switch scalar {
                case "<": expected += "&lt;".utf8
                case ">": expected += "&gt;".utf8
                case "&": expected += "&amp;".utf8
                case "\r": expected += "&#13;".utf8
                case "\t", "\n", "\u{20}"..."\u{FFFD}", "\u{10000}"...: expected += String(scalar).utf8
                default: expected += "\u{FFFD}".utf8
                }
            }
            #expect(Self.written { $0.append(xml: text) } == expected)
        }
    }
}
