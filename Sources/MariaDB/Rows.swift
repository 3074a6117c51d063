import CMariaDB

/// A fetched result. It lends its rows one after another, with every cell in MariaDB's text form, whether the text or
/// the binary protocol delivered it.
@safe
package final class Rows {
    @unsafe private enum Source {
        case text(UnsafeMutablePointer<MYSQL_RES>)
        case prepared(Statement)
    }

    private let source: Source
    /// The current row of a text result.
    private var row: MYSQL_ROW?
    private var lengths: UnsafeMutablePointer<UInt>?
    package let count: Int
    private let columns: Int

    init(_ result: UnsafeMutablePointer<MYSQL_RES>) {
        unsafe source = .text(result)
        count = Int(unsafe mysql_num_rows(result))
        columns = Int(unsafe mysql_num_fields(result))
    }

    init(_ statement: Statement) {
        unsafe source = unsafe .prepared(statement)
        count = statement.rowCount
        columns = statement.columnCount
    }

    deinit {
        switch unsafe source {
        case .text(let result): unsafe mysql_free_result(result)
        case .prepared(let statement): statement.release()
        }
    }

    /// Returns to the place before the first row.
    package func rewind() {
        switch unsafe source {
        case .text(let result): unsafe mysql_data_seek(result, 0)
        case .prepared(let statement): statement.rewind()
        }
    }

    /// Moves to the next row; false behind the last.
    package func next() -> Bool {
        switch unsafe source {
        case .text(let result):
            unsafe row = mysql_fetch_row(result)
            unsafe lengths = mysql_fetch_lengths(result)
            return unsafe row != nil
        case .prepared(let statement): return statement.fetch()
        }
    }

    /// Checks a column's number, since the library does not: past the last column it would read foreign memory.
    @inline(__always)
    private func check(_ column: Int) {
        guard column >= 0, column < columns else { fatalError("a result of \(columns) columns has none at \(column)") }
    }

    /// Lends a cell of the current row; nil is NULL.
    ///
    /// Not generic, since a generic function called from another module looks up its types anew for each cell.
    public func withCell(_ column: Int, _ body: (UnsafeRawBufferPointer?) -> Void) { unsafe read(column, body) }

    private func read<R>(_ column: Int, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        check(column)
        switch unsafe source {
        case .text:
            guard let row = unsafe row, let lengths = unsafe lengths, let start = unsafe row[column] else {
                return body(nil)
            }
            return unsafe body(UnsafeRawBufferPointer(start: start, count: Int(lengths[column])))
        case .prepared(let statement):
            let cell = unsafe statement.cell(column)
            guard let start = unsafe cell.start else { return body(nil) }
            return unsafe BinaryCell.withText(cell.type, isUnsigned: cell.isUnsigned, start, body)
        }
    }

    package func text(_ column: Int) -> String? {
        unsafe read(column) { cell in unsafe cell.map { unsafe String(decoding: $0, as: UTF8.self) } }
    }

    package func integer(_ column: Int) -> Int64? {
        check(column)
        if case .prepared(let statement) = unsafe source {
            let cell = unsafe statement.cell(column)
            guard let start = unsafe cell.start else { return nil }
            if let number = unsafe BinaryCell.integer(cell.type, isUnsigned: cell.isUnsigned, start) { return number }
        }
        return unsafe read(column) { cell in
            guard let cell = unsafe cell, unsafe !cell.isEmpty else { return nil }
            if let number = unsafe Self.shortNumber(cell) { return number }
            let isNegative = unsafe cell[0] == UInt8(ascii: "-")
            var magnitude: Int64 = 0
            for index in (isNegative ? 1 : 0)..<cell.count {
                let byte = unsafe cell[index]
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                let (product, isProductLost) = magnitude.multipliedReportingOverflow(by: 10)
                let (sum, isSumLost) = product.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
                guard !isProductLost, !isSumLost else { return nil }
                magnitude = sum
            }
            // Counted downwards, because Int64's least number has no positive counterpart.
            return isNegative ? magnitude : magnitude == .min ? nil : -magnitude
        }
    }

    /// The number with at most 18 digits and no sign in a cell, which cannot overflow; nil for any other text.
    private static func shortNumber(_ cell: UnsafeRawBufferPointer) -> Int64? {
        guard cell.count <= 18 else { return nil }
        var number: Int64 = 0
        for index in cell.indices {
            let digit = unsafe cell[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            number = number &* 10 &+ Int64(digit)
        }
        return number
    }

    /// The digits of a time as one number, which may wrap around: good for comparing, not for reading.
    package func fingerprint(_ column: Int) -> Int64 {
        check(column)
        if case .prepared(let statement) = unsafe source {
            let cell = unsafe statement.cell(column)
            guard let start = unsafe cell.start else { return 0 }
            if let number = unsafe BinaryCell.fingerprint(cell.type, start) { return number }
        }
        return unsafe read(column) { cell in
            guard let cell = unsafe cell else { return 0 }
            var number: Int64 = 0
            for index in cell.indices {
                let digit = unsafe cell[index] &- UInt8(ascii: "0")
                if digit <= 9 { number = number &* 10 &+ Int64(digit) }
            }
            return number
        }
    }
}
