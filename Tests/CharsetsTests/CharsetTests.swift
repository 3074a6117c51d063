import Testing

@testable import Charsets

@Suite struct CharsetTests {
    @Test(arguments: [
        ("utf-8", "UTF-8"), ("UTF_8", "UTF-8"), ("u.t.f-008", "UTF-8"), ("Utf8", "UTF-8"),
        ("ISO_8859-1", "ISO-8859-1"), ("ISO_8859-1:1987", "ISO-8859-1"), ("latin1", "ISO-8859-1"), ("L1", "ISO-8859-1"),
        ("8859_1", "ISO-8859-1"), ("ISO-8859-15", "ISO-8859-15"), ("Latin-9", "ISO-8859-15"),
        ("windows-1252", "CP1252"), ("cp1252", "CP1252"), ("x-cp1252", "CP1252"), ("1252", "CP1252"),
        ("IBM00858", "CP858"), ("cp866", "CP866"), ("KOI8-R", "KOI8-R"), ("x-mac-roman", "MACINTOSH"),
        ("Shift_JIS", "CP932"), ("sjis", "CP932"), ("MS_Kanji", "CP932"), ("Windows-31J", "CP932"),
        ("gb2312", "GBK"), ("euc-kr", "UHC"), ("Big5", "BIG5"), ("TIS-620", "CP874"), ("ISO-2022-JP", "ISO-2022-JP"),
        ("us-ascii", "US-ASCII"), ("ucs-2", "UTF-16"), ("unicode", "UTF-16"), ("UTF-16LE", "UTF-16LE"),
    ])
    func labels(_ label: String, _ name: String) {
        #expect(Charset(label)?.name == name)
        #expect(!Charset.isRefused(label))
    }

    @Test(arguments: [
        "utf-7", "UTF-7-IMAP", "utf-32", "UTF-32BE", "ucs-4", "ISO-10646-UCS-4", "hz-gb-2312", "hz", "iso-2022-kr",
        "iso-2022-cn", "ISO-2022-JP-1", "iso-2022-jp-2", "iso-2022-jp-3", "cp037", "IBM037", "037", "cp500", "IBM-1047",
        "csIBM273", "ebcdic-us", "ISO646-DE", "SCSU",
    ])
    func otherEncodingsAreRefused(_ label: String) {
        #expect(Charset(label) == nil)
        #expect(Charset.isRefused(label))
    }

    @Test(arguments: ["", "x-none", "no-such-charset", "../../etc/passwd", "iso-8859-12", "utf-8//IGNORE", "cp864"])
    func nobodyKnows(_ label: String) {
        #expect(Charset(label) == nil)
        #expect(!Charset.isRefused(label))
    }

    /// The C library has every table of the list, and in all charsets that are cut at ASCII bytes, ASCII is itself.
    @Test func everyTableIsThere() throws {
        let ascii = (0..<128).map { UInt8($0) }.filter { $0 != 0x1B }
        for charset in Set(Charset.labels.values.map(\.name)).map(Charset.init(name:)) {
            let decoder = try #require(Decoder(charset), "\(charset.name)")
            guard charset.keepsASCII(in: ascii) else { continue }
            #expect(decoder.utf8(ascii) == ascii, "\(charset.name)")
            // A letter beyond ASCII keeps the decoder from its short cut for ASCII texts.
            guard charset != .utf8, charset != .ascii else { continue }
            #expect(Converter(from: charset.name)?.utf8(ascii[...]) == ascii, "\(charset.name)")
        }
    }
}
