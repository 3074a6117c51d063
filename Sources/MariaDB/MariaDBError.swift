import CMariaDB

/// An error that MariaDB or its client library reported.
package struct MariaDBError: Error, Sendable, Equatable {
    package let number: UInt32
    package let state: String
    package let message: String
    /// The statement, without its values.
    package var sql: String?
    /// Whether the transaction may be stored in spite of the error, because its COMMIT or its only statement failed.
    package var isOutcomeUnknown = false
    /// Whether the transaction relied on a look before it that another one has overtaken, so that it is repeated at once.
    var isOvertaken = false
    /// Whether a retry on a new session is worthwhile: the old one was lost, and not because MariaDB is silent.
    package internal(set) var isWorthANewSession = false

    package var isDuplicate: Bool { number == UInt32(ER_DUP_ENTRY) }

    /// A row refers to a row that does not exist (1452, 1216).
    package var isMissingReference: Bool {
        number == UInt32(ER_NO_REFERENCED_ROW_2) || number == UInt32(ER_NO_REFERENCED_ROW)
    }

    /// A NULL stands where none may be (1048), as when the statement itself looks up a key and finds no row.
    package var isNullRefused: Bool { number == UInt32(ER_BAD_NULL_ERROR) }

    /// A row cannot be deleted because other rows refer to it (1451, 1217).
    package var isReferenced: Bool {
        number == UInt32(ER_ROW_IS_REFERENCED_2) || number == UInt32(ER_ROW_IS_REFERENCED)
    }

    /// Two transactions conflicted, and this one was rolled back (1213, 1020).
    package var isConflict: Bool { number == UInt32(ER_LOCK_DEADLOCK) || number == UInt32(ER_CHECKREAD) }

    package var isLockTimeout: Bool { number == UInt32(ER_LOCK_WAIT_TIMEOUT) }

    /// A table's definition changed since the transaction, or the statement, began (1412, 1615).
    package var isTableAltered: Bool {
        number == UInt32(ER_TABLE_DEF_CHANGED) || number == UInt32(ER_NEED_REPREPARE)
    }

    /// The session is no longer usable: every error of the client library, and those with which the server ends a
    /// session (1927, 1053).
    package var isSessionLost: Bool {
        (2000...2999).contains(number) || number == UInt32(ER_CONNECTION_KILLED)
            || number == UInt32(ER_SERVER_SHUTDOWN)
    }

    /// Whether a statement that was a transaction by itself may be stored in spite of this error. MariaDB rolls back what
    /// it refuses, and with 2006 ("Server has gone away") the client library could not send the whole statement.
    var mayHaveStoredTheStatement: Bool {
        number == UInt32(ER_ERROR_DURING_COMMIT) || isSessionLost && number != UInt32(CR_SERVER_GONE_ERROR)
    }

    /// The unique key that a duplicate violates. Since the value in the message may contain quotes, it is read from the
    /// end.
    package var duplicateKey: String? {
        guard isDuplicate else { return nil }
        guard let end = message.lastIndex(of: "'"), let start = message[..<end].lastIndex(of: "'") else { return nil }
        return message[message.index(after: start)..<end].split(separator: ".").last.map { String($0) }
    }

    /// The FOREIGN KEY or CHECK that was violated, which the message names as CONSTRAINT `name`.
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
    /// A row that was read before the transaction has changed meanwhile (1020, "Record has changed since last read").
    package static var changedMeanwhile: MariaDBError {
        var error = MariaDBError(
            number: UInt32(ER_CHECKREAD), state: "HY000", message: "A row has moved since it was read.", sql: nil)
        error.isOvertaken = true
        return error
    }

    /// A write of a locked row that changed no row: MariaDB 10.11 answers a DELETE that KILL QUERY meets so, without an
    /// error.
    package static func interrupted(_ sql: String) -> MariaDBError {
        MariaDBError(
            number: UInt32(ER_QUERY_INTERRUPTED), state: "70100", message: "The row is locked, but was not changed.",
            sql: sql)
    }

    /// Whether this program did not send the statement, so that the error is not MariaDB's.
    package var isRefusal: Bool { number == 0 }

    /// A statement that was not sent; its number is 0, which MariaDB does not use.
    static func notBegun(_ reason: String, _ sql: String?) -> MariaDBError {
        MariaDBError(number: 0, state: "HY000", message: reason, sql: sql)
    }
}
