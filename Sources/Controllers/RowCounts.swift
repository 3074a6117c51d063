import MariaDB
import Synchronization

/// How many rows each table has: counted once, and kept up by what the schema's triggers note in `row_counts`.
///
/// The answer is exact in the snapshot it is asked in. A scan of a million rows takes a tenth of a second, and every
/// page of every list needs the count.
package final class RowCounts: Sendable {
    private let bases = Mutex([String: Base]())

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

        /// The count at a later tally; nil when the difference of the tallies does not tell it.
        func count(at now: Tally) -> Int64? {
            let inserts = now.inserts - tally.inserts
            let deletes = now.deletes - tally.deletes
            // Each insert took a new id. After a TRUNCATE, which no trigger sees, ids start again and there are too
            // few. A transaction that was open when the base was made may have a lower id; where counting is cheap
            // that is not worth an allowance, and no table of this size is emptied by TRUNCATE while we run.
            let allowance: Int64 = tally.highestID > 100_000 ? 256 : 0
            guard now.stamps == tally.stamps, inserts >= 0, deletes >= 0, now.highestID >= tally.highestID,
                inserts <= now.highestID - tally.highestID + allowance
            else { return nil }
            return count + inserts - deletes
        }
    }

    package init() {}

    /// The number of rows of a table in the snapshot that the connection is in, and the tally there: another snapshot
    /// with the same tally has the same rows. Nil while nothing was noted.
    func count(_ table: String, _ database: Connection) throws -> (count: Int64, tally: Tally?) {
        let name = SQL(identifier: table)
        let rows = try database.select(
            """
            SELECT COALESCE(SUM(inserts), 0), COALESCE(SUM(deletes), 0), COALESCE(SUM(stamp), 0), \
            COALESCE((SELECT MAX(id) FROM \(name)), 0) FROM row_counts WHERE table_name = \(table)
            """)
        guard rows.next(), let inserts = rows.integer(0), let deletes = rows.integer(1), let stamps = rows.text(2),
            let highestID = rows.integer(3)
        else { preconditionFailure("a sum is a row") }
        let tally = Tally(inserts: inserts, deletes: deletes, stamps: stamps, highestID: highestID)
        if let count = bases.withLock({ $0[table]?.count(at: tally) }) { return (count, tally) }
        // As text: a held statement loses its index scan once another connection has used the table (MariaDB 10.11).
        let counted = try database.query("SELECT COUNT(*) FROM \(name)")
        guard counted.next(), let count = counted.integer(0) else { preconditionFailure("a count is a row") }
        // Nothing was ever noted, or the notes were wiped: the next count must not build on them.
        guard stamps != "0" else { return (count, nil) }
        bases.withLock { $0[table] = Base(count: count, tally: tally) }
        return (count, tally)
    }
}
