import Testing

@testable import Charsets

@Suite struct DecoderTests {
    private static func decoder(_ label: String) throws -> Decoder {
        let charset = try #require(Charset(label))
        return try #require(Decoder(charset))
    }

    private static func text(_ label: String, _ bytes: [UInt8]) throws -> String? { try decoder(label).text(bytes) }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    /// Bytes that another program encoded.
    @Test(arguments: [
        ("windows-1250", "5a61bff3b3e62067ea9c6cb9", "Zażółć gęślą"),
        ("windows-1251", "cff0e8e2e5f22c20b935", "Привет, №5"),
        ("cp1252", "93436166e994209620352080", "“Café” – 5 €"),
        ("windows-1253", "cae1ebe7ecddf1e1", "Καλημέρα"),
        ("windows-1254", "dd7374616e62756c20f0fdfe", "İstanbul ğış"),
        ("windows-1255", "f9ece5ed20a4", "שלום ₪"),
        ("windows-1256", "e3d1cdc8c72081", "مرحبا پ"),
        ("windows-1257", "dee073697320eb6a6f", "Žąsis ėjo"),
        ("windows-1258", "5669ae7420d0fe", "Vi®t Đ₫"),
        ("iso-8859-1", "436166e920a3", "Café £"),
        ("iso-8859-2", "5a61bff3b3e62067eab66cb1", "Zażółć gęślą"),
        ("iso-8859-3", "a6fd", "Ĥŭ"),
        ("iso-8859-4", "a1be756f6c6173", "Ąžuolas"),
        ("iso-8859-5", "bfe0d8d2d5e2", "Привет"),
        ("iso-8859-6", "e5d1cdc8c7", "مرحبا"),
        ("iso-8859-7", "cae1ebe7ecddf1e120a4", "Καλημέρα €"),
        ("iso-8859-8", "f9ece5ed", "שלום"),
        ("iso-8859-9", "ddf0fdfe", "İğış"),
        ("iso-8859-10", "def37220af", "Þór Ŋ"),
        ("iso-8859-11", "cac7d1cab4d5", "สวัสดี"),
        ("iso-8859-13", "dee0736973", "Žąsis"),
        ("iso-8859-14", "d07920a8", "Ŵy Ẁ"),
        ("iso-8859-15", "bc75767265203520a4", "Œuvre 5 €"),
        ("iso-8859-16", "aafe20a4", "Șț €"),
        ("koi8-r", "f0d2c9d7c5d4", "Привет"),
        ("koi8-u", "b7d6c1cb20ad", "Їжак ґ"),
        ("windows-874", "cac7d1cab4d5209378942080", "สวัสดี “x” €"),
        ("ibm437", "4361668220ab", "Café ½"),
        ("cp737", "8998a29ea3e2a898", "Καλημέρα"),
        ("cp775", "cfd0736973", "Žąsis"),
        ("cp850", "4361668220f3", "Café ¾"),
        ("cp852", "5a61bea28886", "Zażółć"),
        ("cp855", "dde1b7eba8e5", "Привет"),
        ("cp857", "98a78d9f", "İğış"),
        ("cp858", "3520d5", "5 €"),
        ("cp860", "436f726187846f", "Coração"),
        ("cp861", "8da272", "Þór"),
        ("cp862", "998c858d", "שלום"),
        ("cp863", "4f97208761", "Où ça"),
        ("cp865", "426c86629172", "Blåbær"),
        ("cp866", "8fe0a8a2a5e2", "Привет"),
        ("cp869", "b5d6e59e", "Καλή"),
        ("macintosh", "4361668e20d278d320db", "Café “x” €"),
        ("shift_jis", "955c835c945c20c3bdc4205c7e", "表ソ能 ﾃｽﾄ \\~"),
        ("euc-jp", "c6fccbdcb8ec205c7e", "日本語 \\~"),
        ("iso-2022-jp", "1b2442467c4b5c386c1b28422078", "日本語 x"),
        ("gb2312", "d6d0cec4", "中文"),
        ("gbk", "e946", "镕"),
        ("gb18030", "d6d0cec4209439fc3620a8a6", "中文 😀 é"),
        ("big5", "a4a4a4e520a55c", "中文 功"),
        ("big5-hkscs", "a4a4a4e520fb46", "中文 喆"),
        ("euc-kr", "c7d1b1b9beee208c63", "한국어 똠"),
    ])
    func readsEveryTable(_ label: String, _ hex: String, _ text: String) throws {
        let read = try #require(try Self.text(label, Self.bytes(hex)))
        #expect(Array(read.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test(
        arguments: [
            ("utf-16", [0xFF, 0xFE, 0x16, 0x04]), ("utf-16", [0xFE, 0xFF, 0x04, 0x16]),
            ("utf-16", [0x16, 0x04, 0x20, 0]),
            ("utf-16", [0x04, 0x16]), ("utf-16le", [0x16, 0x04]), ("utf-16le", [0xFF, 0xFE, 0x16, 0x04]),
            ("utf-16be", [0x04, 0x16]), ("ucs-2", [0xFE, 0xFF, 0x04, 0x16]),
        ] as [(String, [UInt8])])
    func readsUTF16InBothOrders(_ label: String, _ bytes: [UInt8]) throws {
        #expect(try Self.text(label, bytes)?.prefix { $0 != " " } == "Ж")
    }

    /// Bytes that are not, or not entirely, valid in the charset give nil: no byte is dropped or replaced.
    @Test(arguments: [
        ("utf-8", "ff"), ("utf-8", "c3"), ("utf-8", "c080"), ("utf-8", "eda080"), ("us-ascii", "41e9"),
        ("windows-1252", "4181"), ("iso-8859-7", "ae"), ("windows-874", "dbdc"), ("shift_jis", "95"),
        ("shift_jis", "41ff"), ("shift_jis", "8120"), ("euc-jp", "c6"), ("euc-jp", "80"), ("euc-kr", "ff41"),
        ("gb18030", "81308130ff"), ("gb18030", "8130"), ("big5", "a4"), ("big5", "c6e7"), ("macintosh", "f0"),
        ("iso-2022-jp", "1b2442467c4b"), ("iso-2022-jp", "1b24"), ("iso-2022-jp", "e9"), ("utf-16", "00"),
        ("utf-16le", "00d8"), ("utf-16le", "00dc41"), ("utf-16be", "fffe4100"), ("utf-16le", "feff0041"),
    ])
    func refuses(_ label: String, _ hex: String) throws {
        #expect(try Self.text(label, Self.bytes(hex)) == nil)
    }

    /// One decoder reads many pieces; a piece that is cut short must not affect the next.
    @Test func everyTextStartsAnew() throws {
        let decoder = try Self.decoder("iso-2022-jp")
        #expect(decoder.text(Self.bytes("1b2442467c4b5c")) == "日本")
        #expect(decoder.text(Self.bytes("1b24")) == nil)
        #expect(decoder.text(Array("x\u{1B}(By".utf8)) == "xy")
        // A letter that may still get an accent must not be lost at the end.
        let vietnamese = try Self.decoder("windows-1258")
        #expect(vietnamese.text([0xE2]) == "â")
        #expect(vietnamese.text([0xE2, 0xEC]) == "ấ")
    }

    @Test func aLargeTextIsWhole() throws {
        #expect(
            try Self.text("windows-1251", Array(repeating: 0xC6, count: 1_000_001))
                == String(repeating: "Ж", count: 1_000_001))
        #expect(try Self.text("windows-1251", []) == "")
    }
}
