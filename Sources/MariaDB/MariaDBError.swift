import CMariaDB

/// What MariaDB or its client library said went wrong.
package struct MariaDBError: Error, Sendable, Equatable {
    package let number: UInt32
    package let state: String
    package let message: String
    /// The statement, without its values.
    package var sql: String?
    /// Whether the writes of the transaction may be stored all the same.
    package var isOutcomeUnknown = false

    package var isDuplicate: Bool { number == UInt32(ER_DUP_ENTRY) }

    /// A row refers to one that is not there (1452, 1216).
    package var isMissingReference: Bool {
        number == UInt32(ER_NO_REFERENCED_ROW_2) || number == UInt32(ER_NO_REFERENCED_ROW)
    }

    /// A row that others refer to was to be deleted (1451, 1217).
    package var isReferenced: Bool {
        number == UInt32(ER_ROW_IS_REFERENCED_2) || number == UInt32(ER_ROW_IS_REFERENCED)
    }

    package var isDeadlock: Bool { number == UInt32(ER_LOCK_DEADLOCK) }

    package var isLockTimeout: Bool { number == UInt32(ER_LOCK_WAIT_TIMEOUT) }

    /// A table has another definition than at the start of the transaction, or of the statement (1412, 1615).
    package var isTableAltered: Bool {
        number == UInt32(ER_TABLE_DEF_CHANGED) || number == UInt32(ER_NEED_REPREPARE)
    }

    /// Any error of the client library: the connection cannot be trusted any more.
    package var isConnectionLost: Bool { (2000...2999).contains(number) }

    /// Whether MariaDB is away or overloaded, and the same request may succeed later.
    package var isUnavailable: Bool {
        // Shutdown, too many connections, a Galera node that is not ready, a killed connection, a statement that took
        // too long, which is how a wait for a row ends: max_statement_time is shorter than the lock wait's limit.
        isConnectionLost || isDeadlock || isLockTimeout || isTableAltered || Self.busy.contains(number)
    }

    private static let busy = [
        ER_SERVER_SHUTDOWN, ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_UNKNOWN_COM_ERROR,
        ER_CONNECTION_KILLED, ER_STATEMENT_TIMEOUT, ER_MAX_PREPARED_STMT_COUNT_REACHED,
    ].map { UInt32($0) }

    /// The unique key that a duplicate hit. The value in the message may hold quotes, so it is read from the end.
    package var duplicateKey: String? {
        guard isDuplicate else { return nil }
        guard let end = message.lastIndex(of: "'"), let start = message[..<end].lastIndex(of: "'") else { return nil }
        return message[message.index(after: start)..<end].split(separator: ".").last.map { String($0) }
    }

    /// The FOREIGN KEY or CHECK that was broken, which the message has as CONSTRAINT `name`.
    package var violatedConstraint: String? {
        guard isMissingReference || isReferenced || number == UInt32(ER_CONSTRAINT_FAILED) else { return nil }
        let parts = message.split(separator: "`", omittingEmptySubsequences: false)
        guard let lead = parts.firstIndex(where: { $0.hasSuffix("CONSTRAINT ") }), lead + 1 < parts.count else {
            return nil
        }
        return String(parts[lead + 1])
    }
}
