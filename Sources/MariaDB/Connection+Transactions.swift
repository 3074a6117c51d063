import CMariaDB
import CShims

extension Connection {
    /// Outside a transaction a read is repeated once on a new session when the old one turns out to be lost.
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
    /// What certainly was not stored is done again, within the deadline: the body must therefore read everything it
    /// relies on itself. A failure of COMMIT that may have stored it is thrown with `isOutcomeUnknown`.
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

    /// Runs reads that must agree with one another; inside a transaction they are a part of it.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        guard !isInTransaction else { return try body() }
        return try repeating {
            // What was read has been read: nothing depends on how it ends.
            try once("START TRANSACTION READ ONLY", body) { () throws(MariaDBError) in rollback() }
        }
    }

    /// How often what was rolled back is done again, by what ended it.
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
                // Two that were in each other's way do not meet again at once; a new session has nobody to avoid.
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
            // A lock wait that timed out leaves the transaction open, with its earlier changes: always roll back.
            rollback()
            throw error
        }
    }

    /// Ends the transaction without its changes; a session that cannot is not used again.
    private func rollback() {
        guard let handle = unsafe handle else { return }
        do { try unsafe send("ROLLBACK", handle) } catch { disconnect() }
    }

    /// Stores the transaction. It is never held back by the deadline: what is done is worth storing.
    private func commit() throws(MariaDBError) {
        // The session was lost before: nothing is sent, and the server rolls back.
        guard let handle = unsafe handle else { throw Self.lostInTransaction }
        if isWriting { seat?.note(cshims_monotonic_milliseconds()) }
        do throws(MariaDBError) {
            try unsafe send("COMMIT", handle)
        } catch {
            var error = error
            // With these MariaDB has rolled back. After all others it may have committed before its answer was lost.
            error.isOutcomeUnknown = !(error.isConflict || error.isLockTimeout)
            throw error
        }
    }
}
