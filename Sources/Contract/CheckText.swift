extension Kind {
    /// Text of any kind; `fits` is the further rule of e-mail and URL, and `refusal` its message.
    static func text(
        _ raw: Raw, as notation: Notation, max: Int?, blank: Bool, refusal: String = "Not a valid string.",
        fits: (String) -> Bool = { _ in true }
    ) throws(Problem) -> Value {
        let sent: String
        switch raw {
        case .string, .number: sent = raw.spelling
        case .loneSurrogate(let unit):
            throw Problem("Surrogate characters are not allowed: U+\(String(unit, radix: 16, uppercase: true)).")
        case .null, .boolean, .array, .object, .file: throw Problem(refusal)
        }
        let trimmed = sent.trimmed
        if trimmed.isEmpty {
            guard blank else { throw .blank }
            return .text(notation == .xml && fits(sent) ? sent : "")
        }
        // XML says what it means by a space; JSON and forms carry what a person typed.
        let text = notation == .xml ? sent : trimmed
        var messages: [String] = []
        if let max, text.hasMoreScalars(than: max) {
            messages.append("Ensure this field has no more than \(max) characters.")
        }
        if text.utf8.contains(0) { messages.append("Null characters are not allowed.") }
        if !fits(text) { messages.append(refusal) }
        guard messages.isEmpty else { throw Problem(messages: messages) }
        return .text(text)
    }

    /// One of a closed list, letter by letter.
    static func choice(_ raw: Raw, as notation: Notation, of choices: [Choice]) throws(Problem) -> Value {
        let sent = raw.spelling
        // Not ==, which takes canonically equivalent texts for equal.
        guard let choice = choices.first(where: { $0.value.utf8.elementsEqual(sent.utf8) }) else {
            // The contract's words end there; an ERP's developer, who has no form with the choices, is told them.
            let all = notation == .xml ? " Choose one of: \(choices.map(\.value).joined(separator: ", "))." : ""
            throw Problem("\"\(sent)\" is not a valid choice.\(all)")
        }
        return .text(choice.value)
    }

    /// A truth value: JSON and forms take a dozen words for it, XML four.
    static func boolean(_ raw: Raw, as notation: Notation) throws(Problem) -> Value {
        let word: String
        switch raw {
        case .boolean(let value): return .boolean(value)
        case .string(let text): word = notation == .xml ? text.trimmedOfXMLSpace : text.lowercased()
        case .number(let token):
            let number = raw.typeName == "int" ? token : raw.spelling
            word = ["1.0": "1", "0.0": "0", "-0.0": "0", "-0": "0"][number] ?? number
        case .null, .loneSurrogate, .array, .object, .file: word = ""
        }
        switch (word, notation) {
        case ("true", _), ("1", _), ("t", .json), ("t", .form), ("y", .json), ("y", .form), ("yes", .json),
            ("yes", .form), ("on", .json), ("on", .form):
            return .boolean(true)
        case ("false", _), ("0", _), ("f", .json), ("f", .form), ("n", .json), ("n", .form), ("no", .json),
            ("no", .form), ("off", .json), ("off", .form):
            return .boolean(false)
        default: throw Problem("Must be a valid boolean.")
        }
    }
}

extension String {
    /// The text without white space at its ends: Unicode's and the four ASCII separators, as Python's strip() does it.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isSpace }),
            let last = scalars.lastIndex(where: { !$0.isSpace })
        else { return "" }
        if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex { return self }
        return String(scalars[first...last])
    }

    /// The text without XML white space (tab, LF, CR, space) at its ends.
    var trimmedOfXMLSpace: String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        guard let first = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }

    /// Whether it has more code points than that; long texts are counted only as far as needed.
    func hasMoreScalars(than limit: Int) -> Bool {
        utf8.count > limit && (utf8.count > 4 * limit || unicodeScalars.count > limit)
    }
}

extension Unicode.Scalar {
    /// White space as the contract has it: not U+200B, not U+FEFF.
    var isSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
