import Contract
import MariaDB
import Synchronization

/// Which row stands where in a list, as far as pages of it were read: a deep page is found by its first row, and not
/// by stepping over all rows before it.
///
/// It counts only while the table has the tally that it was read at, and only in an order that no write changes. The
/// threads of a process share it.
final class PageStarts: Sendable {
    private let lists = Mutex([String: List]())

    /// A row's place in the order: by its creation, if the order is by that, and its id.
    struct Row {
        let position: Int64
        let id: Int64
        let birth: String?
    }

    private struct List {
        var tally: RowCounts.Tally
        /// By position.
        var rows: [Row] = []
    }

    /// More than this are not kept for one list; a page apart they reach a million rows.
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

    /// Where the first row at or behind a position is.
    private static func index(of position: Int64, in rows: [Row]) -> Int {
        var range = 0..<rows.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = rows[middle].position < position ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
