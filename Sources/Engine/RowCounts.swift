import Contract
import MariaDB
import Synchronization

/// The number of rows of each table, counted once and then updated by what the schema's triggers note in `row_counts`.
///
/// A count is exact in the snapshot that asks for it. It is kept because counting a million rows takes a tenth of a
/// second, and every page of every list needs a count.
final class RowCounts: Sendable {
    private let bases = Mutex([String: Base]())
    /// Held while one thread counts a table, so that the others wait for its result instead of counting as well.
    private let turn = Mutex(())

    /// The triggers' notes and the highest id, read in one snapshot.
    struct Tally: Sendable, Equatable {
        let inserts: Int64
        let deletes: Int64
        /// The inserts less the deletes of the rows that are counted, which may be some of the table's.
        let net: Int64
        /// The sum of the notes' stamps, which only grow, so that another sum means another state.
        let stamps: String
        let highestID: Int64
    }

    /// A count and the tally of the snapshot in which it was made.
    private struct Base {
        let count: Int64
        let tally: Tally

        /// The count at another tally; nil if the difference of the tallies is not enough to know it.
        func count(at now: Tally) -> Int64? {
            if let change = now.change(since: tally) { return count + change }
            // Notes are only added, so a tally with fewer of them is from an older snapshot than the base.
            guard now.inserts < tally.inserts || now.deletes < tally.deletes else { return nil }
            return tally.change(since: now).map { count - $0 }
        }
    }

    /// The number of slots that a table has in `row_counts`. Each is locked until its writer's COMMIT.
    static let slots = 64

    /// Forgets everything.
    func removeAll() { bases.withLock { $0 = [:] } }

    /// A count; its tally, which is nil while nothing was noted; and the client's next `updated_since`, if requested.
    typealias Counted = (count: Int64, tally: Tally?, nextUpdatedSince: Timestamp?)

    /// A column for the first statement of a snapshot: its time minus longer than any write takes. A write that is not
    /// committed yet therefore appears in the answer to the client's next request.
    static let nextUpdatedSince: SQL = "UTC_TIMESTAMP(6) - INTERVAL 30 SECOND"

    /// The number of a list's rows in the connection's present snapshot, and the tally there. Another snapshot with the
    /// same tally has the same rows. The rows are those that the triggers count under a name: all of a table, or those
    /// that meet a condition.
    func count(
        _ counter: String, of table: String, where condition: SQL, isFollowed: Bool, _ database: Connection
    ) throws -> Counted {
        let name = SQL(identifier: table)
        let (all, some): (SQL, SQL) =
            counter == table ? ("TRUE", "TRUE") : ("table_name = \(table)", "table_name = \(counter)")
        let followed: SQL = isFollowed ? ", \(Self.nextUpdatedSince)" : ""
        let rows = try database.select(
            """
            SELECT COALESCE(SUM(IF(\(all), inserts, 0)), 0), COALESCE(SUM(IF(\(all), deletes, 0)), 0), \
            COALESCE(SUM(IF(\(some), inserts - deletes, 0)), 0), COALESCE(SUM(stamp), 0), \
            COALESCE(SUM(IF(\(some), stamp, 0)), 0) > 0, \
            COALESCE((SELECT MAX(id) FROM \(name)), 0)\(followed) \
            FROM row_counts WHERE table_name IN (\(list: counter == table ? [table] : [table, counter]))
            """)
        guard rows.next(), let inserts = rows.integer(0), let deletes = rows.integer(1), let net = rows.integer(2),
            let stamps = rows.text(3), let isNoted = rows.integer(4), let highestID = rows.integer(5)
        else { fatalError("a sum is a row") }
        let tally = Tally(inserts: inserts, deletes: deletes, net: net, stamps: stamps, highestID: highestID)
        let next = isFollowed ? rows.text(6).map(Timestamp.init) : nil
        if let count = bases.withLock({ $0[counter]?.count(at: tally) }) { return (count, tally, next) }
        func countRows() throws -> Counted {
            let count = try database.count("SELECT COUNT(*) FROM \(name)\(condition)")
            // Without notes (none were ever made, or they were deleted) the next count cannot build on this one.
            guard isNoted == 1 else { return (count, nil, next) }
            bases.withLock { $0[counter] = Base(count: count, tally: tally) }
            return (count, tally, next)
        }
        // Those who count some of the rows do not wait for others: the index has few of them.
        guard counter == table else { return try countRows() }
        return try turn.withLock { _ in
            if let count = bases.withLock({ $0[counter]?.count(at: tally) }) { return (count, tally, next) }
            return try countRows()
        }
    }
}

extension Connection {
    /// The result of a statement that counts. By the text protocol: a prepared statement loses its index scan once another
    /// connection has used the table (MariaDB 10.11).
    func count(_ sql: SQL) throws -> Int64 {
        let rows = try query(sql)
        guard rows.next(), let count = rows.integer(0) else { fatalError("a count is a row") }
        return count
    }
}

extension Session {
    /// The slot of `row_counts` in which a worker's thread writes, so that threads seldom wait for one another.
    package static func slot(worker: Int, thread: Int, of threads: Int) -> Int {
        (worker * threads + thread) % RowCounts.slots
    }
}

extension RowCounts.Tally {
    /// The change of the number of rows between two tallies; nil if it is not certain.
    func change(since earlier: RowCounts.Tally) -> Int64? {
        let newRows = inserts - earlier.inserts
        let lostRows = deletes - earlier.deletes
        let newIDs = highestID - earlier.highestID
        guard stamps == earlier.stamps, newRows >= 0, lostRows >= 0 else { return nil }
        // Each insert takes a new id. After a TRUNCATE, for which no trigger runs, the ids start again, and there are
        // fewer new ids than inserts. In a large table, where counting is slow, two exceptions are allowed: the highest
        // rows may have been deleted, and a transaction that was open at the earlier tally may have lower ids. A
        // TRUNCATE could then pass unnoticed only after tens of thousands of deletes.
        let isPlausible =
            earlier.highestID > 100_000
            ? -newIDs <= lostRows && newRows - lostRows <= max(0, newIDs) + 256
            : newIDs >= 0 && newRows <= newIDs
        return isPlausible ? net - earlier.net : nil
    }
}
