import CMariaDB
import CShims

extension Connection {
    /// Outside a transaction a read is repeated once on a new connection when the old one turns out to be lost.
    func retryingRead(_ body: () throws(MariaDBError) -> Rows) throws(MariaDBError) -> Rows {
        do throws(MariaDBError) {
            return try body()
        } catch {
            guard error.isConnectionLost, !isInTransaction else { throw error }
            return try body()
        }
    }

    /// Runs the body between START TRANSACTION and COMMIT; any error rolls back.
    ///
    /// A deadlock, a lock wait that took too long or a table that was altered repeats the whole body, at most three
    /// times; the body must therefore read everything it relies on itself.
    package func transaction<T>(_ body: () throws -> T) throws -> T {
        try repeating(when: { $0.isDeadlock || $0.isLockTimeout || $0.isTableAltered }) {
            try once(body)
        }
    }

    /// Runs reads that must agree with one another; a table that was altered or a lost connection repeats them.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        try repeating(when: { $0.isTableAltered || $0.isConnectionLost }) {
            try once(isReadOnly: true, body)
        }
    }

    private func repeating<T>(when isPassing: (MariaDBError) -> Bool, _ body: () throws -> T) throws -> T {
        for attempt in 1..<Self.mostAttempts {
            do {
                return try body()
            } catch let error as MariaDBError where isPassing(error) {
                cshims_sleep_milliseconds(UInt32.random(in: 5...(50 * UInt32(attempt))))
            }
        }
        return try body()
    }

    private static let mostAttempts = 4

    private func once<T>(isReadOnly: Bool = false, _ body: () throws -> T) throws -> T {
        precondition(!isInTransaction, "transactions do not nest")
        try begin(isReadOnly ? "START TRANSACTION READ ONLY" : "START TRANSACTION")
        isInTransaction = true
        do {
            let result = try body()
            try commit(isReadOnly: isReadOnly)
            isInTransaction = false
            return result
        } catch {
            // A lock wait that timed out leaves the transaction open, with its earlier changes: always roll back.
            if isInTransaction, let handle = unsafe handle { try? unsafe send("ROLLBACK", handle) }
            isInTransaction = false
            throw error
        }
    }

    private func commit(isReadOnly: Bool) throws(MariaDBError) {
        do throws(MariaDBError) {
            try unsafe send("COMMIT", connected())
        } catch {
            var error = error
            // MariaDB may have committed before its answer was lost.
            error.isOutcomeUnknown = error.isConnectionLost && !isReadOnly
            throw error
        }
    }

    private func begin(_ start: String) throws(MariaDBError) {
        do throws(MariaDBError) {
            try unsafe send(start, connected())
        } catch {
            guard error.isConnectionLost else { throw error }
            try unsafe send(start, connected())
        }
    }
}
