import CShims
import MariaDB

/// The numbered files of the schema, and which of them a database has.
struct Migrations {
    private let files: [Migration]

    private struct Migration {
        let number: Int
        let name: String
        let text: String
    }

    /// Why nothing was applied, or no more.
    struct Failure: Error, CustomStringConvertible {
        let description: String
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

    /// Applies what is missing, in order; what was done, a line each.
    ///
    /// MariaDB commits each statement of a schema by itself, so a file that fails half-way stays half-applied: every
    /// statement in it can run again (IF NOT EXISTS, OR REPLACE), and it is recorded only when all of it ran.
    func apply(_ settings: ConnectionSettings, _ say: (String) -> Void) throws {
        var settings = settings
        // An index on a large table takes as long as it takes.
        settings.statementMilliseconds = nil
        settings.readTimeoutSeconds = 24 * 3600
        let database = Connection(settings)
        // Two processes at once: the second waits and then finds nothing to do.
        let lock = try database.query("SELECT GET_LOCK('seller_center_migrations', 3600)")
        guard lock.next(), lock.integer(0) == 1 else { throw Failure(description: "Another migration does not end.") }
        try database.script(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (number INT NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, \
            checksum CHAR(64) NOT NULL, applied_at DATETIME(6) NOT NULL) ENGINE = InnoDB
            """)
        let applied = try check(database)
        // A statement that waits for a table lets nobody else begin with it, so that a backup and a migration together
        // would stop the site (MariaDB's own limit is a day).
        try database.script(
            "SET lock_wait_timeout = \(Self.lockSeconds), innodb_lock_wait_timeout = \(Self.lockSeconds)")
        for file in files.dropFirst(applied) {
            try run(file, database)
            _ = try database.execute(
                """
                INSERT INTO schema_migrations (number, name, checksum, applied_at) \
                VALUES (\(Int64(file.number)), \(file.name), SHA2(\(file.text), 256), UTC_TIMESTAMP(6))
                """)
            say("applied \(file.name)")
        }
        if applied == files.count { say("The schema is up to date.") }
    }

    /// Runs a file; where it meets a table that is in use for long, it makes way again and again.
    private func run(_ file: Migration, _ database: Connection) throws {
        for attempt in 1...Self.mostAttempts {
            do throws(MariaDBError) {
                return try database.script(file.text)
            } catch {
                guard error.isLockTimeout, attempt < Self.mostAttempts else {
                    throw Failure(description: "\(file.name) failed: \(error.number) \(error.message)")
                }
                cshims_sleep_milliseconds(5000)
            }
        }
    }

    private static let lockSeconds = 2
    /// About an hour of trying.
    private static let mostAttempts = 500

    /// How many files the database has; refuses when one of them is not what it was.
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
}
