import Foundation
import Fuzz
import Testing

@testable import XML

@Suite struct DocumentTests {
    init() { XMLLibrary.start() }

    private static func parse(_ bytes: [UInt8], _ charset: String? = nil) throws -> Document {
        try Document.parse(bytes, charset: charset)
    }

    private static func problem(_ bytes: [UInt8], _ charset: String? = nil) -> String {
        do {
            _ = try parse(bytes, charset)
            return "none"
        } catch let problem as XMLProblem {
            return String(String(describing: Mirror(reflecting: problem).children.first?.label ?? "empty").prefix(20))
        } catch {
            return "other"
        }
    }

    @Test func readsNamesNamespacesTextAndAttributes() throws {
        let text =
            "<?xml version='1.0'?><a:r xmlns:a='urn:a' x='1&lt;'>t<!-- c -->u<![CDATA[<v>]]>&#119;<b a:y='2'/> </a:r>"
        let root = try Self.parse(Array(text.utf8)).root
        #expect((root.name, root.namespace, root.text) == ("r", "urn:a", "tu<v>w "))
        #expect(root.attribute("x") == "1<")
        let child = try #require(root.children.first)
        #expect((child.name, child.namespace, child.text) == ("b", "", ""))
        #expect(child.attribute("y", namespace: "urn:a") == "2")
        #expect(root.hasElements && !root.hasOnlyWhitespace)
    }

