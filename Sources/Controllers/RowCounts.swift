import Contract
import MariaDB
import Synchronization

/// How many rows each table has: counted once, and kept up by what the schema's triggers note in `row_counts`.
///
/// The answer is exact in the snapshot it is asked in. A scan of a million rows takes a tenth of a second, and every
/// page of every list needs the count.
final class RowCounts: Sendable {
    private let bases = Mutex([String: Base]())
    /// Held while one thread of the process counts: the others wait for what it finds, and do not all scan the table.
    private let turn = Mutex(())

    /// What the triggers noted, and the highest id, in one snapshot.
    struct Tally: Sendable, Equatable {
        let inserts: Int64
        let deletes: Int64
        /// The sum of the notes' stamps, which only grow: another sum is another state.
        let stamps: String
        let highestID: Int64
    }

    /// A count and the tally of the snapshot it was made in.
    private struct Base {
        let count: Int64
        let tally: Tally

        /// The count at another tally; nil when the difference of the tallies does not tell it.
        func count(at now: Tally) -> Int64? {
            if let change = now.change(since: tally) { return count + change }
            // Notes are only added: with fewer of them it is a snapshot from before the base.
            guard now.inserts < tally.inserts || now.deletes < tally.deletes else { return nil }
            return tally.change(since: now).map { count - $0 }
        }
    }

    /// Forgets everything.
    func removeAll() { bases.withLock { $0 = [:] } }

    /// A count, the tally at which it counts, nil while nothing was noted, and what to ask for next time, where asked.
    typealias Counted = (count: Int64, tally: Tally?, nextUpdatedSince: Timestamp?)

    /// As a further column of a count, and so of the snapshot's first statement: its time, less longer than any write
    /// takes, so that one which was not stored yet comes with the next answer.
    static let nextUpdatedSince: SQL = ", UTC_TIMESTAMP(6) - INTERVAL 30 SECOND"

    /// The number of rows of a table in the snapshot that the connection is in, and the tally there: another snapshot
    /// with the same tally has the same rows.
    func count(_ table: String, isFollowed: Bool, _ database: Connection) throws -> Counted {
        let name = SQL(identifier: table)
        let rows = try database.select(
            """
            SELECT COALESCE(SUM(inserts), 0), COALESCE(SUM(deletes), 0), COALESCE(SUM(stamp), 0), \
            COALESCE((SELECT MAX(id) FROM \(name)), 0)\(isFollowed ? Self.nextUpdatedSince : "") \
            FROM row_counts WHERE table_name = \(table)
            """)
        guard rows.next(), let inserts = rows.integer(0), let deletes = rows.integer(1), let stamps = rows.text(2),
            let highestID = rows.integer(3)
        else { fatalError("a sum is a row") }
        let tally = Tally(inserts: inserts, deletes: deletes, stamps: stamps, highestID: highestID)
        let next = isFollowed ? rows.text(4).map(Timestamp.init) : nil
        if let count = bases.withLock({ $0[table]?.count(at: tally) }) { return (count, tally, next) }
        return try turn.withLock { _ in
            if let count = bases.withLock({ $0[table]?.count(at: tally) }) { return (count, tally, next) }
            // As text: a held statement loses its index scan once another connection has used the table (MariaDB 10.11).
            let counted = try database.query("SELECT COUNT(*) FROM \(name)")
            guard counted.next(), let count = counted.integer(0) else { fatalError("a count is a row") }
            // Nothing was ever noted, or the notes were wiped: the next count must not build on them.
            guard stamps != "0" else { return (count, nil, next) }
            bases.withLock { $0[table] = Base(count: count, tally: tally) }
            return (count, tally, next)
        }
    }
}

extension RowCounts.Tally {
    /// By how much the number of rows has changed; nil when it cannot be told.
    fileprivate func change(since earlier: RowCounts.Tally) -> Int64? {
        let newRows = inserts - earlier.inserts
        let lostRows = deletes - earlier.deletes
        let newIDs = highestID - earlier.highestID
        guard stamps == earlier.stamps, newRows >= 0, lostRows >= 0 else { return nil }
        // Each insert took a new id. After a TRUNCATE, which no trigger sees, ids start again and there are too few.
        // In a large table, where counting takes long, the highest rows may have been deleted, and a transaction that
        // was open at the earlier tally may have lower ids: only after tens of thousands of deletes could a TRUNCATE
        // look like that.
        let isPlausible =
            earlier.highestID > 100_000
            ? -newIDs <= lostRows && newRows - lostRows <= max(0, newIDs) + 256
            : newIDs >= 0 && newRows <= newIDs
        return isPlausible ? newRows - lostRows : nil
    }
}
