package import Contract

/// The two ways in which rows leave the server.
package enum Format: Int, Sendable, CaseIterable { case json, xml }

/// A row's punctuation and names, precomputed. Writing a row copies each cell once, from the database's buffer into
/// the reply, between two literals.
package struct RowTemplate: Sendable {
    /// The content of one place in a row.
    package enum Content: Sendable {
        /// The cell of this column.
        case cell(Int, Style)
        /// The rendered rows of an embedded resource, by its index among the resource's embedded ones.
        case fragments(Int, isMany: Bool)
    }

    /// The way in which a cell in MariaDB's text form is written.
    package enum Style: Sendable {
        /// Digits that are copied as they are: whole numbers.
        case plain
        /// Text that needs escapes and quotes.
        case text
        /// Digits that are written as a string, so that money keeps its cents.
        case digits
        /// 0 or 1.
        case boolean
        case date
        /// `YYYY-MM-DD hh:mm:ss.ffffff`, UTC.
        case timestamp
        /// A stored list of names and values; XML only.
        case attributes
    }

    /// One place, with ranges in `literals` instead of texts: slots of plain numbers are copied without reference
    /// counting.
    struct Slot: Sendable {
        let lead: Range<Int>
        let content: Content
        /// XML only: the end tag, and whether an empty text is left out like null.
        let tail: Range<Int>
        let leavesOutEmpty: Bool
    }

    let format: Format
    var slots: [Slot] = []
    var literals: [UInt8] = []
    let open: [UInt8]
    let close: [UInt8]

    /// A template that writes rows between `{` and `}`.
    package static func json() -> RowTemplate {
        RowTemplate(format: .json, open: Array("{".utf8), close: Array("}".utf8))
    }

    /// A template that writes rows in an element of this name, or without one if the name is nil.
    package static func xml(_ element: String?) -> RowTemplate {
        RowTemplate(
            format: .xml, open: element.map { Array("<\($0)>".utf8) } ?? [],
            close: element.map { Array("</\($0)>".utf8) } ?? [])
    }

    private init(format: Format, open: [UInt8], close: [UInt8]) {
        self.format = format
        self.open = open
        self.close = close
    }

    /// Adds the next place; its name comes from a declaration and needs no escapes.
    package mutating func add(_ name: String, _ content: Content, leavesOutEmpty: Bool = false) {
        let isWrapped =
            if case .cell(_, .attributes) = content { false } else if case .fragments = content { false } else { true }
        switch format {
        case .json:
            slots.append(
                Slot(
                    lead: literal("\(slots.isEmpty ? "" : ",")\"\(name)\":"), content: content, tail: literal(""),
                    leavesOutEmpty: false))
        case .xml:
            slots.append(
                Slot(
                    lead: literal(isWrapped ? "<\(name)>" : ""), content: content,
                    tail: literal(isWrapped ? "</\(name)>" : ""), leavesOutEmpty: leavesOutEmpty))
        }
    }

    private mutating func literal(_ text: String) -> Range<Int> {
        let start = literals.count
        literals += Array(text.utf8)
        return start..<literals.count
    }
}

extension Kind {
    /// The style in which cells of this kind are written.
    package var style: RowTemplate.Style {
        switch self {
        case .text, .email, .url, .choice: .text
        case .integer, .reference: .plain
        case .decimal: .digits
        case .boolean: .boolean
        case .date: .date
        case .timestamp: .timestamp
        }
    }
}
