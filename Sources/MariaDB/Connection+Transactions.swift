import CMariaDB
import CShims

extension Connection {
    /// How far a transaction has come.
    enum Transaction {
        case none
        /// It begins with the next statement.
        case pending(isWriting: Bool, isKept: Bool)
        case begun
        /// The statement that runs is all of it, and then it is over.
        case alone, over
    }

    var isInTransaction: Bool { if case .begun = transaction { true } else { false } }

    /// Runs the body as one transaction, which begins with the body's first statement; any error rolls it back, and so
    /// does its end if it only reads or is not to be kept.
    ///
    /// The caller decides whether a transaction that failed is repeated. If COMMIT fails and may have stored the
    /// changes, the error has `isOutcomeUnknown`.
    package func transact<T>(isWriting: Bool, isKept: Bool = true, _ body: () throws -> T) throws -> T {
        guard case .none = transaction else { fatalError("transactions do not nest") }
        transaction = .pending(isWriting: isWriting, isKept: isKept)
        defer {
            transaction = .none
            if isAdmitted { seat?.leave() }
            isAdmitted = false
        }
        do {
            let result = try body()
            // A read-only transaction stores nothing, so that a rollback ends it as well as a COMMIT.
            if isInTransaction, isWriting, isKept { try commit() } else { rollback() }
            return result
        } catch {
            // A timed-out lock wait leaves the transaction open with its earlier changes, so it is always rolled back.
            rollback()
            throw error
        }
    }

    /// Runs a statement before the transaction begins: one statement is a snapshot of its own.
    package func selectAlone(_ sql: SQL) throws(MariaDBError) -> Rows {
        guard case .pending = transaction else { return try select(sql) }
        let pending = transaction
        transaction = .none
        defer { transaction = pending }
        return try select(sql)
    }

    /// Whether a statement that writes may be the whole transaction: none was written or locked before it, and it will be
    /// kept.
    package var isWriteAlonePossible: Bool {
        if case .pending(isWriting: true, isKept: true) = transaction { true } else { false }
    }

    /// Runs one statement that writes as the whole transaction, which takes one round trip instead of three; nothing may
    /// follow it. If it fails or has changed nothing, the transaction is as it was before.
    ///
    /// If it fails and may have stored its changes, the error has `isOutcomeUnknown`.
    package func writeAlone<T>(
        hasChanged: (T) -> Bool = { _ in true }, _ statement: () throws(MariaDBError) -> T
    ) throws(MariaDBError) -> T {
        guard isWriteAlonePossible else { fatalError("more than one statement is a transaction") }
        try enterGate()
        let pending = transaction
        transaction = .alone
        do throws(MariaDBError) {
            let result = try statement()
            transaction = hasChanged(result) ? .over : pending
            return result
        } catch {
            transaction = pending
            throw error
        }
    }

    private func enterGate() throws(MariaDBError) {
        guard let seat, !isAdmitted else { return }
        try seat.enter()
        isAdmitted = true
    }

    /// Begins the transaction whose first statement comes now. If that fails, the next statement tries it again, since
    /// none may run outside the transaction.
    func begin(isWriting: Bool) throws(MariaDBError) {
        if isWriting { try enterGate() }
        let start = isWriting ? "START TRANSACTION" : "START TRANSACTION READ ONLY"
        try checkDeadline(start)
        try unsafe send(start, connected())
        transaction = .begun
    }

    /// Repeats a statement once on a new session if the old one was lost, but not inside a transaction, nor if it wrote
    /// and may be stored: with 2006 it was never sent.
    func fetching(_ body: () throws(MariaDBError) -> Rows) throws(MariaDBError) -> Rows {
        try timed { () throws(MariaDBError) in
            do throws(MariaDBError) {
                return try body()
            } catch {
                guard error.isWorthANewSession, !error.isOutcomeUnknown, !isInTransaction else { throw error }
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
        if isAdmitted { seat?.note(cshims_monotonic_milliseconds()) }
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
