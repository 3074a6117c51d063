import MariaDB
import Wire

/// The cells of a result's current row from some column on, where those of a view begin.
struct Cells: RowSource {
    let rows: Rows
    var first = 0

    func withCell(_ column: Int, _ body: (UnsafeRawBufferPointer?) -> Void) { rows.withCell(first + column, body) }

    func integer(_ column: Int) -> Int64? { rows.integer(first + column) }

    /// The cells from a later column on.
    func from(_ column: Int) -> Cells { Cells(rows: rows, first: first + column) }
}
