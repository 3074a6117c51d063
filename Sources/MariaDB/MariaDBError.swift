import CMariaDB

/// What MariaDB or its client library said went wrong.
package struct MariaDBError: Error, Sendable, Equatable {
    package let number: UInt32
    package let state: String
    package let message: String
    /// The statement, without its values.
    package var sql: String?

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

    /// Any error of the client library: the connection cannot be trusted any more.
    package var isConnectionLost: Bool { (2000...2999).contains(number) }

    /// Whether MariaDB is away or overloaded, and the same request may succeed later.
    package var isUnavailable: Bool {
        // Shutdown, too many connections, a Galera node that is not ready, a killed connection, a statement that took
        // too long, which is how a wait for a row ends: max_statement_time is shorter than the lock wait's limit.
        isConnectionLost || isDeadlock || isLockTimeout || [1040, 1047, 1053, 1203, 1927, 1969].contains(number)
    }

    /// The unique key that a duplicate hit. The value in the message may hold quotes, so it is read from the end.
    package var duplicateKey: String? {
        guard isDuplicate else { return nil }
        return lastQuoted("'").map { String($0.split(separator: ".").last ?? $0[...]) }
    }

    /// The FOREIGN KEY or CHECK that was broken.
    package var violatedConstraint: String? {
        if number == 4025 {
            // CONSTRAINT `name` failed for `database`.`table`
            return quoted(after: "CONSTRAINT `")
        }
        return isMissingReference || isReferenced ? quoted(after: "CONSTRAINT `") : nil
    }

    private func lastQuoted(_ quote: Character) -> String? {
        guard let end = message.lastIndex(of: quote),
            let start = message[..<end].lastIndex(of: quote)
        else { return nil }
        return String(message[message.index(after: start)..<end])
    }

    private func quoted(after lead: String) -> String? {
        let parts = message.split(separator: "`", omittingEmptySubsequences: false)
        guard
            let index = parts.firstIndex(where: { lead.hasSuffix("\($0.suffix(11))`") && $0.hasSuffix("CONSTRAINT ") }),
            index + 1 < parts.count
        else { return nil }
        return String(parts[index + 1])
    }
}
