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
    /// A deadlock or a lock wait that took too long repeats the whole body, at most three times; the body must
    /// therefore read everything it relies on itself.
    package func transaction<T>(_ body: () throws -> T) throws -> T {
        var attempt = 1
        while true {
            do {
                return try once("START TRANSACTION", body)
            } catch let error as MariaDBError
                where (error.isDeadlock || error.isLockTimeout) && attempt < Self.mostAttempts
            {
                attempt += 1
                cshims_sleep_milliseconds(UInt32.random(in: 5...(25 * UInt32(attempt))))
            }
        }
    }

    private static let mostAttempts = 4

    /// Runs reads that must agree with one another.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        do {
            return try once("START TRANSACTION READ ONLY", body)
        } catch let error as MariaDBError where error.isConnectionLost {
            // Nothing was written: once more on a new connection.
            return try once("START TRANSACTION READ ONLY", body)
        }
    }

    private func once<T>(_ start: String, _ body: () throws -> T) throws -> T {
        precondition(!isInTransaction, "transactions do not nest")
        try begin(start)
        isInTransaction = true
        do {
            let result = try body()
            try unsafe send("COMMIT", connected())
            isInTransaction = false
            return result
        } catch {
            // A lock wait that timed out leaves the transaction open, with its earlier changes: always roll back.
            if isInTransaction, let handle = unsafe handle { try? unsafe send("ROLLBACK", handle) }
            isInTransaction = false
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
