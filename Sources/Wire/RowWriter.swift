package import Contract

/// The current row of a result, which lends each cell in MariaDB's text form.
public protocol RowSource {
    /// Lends the cell of a column to the body; nil is NULL.
    func withCell(_ column: Int, _ body: (UnsafeRawBufferPointer?) -> Void)
}

extension Bytes {
    /// Appends one row by its template. `fragments` appends the rendered rows that are embedded at a place, and returns
    /// whether there are any.
    package mutating func append(
        _ template: RowTemplate, _ row: some RowSource, fragments: (Int, inout Bytes) -> Bool
    ) {
        append(template.open)
        for slot in template.slots {
            switch slot.content {
            case .fragments(let index, let isMany):
                append(template.literals[slot.lead])
                if template.format == .xml {
                    _ = fragments(index, &self)
                } else {
                    if isMany { append(UInt8(ascii: "[")) }
                    if !fragments(index, &self), !isMany { append("null") }
                    if isMany { append(UInt8(ascii: "]")) }
                }
            case .cell(let column, let style):
                unsafe row.withCell(column) { cell in
                    if template.format == .json {
                        append(template.literals[slot.lead])
                        if let cell = unsafe cell {
                            unsafe append(jsonCell: cell, style)
                        } else {
                            append("null")
                        }
                    } else if let cell = unsafe cell, unsafe !(slot.leavesOutEmpty && cell.isEmpty) {
                        append(template.literals[slot.lead])
                        unsafe append(xmlCell: cell, style)
                        append(template.literals[slot.tail])
                    }
                }
            }
        }
        append(template.close)
    }

    private mutating func append(jsonCell cell: UnsafeRawBufferPointer, _ style: RowTemplate.Style) {
        switch style {
        case .plain: unsafe append(cell)
        case .text: unsafe append(json: cell)
        case .boolean: unsafe append(boolean: cell)
        case .digits, .date:
            append(UInt8(ascii: "\""))
            unsafe append(cell)
            append(UInt8(ascii: "\""))
        case .timestamp:
            append(UInt8(ascii: "\""))
            unsafe append(timestamp: cell)
            append(UInt8(ascii: "\""))
        case .attributes: fatalError("attributes are shown in XML only")
        }
    }

    private mutating func append(xmlCell cell: UnsafeRawBufferPointer, _ style: RowTemplate.Style) {
        switch style {
        case .plain, .digits, .date: unsafe append(cell)
        case .text: unsafe append(xml: cell)
        case .boolean: unsafe append(boolean: cell)
        case .timestamp: unsafe append(timestamp: cell)
        case .attributes: unsafe append(attributes: cell)
        }
    }

    private mutating func append(boolean cell: UnsafeRawBufferPointer) {
        if unsafe cell.count == 1 && cell[0] == UInt8(ascii: "0") { append("false") } else { append("true") }
    }

    /// Appends an instant in the contract's form.
    package mutating func append(_ time: Timestamp) {
        var text = time.text
        text.withUTF8 { unsafe append(timestamp: UnsafeRawBufferPointer($0)) }
    }

    /// Appends `YYYY-MM-DD hh:mm:ss.ffffff` in the contract's form: a T, a Z, and no fraction when it is zero.
    package mutating func append(timestamp cell: UnsafeRawBufferPointer) {
        guard cell.count >= 19 else { fatalError("a DATETIME has at least its seconds") }
        unsafe append(UnsafeRawBufferPointer(rebasing: cell[0..<10]))
        append(UInt8(ascii: "T"))
        unsafe append(UnsafeRawBufferPointer(rebasing: cell[11..<19]))
        let fraction = unsafe cell[19...]
        if unsafe fraction.contains(where: { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: ".") }) {
            unsafe append(UnsafeRawBufferPointer(rebasing: fraction))
        }
        append(UInt8(ascii: "Z"))
    }
}

extension Bytes {
    /// Appends a stored object of names and values as repeated `attribute` elements.
    private mutating func append(attributes cell: UnsafeRawBufferPointer) {
        let stored = unsafe Array(cell)
        guard case .object(let members)? = try? JSONReader.read(stored) else { return }
        for member in members {
            guard case .string(let value) = member.value else { continue }
            append("<attribute><name>")
            append(xml: member.name)
            append("</name><value>")
            append(xml: value)
            append("</value></attribute>")
        }
    }
}
