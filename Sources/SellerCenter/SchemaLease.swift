import CShims
import Glibc
import MariaDB

/// The one row that says which process changes the schema, and until when, unless it renews that.
///
/// GET_LOCK is known to one server only; the row is the same on every node of a Galera cluster, where two that change
/// the schema at once stop all writes. Each statement here commits by itself, so that it has succeeded only when its
/// COMMIT has: of two nodes that change the row at once, one gets 1213 then.
struct SchemaLease: Sendable {
    /// The process that holds the lease, in words that no other process uses.
    let owner: String
    /// How long the lease lasts when nobody renews it.
    let seconds: Int
    /// A lock of the holder's session, under which another session on the same server finds it.
    private let sessionLock: String

    /// Who holds the lease and until when, as the row has it.
    struct Holder: Equatable {
        let owner: String
        let until: String
        let isOver: Bool
    }

    init(seconds: Int) {
        self.seconds = seconds
        let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        owner = "process \(getpid()) on \(Self.hostName) (\(unique))"
        sessionLock = "seller_center_migration_\(unique)"
    }

    private static var hostName: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
            guard let start = name.baseAddress, unsafe gethostname(start, 255) == 0 else { return "a host" }
            // A name that was cut off has no end.
            unsafe name[255] = 0
            return unsafe String(cString: start)
        }
    }
}

// MARK: The row

extension SchemaLease {
    /// Makes the table and its row where they are not there yet.
    ///
    /// It looks first, because on a cluster every statement that could change a schema stops everything for its time.
    static func makeTable(_ database: Connection) throws(MariaDBError) {
        let tables = try database.query(
            """
            SELECT 1 FROM information_schema.tables \
            WHERE table_schema = DATABASE() AND table_name = 'schema_lease' AND table_type = 'BASE TABLE'
            """)
        if tables.count == 0 {
            try database.script(
                """
                CREATE TABLE IF NOT EXISTS schema_lease (id TINYINT NOT NULL PRIMARY KEY CHECK (id = 1), \
                owner VARCHAR(400) NOT NULL, until DATETIME(6) NOT NULL) ENGINE = InnoDB \
                DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin
                """)
        }
        guard try holder(database) == nil else { return }
        _ = try database.execute("INSERT IGNORE INTO schema_lease (id, owner, until) VALUES (1, '', UTC_TIMESTAMP(6))")
    }

    /// What the row says; nil when somebody has deleted it.
    static func holder(_ database: Connection) throws(MariaDBError) -> Holder? {
        let row = try database.query(
            """
            SELECT owner, DATE_FORMAT(until, '%Y-%m-%d %H:%i:%s'), owner = '' OR until < UTC_TIMESTAMP(6) \
            FROM schema_lease WHERE id = 1
            """)
        guard row.next() else { return nil }
        return Holder(owner: row.text(0) ?? "", until: row.text(1) ?? "", isOver: row.integer(2) == 1)
    }

    /// Waits, for an hour at most, until the lease is this process's; says once of each holder that it waits for it.
    func take(_ database: Connection, _ warn: (String) -> Void) throws {
        _ = try database.query("SELECT GET_LOCK(\(sessionLock), 0)")
        let end = cshims_monotonic_milliseconds() + Self.patience
        var last = ""
        while true {
            guard let holder = try Self.holder(database) else {
                throw Migrations.Failure(description: "The row of schema_lease was deleted. Nothing was applied.")
            }
            // Only who sees it free tries: an attempt locks the row that its holder renews.
            if holder.isOver, try takeOnce(database) { return }
            if !holder.isOver, holder.owner != last {
                warn("waiting for \(holder.owner), whose lease lasts until \(holder.until) UTC if it is not renewed")
                last = holder.owner
            }
            guard cshims_monotonic_milliseconds() < end else {
                throw Migrations.Failure(description: "Another migration does not end: \(holder.owner).")
            }
            cshims_sleep_milliseconds(200)
        }
    }

    private func takeOnce(_ database: Connection) throws(MariaDBError) -> Bool {
        do throws(MariaDBError) {
            return try database.execute(
                """
                UPDATE schema_lease SET owner = \(owner), until = UTC_TIMESTAMP(6) + INTERVAL \(Int64(seconds)) SECOND \
                WHERE id = 1 AND (owner = '' OR until < UTC_TIMESTAMP(6))
                """
            ).affectedRows == 1
        } catch {
            // Another one was faster.
            guard error.isConflict || error.isLockTimeout else { throw error }
            return false
        }
    }

    /// Makes the lease last from now on; false when it is another's, or was since.
    ///
    /// One that has run out and that nobody has taken is this process's still.
    func renew(_ database: Connection) throws(MariaDBError) -> Bool {
        try database.execute(
            """
            UPDATE schema_lease SET until = UTC_TIMESTAMP(6) + INTERVAL \(Int64(seconds)) SECOND \
            WHERE id = 1 AND owner = \(owner)
            """
        ).affectedRows == 1
    }

    /// Lets the next one have it; one that is another's stays so.
    func giveBack(_ database: Connection) throws(MariaDBError) {
        _ = try database.execute("UPDATE schema_lease SET owner = '' WHERE id = 1 AND owner = \(owner)")
    }

    /// Ends the session that took the lease, if it is on the same server, with whatever it does.
    func endHolder(_ database: Connection) throws(MariaDBError) {
        let session = try database.query("SELECT IS_USED_LOCK(\(sessionLock))")
        guard session.next(), let number = session.integer(0) else { return }
        try database.script("KILL CONNECTION \(number)")
    }

    /// In milliseconds; as long as GET_LOCK waits.
    private static let patience: Int64 = 3_600_000
}
