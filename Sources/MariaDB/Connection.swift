import CMariaDB
import CShims

/// The set-up of the client library.
package enum Library {
    /// Prepares the library; must be called once before the first thread connects: `mysql_library_init` is not
    /// thread-safe.
    package static func start() {
        guard mysql_server_init(0, nil, nil) == 0 else { fatalError("the client library does not start") }
    }
}

/// The address of MariaDB, the account, and the time limits of a session.
package struct ConnectionSettings: Sendable {
    package var socket: String
    package var user: String
    package var password: String?
    package var database: String
    package var connectTimeoutSeconds: UInt32 = 2
    /// The time after which the server ends a statement; nil means no limit.
    package var statementMilliseconds: Int64? = 8000
    /// How long MariaDB may be silent before the session is given up; this must be longer than a statement may run.
    package var readTimeoutSeconds: UInt32 = 9
    /// How long a statement waits for a row that another transaction has locked.
    package var lockSeconds = 3
    /// The value of the session's variable @slot, by which the schema's triggers keep writers apart; nil sets none.
    package var slot: Int?

    package init(socket: String, user: String, password: String?, database: String) {
        self.socket = socket
        self.user = user
        self.password = password
        self.database = database
    }
}

/// The result of a write.
package struct Outcome: Sendable {
    /// The number of rows that matched, whether or not their values changed.
    package let affectedRows: UInt64
}

/// One session with MariaDB for one thread; it connects at its first use, and again after the session was lost.
@safe
package final class Connection {
    let settings: ConnectionSettings
    private(set) var handle: UnsafeMutablePointer<MYSQL>?
    private var statements: [StatementText: Statement] = [:]
    var transaction = Transaction.none
    /// The thread's place at the gate of its worker's writes; nil for connections that no gate limits.
    package var seat: WriteGate.Seat?
    /// Whether the connection is in a write that `seat` has admitted.
    var isAdmitted = false
    /// When the request must be over, in milliseconds of the monotonic clock: no statement begins that might still run
    /// then. COMMIT is exempt.
    package var deadline: Int64?
    private var statementBegan: Int64 = 0
    /// Where the times of statements are added up; nil measures none.
    package var times: StatementTimes?

    /// Runs before the first statement of each new session.
    package var whenConnected: () -> Void = {}

    package init(_ settings: ConnectionSettings) { self.settings = settings }

    deinit { disconnect() }

    /// The most statements that a session holds on the server, where they count against `max_prepared_stmt_count`.
    private static let mostStatements = 400
}

// MARK: Connecting

