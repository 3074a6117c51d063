import CMariaDB
import CShims

extension Connection {
    /// What a transaction may do.
    package enum Access: Sendable {
        /// It reads one state of the data, and ends without storing anything.
        case reading
        case writing

        fileprivate var start: String { self == .reading ? "START TRANSACTION READ ONLY" : "START TRANSACTION" }
    }

    /// Runs the body as one transaction, which begins with the body's first statement; any error rolls it back, and so
    /// does its end if it only reads or is not to be kept.
    ///
    /// The caller decides whether a transaction that failed is repeated. If COMMIT fails and may have stored the
    /// changes, the error has `isOutcomeUnknown`.
    package func transact<T>(_ access: Access, isKept: Bool = true, _ body: () throws -> T) throws -> T {
        guard pending == nil, !isInTransaction else { fatalError("transactions do not nest") }
        pending = access
        defer {
            pending = nil
            isInTransaction = false
            if isWriting { seat?.leave() }
            isWriting = false
        }
        do {
            let result = try body()
            // A read-only transaction stores nothing, so that a rollback ends it as well as a COMMIT.
            if isInTransaction, access == .writing, isKept { try commit() } else { rollback() }
            return result
        } catch {
            // A timed-out lock wait leaves the transaction open with its earlier changes, so it is always rolled back.
            rollback()
            throw error
        }
    }

    /// Runs a statement before the transaction begins: one statement is a snapshot of its own.
    package func selectAlone(_ sql: SQL) throws(MariaDBError) -> Rows {
        guard !isInTransaction else { return try select(sql) }
        let access = pending
        pending = nil
        defer { pending = access }
        return try select(sql)
    }

    /// Begins the transaction whose first statement comes now.
    func begin(_ access: Access) throws(MariaDBError) {
        if access == .writing, let seat, !isWriting {
            try seat.enter()
            isWriting = true
        }
        pending = nil
        do throws(MariaDBError) {
            try admit(access.start)
            try unsafe send(access.start, connected())
        } catch {
            // The next statement must not run outside the transaction.
            pending = access
            throw error
        }
        isInTransaction = true
    }

    /// Repeats a read once on a new session if the old one was lost, but not inside a transaction.
    func fetching(_ body: () throws(MariaDBError) -> Rows) throws(MariaDBError) -> Rows {
        try timed(isFetch: true) { () throws(MariaDBError) in
            do throws(MariaDBError) {
                return try body()
            } catch {
                guard error.isWorthANewSession, !isInTransaction else { throw error }
                return try body()
            }
        }
    }

    /// Rolls the transaction back if there is one; a session that cannot do so is closed.
    private func rollback() {
        guard isInTransaction, let handle = unsafe handle else { return }
        do throws(MariaDBError) {
            try timed { () throws(MariaDBError) in try unsafe send("ROLLBACK", handle) }
        } catch {
            disconnect()
        }
    }

    /// Stores the transaction. The deadline does not stop a COMMIT, since the work is already done.
    private func commit() throws(MariaDBError) {
        // The session was lost before COMMIT was sent, so the server rolls back.
        guard let handle = unsafe handle else { throw Self.lostInTransaction }
        if isWriting { seat?.note(cshims_monotonic_milliseconds()) }
        do throws(MariaDBError) {
            try timed { () throws(MariaDBError) in try unsafe send("COMMIT", handle) }
        } catch {
            var error = error
            // After these errors MariaDB has rolled back. After any other it may have committed before its answer was
            // lost.
            error.isOutcomeUnknown = !(error.isConflict || error.isLockTimeout)
            throw error
        }
    }
}
