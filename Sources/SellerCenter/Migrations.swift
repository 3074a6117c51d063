import CShims
import MariaDB

/// The numbered files of the schema, and the application of those that a database lacks.
struct Migrations {
    private let files: [Migration]

    private struct Migration {
        let number: Int
        let name: String
        let text: String

        /// Whether a statement of the file creates a trigger, with or without OR REPLACE and a DEFINER, or drops one.
        var changesTrigger: Bool {
            let lines = text.uppercased().split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("--") }
            return lines.joined(separator: " ").split(separator: ";").contains { statement in
                let words = statement.split(separator: " ").prefix(8)
                return (words.first == "CREATE" || words.first == "DROP") && words.contains("TRIGGER")
            }
        }
    }

    init(directory: String) throws(Failure) {
        guard let names = File.names(in: directory) else {
            throw Failure(description: "The directory \(directory) cannot be read.")
        }
        var files: [Migration] = []
        for name in names where name.hasSuffix(".sql") {
            guard let number = Int(name.prefix { $0 != "_" }), number == files.count + 1 else {
                throw Failure(description: "\(name) is out of order: expected number \(files.count + 1).")
            }
            guard let text = File.read("\(directory)/\(name)") else {
                throw Failure(description: "\(name) cannot be read.")
            }
            files.append(Migration(number: number, name: name, text: text))
        }
        guard !files.isEmpty else { throw Failure(description: "There are no migrations in \(directory).") }
        self.files = files
    }

    /// Applies the missing files in order; reports each step in one line, and warns of what it waits for.
    ///
    /// MariaDB commits each statement of a schema by itself, so that a file which fails half-way stays half-applied.
    /// Therefore every statement can run again (IF NOT EXISTS, OR REPLACE), and a file is recorded only when all of it
    /// ran.
    func apply(
        _ settings: ConnectionSettings, leaseSeconds: Int, say: (String) -> Void, warn: (String) -> Void
    ) throws(Failure) {
        do {
            try run(settings, SchemaLease(seconds: leaseSeconds), say, warn)
        } catch let failure as Failure {
            throw failure
        } catch let error as MariaDBError {
            throw Failure(error, settings)
        } catch {
            throw Failure(description: "\(error)")
        }
    }

    private func run(
        _ settings: ConnectionSettings, _ lease: SchemaLease, _ say: (String) -> Void, _ warn: (String) -> Void
    ) throws {
        var ours = settings
        // There is no time limit, since building an index on a large table may take hours.
        ours.statementMilliseconds = nil
        ours.readTimeoutSeconds = 24 * 3600
        let database = Connection(ours)
        // Of two processes at once, the second waits here and then finds nothing to do.
        let lock = try database.query("SELECT GET_LOCK('seller_center_migrations', 3600)")
        guard lock.next(), lock.integer(0) == 1 else { throw Failure(description: "Another migration does not end.") }
        // While a statement waits for a table, no other statement can begin to use the table, so that a backup and a
        // migration together would stop the site (MariaDB's own limit is a day).
        try database.script(
            "SET lock_wait_timeout = \(Self.lockSeconds), innodb_lock_wait_timeout = \(Self.lockSeconds)")
        try Self.patiently { try SchemaLease.makeTable(database) }
        // A second session will renew the lease; if there can be none, that is reported before anything is changed.
        try Connection(settings).ping()
        try lease.take(database, warn)
        try LeaseKeeper.keeping(lease, settings) { keeper in
            try Self.patiently {
                try database.script(
                    """
                    CREATE TABLE IF NOT EXISTS schema_migrations (number INT NOT NULL PRIMARY KEY, \
                    name VARCHAR(255) NOT NULL, checksum CHAR(64) NOT NULL, applied_at DATETIME(6) NOT NULL) \
                    ENGINE = InnoDB
                    """)
            }
            let missing = try files.dropFirst(check(database))
            try checkTriggers(missing, database)
            for file in missing {
                do {
                    try apply(file, lease, database)
                } catch let error as MariaDBError where !keeper.hasLost {
                    throw Failure(error, in: file.name, settings)
                } catch is MariaDBError, is Lost {
                    throw lost(at: file, database)
                }
                say("applied \(file.name)")
            }
            if missing.isEmpty { say("The schema is up to date.") }
        }
    }

    /// Runs a file and records it; each step first checks that this process still holds the lease.
    private func apply(_ file: Migration, _ lease: SchemaLease, _ database: Connection) throws {
        try Self.patiently {
            guard try lease.renew(database) else { throw Lost() }
            try database.script(file.text)
        }
        try Self.patiently {
            let noted = try database.execute(
                """
                INSERT INTO schema_migrations (number, name, checksum, applied_at) \
                SELECT \(Int64(file.number)), \(file.name), SHA2(\(file.text), 256), UTC_TIMESTAMP(6) \
                FROM schema_lease WHERE id = 1 AND owner = \(lease.owner)
                """)
            guard noted.affectedRows == 1 else { throw Lost() }
        }
    }

    /// Another process has taken the lease.
    private struct Lost: Error {}

    private func lost(at file: Migration, _ database: Connection) -> Failure {
        let holder = (try? SchemaLease.holder(database))?.flatMap { $0.isOver ? nil : " by \($0.owner)" } ?? ""
        return Failure(
            description: """
                The lease was taken away\(holder): stopped at \(file.name), which is not recorded as applied. \
                Run migrate again.
                """)
    }

    /// Repeats the body while another session holds what it needs, with pauses in which that session can proceed.
    private static func patiently(_ body: () throws -> Void) throws {
        for _ in 1..<mostAttempts {
            do {
                return try body()
            } catch let error as MariaDBError where error.isLockTimeout || error.isConflict {
                cshims_sleep_milliseconds(5000)
            }
        }
        try body()
    }

    private static let lockSeconds = 2
    /// Attempts for about an hour.
    private static let mostAttempts = 500

    /// The number of files that the database has; throws if one of them is missing or has changed since.
    private func check(_ database: Connection) throws -> Int {
        let recorded = try database.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
        while recorded.next() {
            let name = recorded.text(1) ?? ""
            guard let number = recorded.integer(0), let file = files.first(where: { $0.number == Int(number) }),
                file.name == name
            else { throw Failure(description: "\(name) was applied and is missing now. Nothing was applied.") }
            let same = try database.query("SELECT SHA2(\(file.text), 256) = \(recorded.text(2) ?? "")")
            guard same.next(), same.integer(0) == 1 else {
                throw Failure(description: "\(name) was applied and has changed since. Nothing was applied.")
            }
        }
        return recorded.count
    }

    /// Refuses files that change triggers if MariaDB would refuse those statements in the middle of a file.
    private func checkTriggers(_ missing: ArraySlice<Migration>, _ database: Connection) throws {
        guard let file = missing.first(where: \.changesTrigger) else { return }
        let server = try database.query("SELECT @@log_bin AND NOT @@log_bin_trust_function_creators")
        guard server.next(), server.integer(0) == 1 else { return }
        let grants = try database.query("SHOW GRANTS")
        while grants.next() {
            let rights = (grants.text(0) ?? "").split(separator: " ON *.* TO ", maxSplits: 1)
            guard rights.count == 2 else { continue }
            if rights[0].hasSuffix("ALL PRIVILEGES") || rights[0].contains("SUPER") { return }
        }
        throw Failure(
            description: """
                \(file.name) changes triggers, for which the user needs SUPER while the binary log is on. \
                Nothing was applied. \(Failure.triggerAdvice)
                """)
    }
}
