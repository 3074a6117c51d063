extension Charset {
    /// The encoding that each label means, by the label's key.
    static let labels: [String: Charset] = {
        var labels: [String: Charset] = [:]
        for (name, others) in accepted {
            for label in [name] + words(others) {
                let previous = labels.updateValue(Charset(name: name), forKey: key(label))
                guard previous == nil || previous?.name == name else { fatalError("\(label) has two meanings") }
            }
        }
        return labels
    }()

    /// The C library's name of each encoding, and its other names: at IANA, in the Encoding Standard, in Windows, Java
    /// and Python. Labels that differ only in case, punctuation and leading zeros stand here once.
    ///
    /// Where the C library's table of a name differs from what clients mean by that name, the Encoding Standard's table
    /// is used instead: the C library's SHIFT_JIS turns a backslash into a yen sign, and clients that declare GB2312 or
    /// EUC-KR use the larger GBK and UHC. ISO-8859-1 is an exception: it is not read as windows-1252.
    private static let accepted: [(name: String, labels: String)] = [
        ("UTF-8", "unicode-1-1-utf-8 x-unicode20utf8 csutf8 cp65001"),
        ("US-ASCII", "ascii us ansi_x3.4-1968 ansi_x3.4-1986 iso_646.irv:1991 iso646-us iso-ir-6 cp367 ibm367 csascii"),
        ("UTF-16", "csutf16 ucs-2 unicode csunicode iso-10646-ucs-2 x-utf-16"),
        ("UTF-16LE", "csutf16le ucs-2le unicodelittle unicodefeff x-utf-16le cp1200"),
        ("UTF-16BE", "csutf16be ucs-2be unicodebig unicodefffe x-utf-16be cp1201"),

        ("ISO-8859-1", "8859-1 iso_8859-1:1987 iso-ir-100 latin1 l1 ibm819 cp819 csisolatin1 cp28591"),
        ("ISO-8859-2", "8859-2 iso_8859-2:1987 iso-ir-101 latin2 l2 ibm912 cp912 csisolatin2 cp28592"),
        ("ISO-8859-3", "8859-3 iso_8859-3:1988 iso-ir-109 latin3 l3 ibm913 cp913 csisolatin3 cp28593"),
        ("ISO-8859-4", "8859-4 iso_8859-4:1988 iso-ir-110 latin4 l4 ibm914 cp914 csisolatin4 cp28594"),
        ("ISO-8859-5", "8859-5 iso_8859-5:1988 iso-ir-144 cyrillic ibm915 cp915 csisolatincyrillic cp28595"),
        ("ISO-8859-6", "8859-6 iso_8859-6:1987 iso-ir-127 ecma-114 asmo-708 arabic csisolatinarabic cp28596"),
        ("ISO-8859-7", "8859-7 iso_8859-7:1987 iso-ir-126 elot_928 ecma-118 greek greek8 csisolatingreek cp28597"),
        ("ISO-8859-8", "8859-8 iso_8859-8:1988 iso-ir-138 hebrew csisolatinhebrew iso-8859-8-i csiso88598i cp28598"),
        ("ISO-8859-9", "8859-9 iso_8859-9:1989 iso-ir-148 latin5 l5 ibm920 cp920 csisolatin5 cp28599"),
        ("ISO-8859-10", "8859-10 iso_8859-10:1992 iso-ir-157 latin6 l6 csisolatin6"),
        ("ISO-8859-11", "8859-11 iso_8859-11:2001"),
        ("ISO-8859-13", "8859-13 iso-ir-179 latin7 l7 csiso885913 cp28603"),
        ("ISO-8859-14", "8859-14 iso_8859-14:1998 iso-ir-199 iso-celtic latin8 l8 csiso885914"),
        ("ISO-8859-15", "8859-15 iso_8859-15:1998 latin9 l9 latin0 ibm923 cp923 csiso885915 cp28605"),
        ("ISO-8859-16", "8859-16 iso_8859-16:2001 iso-ir-226 latin10 l10 csiso885916"),

        ("CP1250", "windows-1250 win-1250 1250 x-cp1250 ibm-1250 cswindows1250 ms-ee"),
        ("CP1251", "windows-1251 win-1251 1251 x-cp1251 ibm-1251 cswindows1251 ms-cyrl"),
        ("CP1252", "windows-1252 win-1252 1252 x-cp1252 ibm-1252 cswindows1252 ms-ansi"),
        ("CP1253", "windows-1253 win-1253 1253 x-cp1253 ibm-1253 cswindows1253 ms-greek"),
        ("CP1254", "windows-1254 win-1254 1254 x-cp1254 ibm-1254 cswindows1254 ms-turk"),
        ("CP1255", "windows-1255 win-1255 1255 x-cp1255 ibm-1255 cswindows1255 ms-hebr"),
        ("CP1256", "windows-1256 win-1256 1256 x-cp1256 ibm-1256 cswindows1256 ms-arab"),
        ("CP1257", "windows-1257 win-1257 1257 x-cp1257 ibm-1257 cswindows1257 winbaltrim"),
        ("CP1258", "windows-1258 win-1258 1258 x-cp1258 ibm-1258 cswindows1258"),
        ("CP874", "windows-874 874 ibm874 cswindows874 dos-874 tis-620 tis-620-0 tis-620-2533 cstis620"),
        ("KOI8-R", "koi8 koi cskoi8r cp20866"),
        ("KOI8-U", "cskoi8u cp21866"),
        ("MACINTOSH", "mac macroman mac-roman x-mac-roman csmacintosh"),

        ("CP437", "437 ibm437 cspc8codepage437"),
        ("CP737", "737 ibm737"),
        ("CP775", "775 ibm775 cspc775baltic"),
        ("CP850", "850 ibm850 cspc850multilingual"),
        ("CP852", "852 ibm852 cspcp852"),
        ("CP855", "855 ibm855 csibm855"),
        ("CP857", "857 ibm857 csibm857"),
        ("CP858", "858 ibm858 ccsid858 pc-multilingual-850+euro csibm858"),
        ("CP860", "860 ibm860 csibm860"),
        ("CP861", "861 ibm861 cp-is csibm861"),
        ("CP862", "862 ibm862 cspc862latinhebrew"),
        ("CP863", "863 ibm863 csibm863"),
        ("CP865", "865 ibm865 csibm865"),
        ("CP866", "866 ibm866 csibm866"),
        ("CP869", "869 ibm869 cp-gr csibm869"),

        (
            "CP932",
            "shift_jis sjis x-sjis csshiftjis ms_kanji ms932 windows-31j cswindows31j windows-932 932 x-ms-cp932"
        ),
        ("EUC-JP", "ujis x-euc-jp cseucpkdfmtjapanese extended_unix_code_packed_format_for_japanese"),
        ("ISO-2022-JP", "csiso2022jp"),
        (
            "GBK",
            "gb2312 csgb2312 gb_2312-80 iso-ir-58 chinese csiso58gb231280 euc-cn x-gbk csgbk cp936 ms936 windows-936 936"
        ),
        ("GB18030", "csgb18030 gb18030-2000 cp54936"),
        ("BIG5", "csbig5 cn-big5 x-x-big5 cp950 ms950 windows-950 950"),
        ("BIG5-HKSCS", "csbig5hkscs"),
        (
            "UHC",
            "euc-kr cseuckr ks_c_5601-1987 ks_c_5601-1989 ksc_5601 csksc56011987 iso-ir-149 korean cp949 ms949 windows-949"
                + " 949"
        ),
    ]

    /// Whether a label names a known encoding that is not accepted, because its bytes may look like UTF-8 and mean
    /// something else: 7-bit encodings with shifts or national letters, 32-bit encodings, EBCDIC.
    package static func isRefused(_ label: some StringProtocol) -> Bool {
        let key = key(label)
        guard labels[key] == nil else { return false }
        return refused.contains(key) || refusedBeginnings.contains { key.utf8.starts(with: $0.utf8) }
    }

    /// The keys of the refused labels.
    private static let refused: Set<String> = {
        let others = "hz utf1 csiso10646utf1 utfebcdic scsu csscsu bocu1 csbocu1 gsm338 jisencoding viscii csviscii"
        let names = ["", "cp", "ibm", "csibm", "xibm", "ccsid"].flatMap { name in ebcdics.map { name + $0 } }
        return Set(words(others) + names)
    }()

    private static let refusedBeginnings = words(
        "utf7 csutf7 unicode11utf7 csunicode11utf7 xunicode20utf7 utf32 csutf32 ucs4 csucs4 iso10646ucs4 iso2022"
            + " csiso2022 ebcdic csebcdic xebcdic iso646 hzgb")

    /// The numbers of the EBCDIC code pages.
    private static let ebcdics = words(
        "37 273 274 275 277 278 280 281 284 285 290 297 420 423 424 500 803 833 836 838 870 871 875 880 905 918 924 930"
            + " 931 933 935 937 939 1025 1026 1027 1047 1112 1122 1123 1130 1132 1140 1141 1142 1143 1144 1145 1146 1147"
            + " 1148 1149 1153 1154 1155 1156 1157 1158 1160 1164 1364 1371 1388 1390 1399")

    private static func words(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }
}
