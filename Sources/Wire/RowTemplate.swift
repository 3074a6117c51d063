package import Contract

/// The two ways in which rows leave the server.
package enum Format: Int, Sendable, CaseIterable { case json, xml }

/// A row's punctuation and names, precomputed: writing a row copies each cell once, from the database's buffer
/// into the reply, between two literals.
package struct RowTemplate: Sendable {
    /// What stands at one place of a row.
    package enum Content: Sendable {
        /// The cell of this column.
        case cell(Int, Style)
        /// The fragments of rows embedded here, by their place among the resource's embedded ones.
        case fragments(Int, isMany: Bool)
    }

    /// How a cell in MariaDB's text form is written.
    package enum Style: Sendable {
        /// Digits as they are: whole numbers.
        case plain
        /// Text that needs escapes and quotes.
        case text
        /// Digits that travel as a string: money keeps its cents.
        case digits
        /// 0 or 1.
        case boolean
        case date
        /// `YYYY-MM-DD hh:mm:ss.ffffff`, UTC.
        case timestamp
        /// A stored list of names and values; XML only.
        case attributes
    }

    /// One place, with the literals around it as parts of `literals`: a slot of plain numbers is copied without ARC.
    struct Slot: Sendable {
        let lead: Range<Int>
        let content: Content
        /// XML only: what closes the element, and whether an empty text is left out like null.
        let tail: Range<Int>
        let leavesOutEmpty: Bool
    }

    let format: Format
    var slots: [Slot] = []
    var literals: [UInt8] = []
    let open: [UInt8]
    let close: [UInt8]

    /// A template whose rows stand between `{` and `}`.
    package static func json() -> RowTemplate {
        RowTemplate(format: .json, open: Array("{".utf8), close: Array("}".utf8))
    }

    /// A template whose rows stand in an element of this name; nil for bare children.
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

    /// Adds the next place; names come from declarations and need no escapes.
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
    /// How a cell of this kind is written.
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
