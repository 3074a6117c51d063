extension Kind {
    /// Text of any kind; `fits` is the additional check of e-mail addresses and URLs, and `refusal` its message.
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
            guard notation == .xml, fits(sent) else { return .text("") }
        }
        // In XML, spaces are taken as meant; JSON and forms often carry what a person typed. They count for the length as
        // well: MariaDB would cut those beyond a column's without an error.
        let text = notation == .xml ? sent : trimmed
        var messages: [String] = []
        if let max, text.hasMoreScalars(than: max) {
            messages.append("Ensure this field has no more than \(max) characters.")
        }
        if text[...].utf8.has(0) { messages.append("Null characters are not allowed.") }
        if !fits(text) { messages.append(refusal) }
        guard messages.isEmpty else { throw Problem(messages: messages) }
        return .text(text)
    }

    /// A value of a closed list, compared byte by byte.
    static func choice(_ raw: Raw, as notation: Notation, of choices: [Choice]) throws(Problem) -> Value {
        let sent = raw.spelling
        // Not ==, which treats canonically equivalent texts as equal.
        guard let choice = choices.first(where: { $0.value.utf8.elementsEqual(sent.utf8) }) else {
            // The contract's message ends there. A SOAP client's developer has no form that shows the choices: they
            // follow.
            let all = notation == .xml ? " Choose one of: \(choices.map(\.value).joined(separator: ", "))." : ""
            throw Problem("\"\(sent)\" is not a valid choice.\(all)")
        }
        return .text(choice.value)
    }

    /// A truth value: JSON and forms have a dozen words for it, XML has four.
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
    /// The text without white space at its ends, as Python's strip() removes it: Unicode's and four ASCII separators.
    var trimmed: String {
        let bytes = utf8.span
        // Most texts begin and end with a visible ASCII character.
        let visible: ClosedRange<UInt8> = 0x21...0x7E
        if bytes.count > 0, visible.contains(bytes[0]), visible.contains(bytes[bytes.count - 1]) { return self }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isSpace }),
            let last = scalars.lastIndex(where: { !$0.isSpace })
        else { return "" }
        if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex { return self }
        return String(scalars[first...last])
    }

    /// The text without XML white space (tab, LF, CR, space) at its ends.
    package var trimmedOfXMLSpace: String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        guard let first = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }

    /// Whether the text has more code points than the limit; longer texts are not counted to their end.
    func hasMoreScalars(than limit: Int) -> Bool {
        utf8.count > limit && (utf8.count > 4 * limit || unicodeScalars.count > limit)
    }
}

extension Unicode.Scalar {
    /// Whether the contract counts the character as white space; U+200B and U+FEFF are not.
    var isSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
