package import Contract

extension Bytes {
    /// Appends a value that is no cell of a row: in XML in an element of this name.
    package mutating func append(_ value: Value, _ format: Format, as element: String) {
        if format == .xml { append("<\(element)>") }
        switch value {
        case .null: if format == .json { append("null") }
        case .boolean(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(decimal: number)
        case .text(let text): if format == .json { append(json: text) } else { append(xml: text) }
        case .decimal(let number): append(inQuotes: number.description, format)
        case .date(let day): append(inQuotes: day.text, format)
        case .timestamp(let time):
            if format == .json { append(UInt8(ascii: "\"")) }
            append(time)
            if format == .json { append(UInt8(ascii: "\"")) }
        }
        if format == .xml { append("</\(element)>") }
    }

    private mutating func append(inQuotes text: String, _ format: Format) {
        if format == .json { append(json: text) } else { append(text) }
    }
}