extension Connection {
    func connected() throws(MariaDBError) -> UnsafeMutablePointer<MYSQL> {
        if let handle = unsafe handle { return unsafe handle }
        // The rest of a transaction must not run without its beginning on a new session.
        guard !isInTransaction else { throw Self.lostInTransaction }
        guard let new = unsafe mysql_init(nil) else { fatalError("out of memory") }
        var connectTimeout = settings.connectTimeoutSeconds
        var readTimeout = settings.readTimeoutSeconds
        unsafe mysql_options(new, MYSQL_OPT_CONNECT_TIMEOUT, &connectTimeout)
        unsafe mysql_options(new, MYSQL_OPT_READ_TIMEOUT, &readTimeout)
        unsafe mysql_options(new, MYSQL_OPT_WRITE_TIMEOUT, &readTimeout)
        unsafe mysql_options(new, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        var isLocalInfileAllowed: UInt32 = 0
        unsafe mysql_options(new, MYSQL_OPT_LOCAL_INFILE, &isLocalInfileAllowed)
        // With FOUND_ROWS, an UPDATE that changes no value still reports that its row exists.
        let flags = UInt(CLIENT_FOUND_ROWS)
        let sessionSettings = sessionSettings
        guard
            unsafe mysql_real_connect(
                new, nil, settings.user, settings.password, settings.database, 0, settings.socket, flags) != nil,
            unsafe mysql_real_query(new, sessionSettings, UInt(sessionSettings.utf8.count)) == 0
        else {
            let error = unsafe Self.error(new, nil)
            unsafe mysql_close(new)
            throw error
        }
        unsafe handle = new
        whenConnected()
        return unsafe new
    }

    private var sessionSettings: String {
        let limit = settings.statementMilliseconds ?? 0
        let seconds = "\(limit / 1000).\(String(1000 + limit % 1000).dropFirst())"
        return """
            SET autocommit = 1, time_zone = '+00:00', tx_isolation = 'REPEATABLE-READ', max_statement_time = \(seconds), \
            innodb_lock_wait_timeout = \(settings.lockSeconds), @slot = \(settings.slot.map(String.init) ?? "NULL"), \
            sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE'
            """
    }

    static let lostInTransaction = MariaDBError(
        number: UInt32(CR_SERVER_GONE_ERROR), state: "HY000", message: "The transaction's session is gone.", sql: nil)

    /// Closes the session; the next use opens another.
    func disconnect() {
        // The statements are closed first: after mysql_close, mysql_stmt_close could no longer tell the server.
        statements.removeAll()
        if let handle = unsafe handle { unsafe mysql_close(handle) }
        unsafe handle = nil
    }

    static func error(_ handle: UnsafeMutablePointer<MYSQL>, _ sql: String?) -> MariaDBError {
        unsafe MariaDBError(
            number: mysql_errno(handle), state: String(cString: mysql_sqlstate(handle)),
            message: String(cString: mysql_error(handle)), sql: sql)
    }

    /// Closes a session that was lost, and notes whether a retry on a new one is worthwhile.
    func noting(_ error: MariaDBError) -> MariaDBError {
        guard error.isSessionLost else { return error }
        disconnect()
        var error = error
        // After a session that was lost because MariaDB was silent, a new one would wait as long again.
        let silence = Int64(settings.readTimeoutSeconds) * 1000 - 500
        error.isWorthANewSession = cshims_monotonic_milliseconds() - statementBegan < silence
        return error
    }

    /// Lets a statement begin, unless it might outlast the request. Before the first statement of a transaction, that
    /// begins.
    func admit(_ sql: String) throws(MariaDBError) {
        switch transaction {
        case .pending(let isWriting, _): try begin(isWriting: isWriting)
        case .over: fatalError("a statement after the one that was the whole transaction")
        case .none, .begun, .alone: break
        }
        try checkDeadline(sql)
    }

    func checkDeadline(_ sql: String) throws(MariaDBError) {
        let now = cshims_monotonic_milliseconds()
        if let deadline, now + (settings.statementMilliseconds ?? 0) > deadline {
            throw .notBegun("The request has no time left for another statement.", sql)
        }
        if isAdmitted { seat?.note(now) }
        statementBegan = now
    }

    /// Whether the server answers.
    package func ping() throws(MariaDBError) {
        let handle = try unsafe connected()
        guard unsafe mysql_ping(handle) != 0 else { return }
        // The loss of an old session does not mean that the server is away: only a new session can tell.
        disconnect()
        _ = try unsafe connected()
    }
}

// MARK: Prepared statements

extension Connection {
    /// Runs a prepared statement and fetches all of its result.
    package func select(_ sql: SQL) throws(MariaDBError) -> Rows {
        try fetching { () throws(MariaDBError) in
            try run(sql) { (statement) throws(MariaDBError) in
                try statement.execute(sql.values)
                do throws(MariaDBError) {
                    return try Rows(statement.stored())
                } catch {
                    statements[StatementText(sql.text)] = nil
                    throw error
                }
            }
        }
    }

    /// Runs a prepared write.
    package func execute(_ sql: SQL) throws(MariaDBError) -> Outcome {
        try timed { () throws(MariaDBError) in
            try run(sql) { (statement) throws(MariaDBError) in try statement.execute(sql.values) }
        }
    }

    private func run<T>(
        _ sql: SQL, _ body: (Statement) throws(MariaDBError) -> T
    ) throws(MariaDBError) -> T {
        try admit(sql.text)
        let statement = try prepared(sql)
        do throws(MariaDBError) {
            return try body(statement)
        } catch {
            var error = noting(error)
            if case .alone = transaction { error.isOutcomeUnknown = error.mayHaveStoredTheStatement }
            throw error
        }
    }

    /// The held statement for a text, or a new one if the held one's result is still being read.
    private func prepared(_ sql: SQL) throws(MariaDBError) -> Statement {
        let text = StatementText(sql.text)
        if let statement = statements[text], !statement.isBeingRead { return statement }
        if statements.count >= Self.mostStatements { statements.removeAll() }
        do throws(MariaDBError) {
            let statement = try unsafe Statement(connected(), sql.text)
            statements[text] = statement
            return statement
        } catch {
            // The server has reached its limit of statements for all clients: release this session's and try once more.
            guard error.number == UInt32(ER_MAX_PREPARED_STMT_COUNT_REACHED), !statements.isEmpty else {
                throw noting(error)
            }
            statements.removeAll()
            return try prepared(sql)
        }
    }
}

/// The text of a statement, by which its prepared form is found.
private struct StatementText: Hashable {
    private let text: String

    init(_ text: String) { self.text = text }

    /// Only by the length, which few statements share: hashing a text takes longer than comparing it.
    func hash(into hasher: inout Hasher) { hasher.combine(text.utf8.count) }
}
