import CMariaDB

/// What MariaDB or its client library said went wrong.
package struct MariaDBError: Error, Sendable, Equatable {
    package let number: UInt32
    package let state: String
    package let message: String
    /// The statement, without its values.
    package var sql: String?
    /// Whether the writes of the transaction may be stored all the same: it failed in COMMIT.
    package var isOutcomeUnknown = false
    /// Whether a new session may do at once what this one could not: it was lost, and not because MariaDB is silent.
    var isWorthANewSession = false

    package var isDuplicate: Bool { number == UInt32(ER_DUP_ENTRY) }

    /// A row refers to one that is not there (1452, 1216).
    package var isMissingReference: Bool {
        number == UInt32(ER_NO_REFERENCED_ROW_2) || number == UInt32(ER_NO_REFERENCED_ROW)
    }

    /// A row that others refer to was to be deleted (1451, 1217).
    package var isReferenced: Bool {
        number == UInt32(ER_ROW_IS_REFERENCED_2) || number == UInt32(ER_ROW_IS_REFERENCED)
    }

    /// Two transactions were in each other's way, and this one was rolled back (1213, 1020).
    package var isConflict: Bool { number == UInt32(ER_LOCK_DEADLOCK) || number == UInt32(ER_CHECKREAD) }

    package var isLockTimeout: Bool { number == UInt32(ER_LOCK_WAIT_TIMEOUT) }

    /// A table has another definition than at the start of the transaction, or of the statement (1412, 1615).
    package var isTableAltered: Bool {
        number == UInt32(ER_TABLE_DEF_CHANGED) || number == UInt32(ER_NEED_REPREPARE)
    }

    /// The session cannot be used any more: any error of the client library, and those with which the server ends one
    /// (1927, 1053).
    package var isSessionLost: Bool {
        (2000...2999).contains(number) || number == UInt32(ER_CONNECTION_KILLED)
            || number == UInt32(ER_SERVER_SHUTDOWN)
    }

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

extension MariaDBError {
    /// Whether it is no failure of MariaDB's but a statement that was not sent, for a reason of our own.
    package var isRefusal: Bool { number == 0 }

    /// A statement that was not sent; its number is 0, which MariaDB never says.
    static func notBegun(_ reason: String, _ sql: String?) -> MariaDBError {
        MariaDBError(number: 0, state: "HY000", message: reason, sql: sql)
    }
}