    @Test func readsTheAcceptedEncodings() throws {
        let text = "<r>é😀</r>"
        let little = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        for (bytes, charset) in [
            (Array(text.utf8), nil), ([0xEF, 0xBB, 0xBF] + text.utf8, nil), ([0xFF, 0xFE] + little, nil),
            ([0xFE, 0xFF] + big, nil), (little, nil), (big, "utf-16be"), (little, "UTF-16LE"),
            (Array("<?xml version='1.0' encoding='latin1'?>\(text)".utf8), "utf-8"),
        ] as [([UInt8], String?)] {
            #expect(try Self.parse(bytes, charset).root.text == "é😀")
        }
        #expect(
            try Self.parse(Array("<?xml version='1.0' encoding='ISO-8859-1'?><r>".utf8) + [0xE9] + Array("</r>".utf8))
                .root.text == "é")
        for (label, bytes, text) in [
            ("ISO_8859-1", [0xE9], "é"), ("windows-1252", [0x80], "€"), ("iso-8859-15", [0xA4], "€"),
            ("windows-1251", [0xC6], "Ж"), ("koi8-r", [0xF6], "Ж"), ("shift_jis", [0x95, 0x5C], "表"),
        ] as [(String, [UInt8], String)] {
            let document = Array("<r>".utf8) + bytes + Array("</r>".utf8)
            #expect(try Self.parse(document, label).root.text == text)
            #expect(
                try Self.parse(Array("<?xml version='1.0' encoding = \"\(label)\"?>".utf8) + document).root.text == text
            )
        }
    }

    /// A combining mark does not change the sign before it, since the parser reads bytes.
    @Test func signsWithCombiningMarksAreSigns() throws {
        let root = try Self.parse(Array("<r x='a&amp;\u{301}b&#38;#38;'/>".utf8)).root
        #expect(root.attribute("x").map { Array($0.utf8) } == Array("a&\u{301}b&#38;".utf8))
        #expect(
            Self.problem(Array("<?xml version='1.0' encoding='utf-7'\u{301}?><r/>".utf8)) == "encoding")
        #expect(
            Self.problem(Array("<?xml version='1.0' encoding=\u{301}'utf-7'?><r/>".utf8)) == "malformed")
    }

    /// Attacks and mistakes, each with the kind of problem that must be reported, and quickly.
    @Test(arguments: [
        ("", "empty"), (" \n", "empty"), ("<!DOCTYPE r><r/>", "forbidden"),
        ("<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><r>&e;</r>", "forbidden"),
        ("<?xml version='1.0'?><?pi x?><r/>", "forbidden"), ("<r><?pi x?></r>", "forbidden"),
        ("<r>&e;</r>", "malformed"),
        ("<r>&#0;</r>", "malformed"), ("<r>&#xD800;</r>", "malformed"), ("<r>\u{1}</r>", "malformed"),
        ("<r>\u{0}</r>", "malformed"),
        ("<r>", "malformed"), ("<r></s>", "malformed"), ("<r/>x", "malformed"), ("<r/><r/>", "malformed"),
        ("<r a='1' a='2'/>", "malformed"), ("<p:r/>", "malformed"), ("{}", "malformed"),
        ("<?xml version='1.1'?><r/>", "malformed"), (" <?xml version='1.0'?><r/>", "malformed"),
        ("<?xml version='1.0' encoding='utf-7'?><r/>", "encoding"),
        ("<?xml version='1.0' encoding='utf-16'?><r/>", "encoding"),
        (String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33), "limit"),
        ("<r " + (0..<65).map { "a\($0)='1' " }.joined() + "/>", "limit"),
        ("<r " + (0..<50_000).map { "a\($0)='1' " }.joined() + "/>", "limit"),
        ("<r a='" + String(repeating: "x", count: 3_000_000) + "'/>", "limit"),
        ("<" + String(repeating: "n", count: 1_000_000) + "/>", "limit"),
        ("<r>" + String(repeating: "<a/>", count: 300_000) + "</r>", "limit"),
        ("<r><!--" + String(repeating: "-", count: 100), "malformed"),
    ])
    func refuses(_ text: String, _ kind: String) {
        let start = Self.processorSeconds
        #expect(Self.problem(Array(text.utf8)) == kind)
        #expect(Self.processorSeconds - start < 2)
    }

    @Test func refusesBytesThatAreNotWhatTheyClaim() {
        #expect(Self.problem(Array("<r>".utf8) + [0xFF] + Array("</r>".utf8)) == "encoding")
        #expect(Self.problem(Array("<r>".utf8) + [0xC0, 0x80] + Array("</r>".utf8)) == "encoding")
        #expect(Self.problem([0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0]) == "encoding")
        #expect(Self.problem([0x4C, 0x6F, 0xA7, 0x94]) == "encoding")
        for label in ["ebcdic-us", "utf-7", "utf-32", "cp037", "x-none", "iso-2022-kr"] {
            #expect(Self.problem(Array("<r/>".utf8), label) == "encoding")
        }
        #expect(Self.problem(Array("<r>".utf8) + [0x81] + Array("</r>".utf8), "windows-1252") == "encoding")
    }

    /// Large but allowed documents.
    @Test(arguments: [
        "<r>" + String(repeating: "x", count: 3_000_000) + "</r>",
        "<r><!--" + String(repeating: "c", count: 2_000_000) + "--></r>",
        "<r>" + String(repeating: "&#65;", count: 400_000) + "</r>",
        "<r>" + String(repeating: "<![CDATA[x]]>", count: 100_000) + "</r>",
    ])
    func readsLargeDocumentsQuickly(_ text: String) throws {
        let start = Self.processorSeconds
        _ = try Self.parse(Array(text.utf8)).root.text
        #expect(Self.processorSeconds - start < 2)
    }

    /// The time that this thread has had a processor, which does not depend on what else the machine does.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test func fuzz() throws {
        let corpus = [
            "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header/><s:Body>"
                + "<get_product xmlns=\"http://messo.products.soap/v1\"><product_id>P1</product_id></get_product></s:Body></s:Envelope>",
            "<a b='c'><![CDATA[x]]>&amp;&#233;<!-- y --><d xmlns='urn:d'/></a>",
        ]
        try Fuzz.run(inputs: 20_000) { random in
            let bytes = Fuzz.mutate(corpus.randomElement(using: &random)!, using: &random)
            guard let document = try? Document.parse(bytes, charset: nil) else { return }
            #expect(!document.root.name.isEmpty)
        }
    }
}
