import MariaDB
import Wire

/// The cells of a row that was just stored: what MariaDB made of it, and the rest as it was given.
struct NewCells: RowSource {
    private let sources: [Insertion.Source]
    private let given: Insertion.Given
    /// At the only row that the INSERT returned.
    private let returned: Rows

    init(_ insertion: Insertion, _ given: Insertion.Given, _ returned: Rows) {
        sources = insertion.sources
        self.given = given
        self.returned = returned
    }

    func withCell(_ column: Int, _ body: (UnsafeRawBufferPointer?) -> Void) {
        switch sources[column] {
        case .returned(let number): unsafe returned.withCell(number, body)
        case .stored(let number):
            switch given.values[number] {
            case .text(let text): unsafe Self.lend(text, body)
            case .integer(let number): unsafe Self.lend(String(number), body)
            case .null, nil: body(nil)
            }
        case .key(let name): unsafe Self.lend(given.keys[name], body)
        case .attributes: unsafe Self.lend(given.attributes, body)
        case .none: body(nil)
        }
    }

    private static func lend(_ text: String?, _ body: (UnsafeRawBufferPointer?) -> Void) {
        guard var text else { return body(nil) }
        text.withUTF8 { unsafe body(UnsafeRawBufferPointer($0)) }
    }

    /// The whole number that is stored in the column of a field.
    func integer(_ column: Int) -> Int64? {
        guard case .stored(let field) = sources[column], case .integer(let number) = given.values[field] else {
            return nil
        }
        return number
    }
}
