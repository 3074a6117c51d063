import CMariaDB
import CShims

extension Connection {
    /// Repeats a read once on a new session if the old one was lost, but not inside a transaction.
    func retryingRead(_ body: () throws(MariaDBError) -> Rows) throws(MariaDBError) -> Rows {
        do throws(MariaDBError) {
            return try body()
        } catch {
            guard error.isWorthANewSession, !isInTransaction else { throw error }
            return try body()
        }
    }

    /// Runs the body between START TRANSACTION and COMMIT; any error rolls back.
    ///
    /// A transaction that was certainly not stored is repeated within the deadline, so the body must itself read
    /// everything it relies on. If COMMIT fails and may have stored the changes, the error has `isOutcomeUnknown`.
    package func transaction<T>(_ body: () throws -> T) throws -> T {
        guard !isInTransaction else { fatalError("transactions do not nest") }
        return try repeating {
            try seat?.enter()
            isWriting = seat != nil
            defer {
                if isWriting { seat?.leave() }
                isWriting = false
            }
            return try once("START TRANSACTION", body) { () throws(MariaDBError) in try commit() }
        }
    }

    /// Runs reads that must see the same state of the data; inside a transaction they are a part of it.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        guard !isInTransaction else { return try body() }
        return try repeating {
            // A read-only transaction stores nothing, so a rollback ends it as well as a COMMIT.
            try once("START TRANSACTION READ ONLY", body) { () throws(MariaDBError) in rollback() }
        }
    }

    /// How often a transaction that was rolled back is repeated, by the kind of its failure.
    private struct Repetitions {
        private var conflicts = 3
        private var waits = 1
        private var losses = 1

        mutating func take(_ error: MariaDBError) -> Bool {
            func takeOne(_ left: inout Int) -> Bool {
                left -= 1
                return left >= 0
            }
            if error.isOutcomeUnknown { return false }
            if error.isConflict || error.isTableAltered { return takeOne(&conflicts) }
            if error.isLockTimeout { return takeOne(&waits) }
            return error.isWorthANewSession && takeOne(&losses)
        }
    }

    private func repeating<T>(_ body: () throws -> T) throws -> T {
        var repetitions = Repetitions()
        while true {
            do {
                return try body()
            } catch let error as MariaDBError where repetitions.take(error) {
                // A random pause keeps two conflicting transactions from colliding again; a lost session needs none.
                if !error.isWorthANewSession { cshims_sleep_milliseconds(UInt32.random(in: 5...100)) }
            }
        }
    }

    private func once<T>(
        _ start: String, _ body: () throws -> T, commit: () throws(MariaDBError) -> Void
    ) throws -> T {
        try admit(start)
        try unsafe send(start, connected())
        isInTransaction = true
        defer { isInTransaction = false }
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            // A timed-out lock wait leaves the transaction open with its earlier changes, so it is always rolled back.
            rollback()
            throw error
        }
    }

    /// Rolls the transaction back; a session that cannot do so is closed.
    private func rollback() {
        guard let handle = unsafe handle else { return }
        do { try unsafe send("ROLLBACK", handle) } catch { disconnect() }
    }

    /// Stores the transaction. The deadline does not stop a COMMIT, since the work is already done.
    private func commit() throws(MariaDBError) {
        // The session was lost before COMMIT was sent, so the server rolls back.
        guard let handle = unsafe handle else { throw Self.lostInTransaction }
        if isWriting { seat?.note(cshims_monotonic_milliseconds()) }
        do throws(MariaDBError) {
            try unsafe send("COMMIT", handle)
        } catch {
            var error = error
            // After these errors MariaDB has rolled back. After any other it may have committed before its answer was
            // lost.
            error.isOutcomeUnknown = !(error.isConflict || error.isLockTimeout)
            throw error
        }
    }
}
