import Synchronization

/// The positions of rows in lists, noted when pages were read. A deep page is found from the nearest noted row instead
/// of stepping over all rows before it.
///
/// A position is valid only while the table has the tally of that read, and only in an order that no write changes.
/// The threads of a process share it.
final class PageStarts: Sendable {
    private let lists = Mutex([String: List]())

    /// A row's place in a list: its position, its id and, in an order by creation, its time.
    struct Row {
        let position: Int64
        let id: Int64
        let birth: String?
    }

    private struct List {
        var tally: RowCounts.Tally
        /// Sorted by position.
        var rows: [Row] = []
    }

    /// The most rows noted for one list; at a page's distance they reach a million rows.
    private static let mostRows = 20_000

    /// Forgets everything.
    func removeAll() { lists.withLock { $0 = [:] } }

    /// The last known row at or before a position; nil when none is known.
    func row(at position: Int64, in list: String, _ tally: RowCounts.Tally) -> Row? {
        lists.withLock { lists in
            guard let list = lists[list], list.tally == tally else { return nil }
            let index = Self.index(of: position + 1, in: list.rows)
            return index > 0 ? list.rows[index - 1] : nil
        }
    }

    func note(_ row: Row, in name: String, _ tally: RowCounts.Tally) {
        lists.withLock { lists in
            var list = lists.removeValue(forKey: name) ?? List(tally: tally)
            if list.tally != tally || list.rows.count >= Self.mostRows { list = List(tally: tally) }
            let index = Self.index(of: row.position, in: list.rows)
            if index == list.rows.count || list.rows[index].position != row.position {
                list.rows.insert(row, at: index)
            }
            lists[name] = list
        }
    }

    /// The index of the first row at or behind a position.
    private static func index(of position: Int64, in rows: [Row]) -> Int {
        var range = 0..<rows.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = rows[middle].position < position ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
