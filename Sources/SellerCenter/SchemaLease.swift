import CShims
import Glibc
import MariaDB

/// A row that names the process which may change the schema, and until when unless the process renews it.
///
/// GET_LOCK works on one server only; the row is the same on every node of a Galera cluster, where two processes that
/// change the schema at once stop all writes. Each statement here commits by itself and has succeeded only when its
/// COMMIT has: when two nodes change the row at once, the second COMMIT fails with 1213.
struct SchemaLease: Sendable {
    /// The name of the process that holds the lease, which no other process has.
    let owner: String
    /// How long the lease lasts when nobody renews it.
    let seconds: Int
    /// The name of a GET_LOCK held by the same session, by which another session on that server finds it.
    private let sessionLock: String

    /// The holder of the lease and its end, read from the row.
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
            // gethostname does not terminate a name that it cuts off.
            unsafe name[255] = 0
            return unsafe String(cString: start)
        }
    }
}

// MARK: The row

extension SchemaLease {
    /// Creates the table and its row if they do not exist.
    ///
    /// It first looks for them, because on a cluster every statement that could change a schema blocks all others.
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

    /// The row's content; nil if somebody has deleted the row.
    static func holder(_ database: Connection) throws(MariaDBError) -> Holder? {
        let row = try database.query(
            """
            SELECT owner, DATE_FORMAT(until, '%Y-%m-%d %H:%i:%s'), owner = '' OR until < UTC_TIMESTAMP(6) \
            FROM schema_lease WHERE id = 1
            """)
        guard row.next() else { return nil }
        return Holder(owner: row.text(0) ?? "", until: row.text(1) ?? "", isOver: row.integer(2) == 1)
    }

    /// Waits, at most an hour, until this process has the lease; warns once for each other holder.
    func take(_ database: Connection, _ warn: (String) -> Void) throws {
        _ = try database.query("SELECT GET_LOCK(\(sessionLock), 0)")
        let end = cshims_monotonic_milliseconds() + Self.patience
        var last = ""
        while true {
            guard let holder = try Self.holder(database) else {
                throw Migrations.Failure(description: "The row of schema_lease was deleted. Nothing was applied.")
            }
            // Only a free lease is tried, since an attempt locks the row that its holder must renew.
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
            // Another process took the lease first.
            guard error.isConflict || error.isLockTimeout else { throw error }
            return false
        }
    }

    /// Makes the lease last from now on; false if another process has it, or had it in between.
    ///
    /// A lease that has expired still belongs to this process if no other has taken it.
    func renew(_ database: Connection) throws(MariaDBError) -> Bool {
        try database.execute(
            """
            UPDATE schema_lease SET until = UTC_TIMESTAMP(6) + INTERVAL \(Int64(seconds)) SECOND \
            WHERE id = 1 AND owner = \(owner)
            """
        ).affectedRows == 1
    }

    /// Frees the lease, unless it is another process's.
    func giveBack(_ database: Connection) throws(MariaDBError) {
        _ = try database.execute("UPDATE schema_lease SET owner = '' WHERE id = 1 AND owner = \(owner)")
    }

    /// Ends the session that took the lease together with its running statement, if it is on the same server.
    func endHolder(_ database: Connection) throws(MariaDBError) {
        let session = try database.query("SELECT IS_USED_LOCK(\(sessionLock))")
        guard session.next(), let number = session.integer(0) else { return }
        try database.script("KILL CONNECTION \(number)")
    }

    /// The longest wait for the lease in milliseconds, the same as for GET_LOCK.
    private static let patience: Int64 = 3_600_000
}
