import CMariaDB

extension MariaDBError {
    /// What a failure means for the client's request.
    package enum Meaning: String, Sendable, CaseIterable {
        /// Nothing was stored, and the same request may succeed later.
        case passing
        /// Nothing was stored, but an administrator has to act first: MariaDB refuses the account, or the schema is
        /// older than the program.
        case refused
        /// COMMIT, or the only statement of a transaction, failed, and it is not known whether the change is stored.
        case unknown
        /// An error of this program.
        case ours
    }

    /// What this failure means for the client's request.
    package var meaning: Meaning {
        if isOutcomeUnknown { return .unknown }
        // Any error of the client library: the server is not reachable, or the session was lost.
        if (2000...2999).contains(number) { return .passing }
        return Self.meanings[number] ?? .ours
    }

    /// MariaDB's error numbers that do not come from an error of this program; all other numbers do.
    package static let meanings: [UInt32: Meaning] = {
        var meanings: [UInt32: Meaning] = [0: .passing]
        for number in passing { meanings[UInt32(number)] = .passing }
        for number in refused { meanings[UInt32(number)] = .refused }
        return meanings
    }()

    private static let passing = [
        // No session or no statement is free on the server.
        ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED, ER_MAX_PREPARED_STMT_COUNT_REACHED,
        ER_CANT_CREATE_THREAD, ER_OUT_OF_RESOURCES, ER_OUTOFMEMORY, ER_OUT_OF_SORTMEMORY, ER_HANDSHAKE_ERROR,
        // The server or a Galera node is not ready, or has ended the statement.
        ER_UNKNOWN_COM_ERROR, ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED, ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT,
        ER_ABORTING_CONNECTION, ER_NEW_ABORTING_CONNECTION, ER_NET_READ_ERROR, ER_NET_READ_INTERRUPTED,
        ER_NET_ERROR_ON_WRITE, ER_NET_WRITE_INTERRUPTED,
        // Another transaction was in the way.
        ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_CHECKREAD, ER_LOCK_TABLE_FULL, ER_TOO_MANY_CONCURRENT_TRXS,
        ER_TABLE_DEF_CHANGED, ER_NEED_REPREPARE, ER_ERROR_DURING_COMMIT, ER_ERROR_DURING_ROLLBACK,
        // The server accepts no writes at present.
        ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE, ER_INNODB_READ_ONLY,
        // A disk is full. 3 and 20 are EE_WRITE and EE_DISK_FULL of the server's file layer; ER_GET_ERRNO contains the
        // engine's own number, which is 28 for a full disk.
        ER_DISK_FULL, ER_RECORD_FILE_FULL, ER_ERROR_ON_WRITE, ER_TEMP_FILE_WRITE_FAILURE, ER_GET_ERRNO,
        ER_FILSORT_ABORT, 3, 20,
    ]

    private static let refused = [
        ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_DBACCESS_DENIED_ERROR,
        ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_PROCACCESS_DENIED_ERROR,
        ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_HOST_IS_BLOCKED, ER_HOST_NOT_PRIVILEGED, ER_MUST_CHANGE_PASSWORD,
        ER_MUST_CHANGE_PASSWORD_LOGIN, ER_ACCOUNT_HAS_BEEN_LOCKED, ER_NOT_SUPPORTED_AUTH_MODE,
        ER_BAD_DB_ERROR, ER_NO_SUCH_TABLE, ER_BAD_FIELD_ERROR,
    ]
}
