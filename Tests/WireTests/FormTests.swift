import Contract
import Testing

@testable import Wire

@Suite struct FormTests {
    private static func value(_ body: [UInt8], _ charset: String? = nil) -> String {
        do throws(Fault) {
            return try Form.read(body, charset: charset).last { $0.name == "n" }?.value ?? "nothing"
        } catch {
            return error.code == .unsupportedMediaType ? error.text : "another fault"
        }
    }

    private static let notUTF8 = "The body is not UTF-8, and it declares no other charset."

    @Test func decodesAfterItHasCut() {
        #expect(Self.value(Array("n=a+b%20%C3%A9&m".utf8)) == "a b é")
        // The second byte of 表, and of ソ, is a backslash: neither the byte nor its escape may be read as part of the
        // syntax.
        #expect(Self.value([0x6E, 0x3D, 0x95, 0x5C] + "%83%5C&m=1".utf8, "shift_jis") == "表ソ")
        #expect(Self.value(Array("n=%DF%26%3D".utf8), "windows-1251") == "Я&=")
        #expect(Self.value(Array("n=%1B%24B%46%7C%1B%28B".utf8), "iso-2022-jp") == "日")
        #expect(Self.value(Array("m=1&n=\u{1B}$B%F\u{1B}(B%C3%A9".utf8), "iso-2022-jp") == "テé")
        #expect(Self.value(Array("n=%C3%A9&m".utf8).flatMap { [$0, 0] }, "utf-16") == "é")
        #expect(Self.value(Array("n=%E9&_charset_=windows-1251".utf8)) == "й")
        #expect(Self.value(Array("n=%C3%A9&_charset_=windows-1251".utf8), "utf-8") == "é")
    }

    @Test func refusesWhatItWouldDamage() {
        #expect(Self.value([0x6E, 0x3D, 0xE9]) == Self.notUTF8)
        #expect(Self.value(Array("n=%E9".utf8)) == Self.notUTF8)
        #expect(Self.value(Array("n=%E9".utf8), "x-none") == "Unsupported charset \"x-none\" in request.")
        #expect(Self.value(Array("n=%C3%A9".utf8), "x-none") == "é")
        #expect(Self.value(Array("n=a".utf8), "utf-7") == "Unsupported charset \"utf-7\" in request.")
        #expect(Self.value(Array("n=a&_charset_=utf-7".utf8)) == "Unsupported charset \"utf-7\" in request.")
        #expect(
            Self.value(Array("n=%81".utf8), "cp1252")
                == "The body is not valid in the charset \"cp1252\" that it declares.")
    }

    @Test func aQueryIsReadLeniently() {
        #expect(Form.parse("q=%FF&p=1").map(\.value) == ["\u{FFFD}", "1"])
    }
}
