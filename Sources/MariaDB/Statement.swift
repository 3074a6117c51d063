import CMariaDB

/// A statement prepared on the server.
@safe
final class Statement {
    private let handle: UnsafeMutablePointer<MYSQL_STMT>
    private let text: String
    /// Whether a `Rows` still reads the stored result; the statement must not run again before that ends.
    var isBeingRead = false

    init(_ connection: UnsafeMutablePointer<MYSQL>, _ text: String) throws(MariaDBError) {
        guard let new = unsafe mysql_stmt_init(connection) else { fatalError("out of memory") }
        unsafe handle = new
        self.text = text
        var sql = text
        let failed = sql.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) {
                unsafe mysql_stmt_prepare(new, $0.baseAddress, UInt($0.count))
            }
        }
        if failed != 0 { throw error() }
    }

    deinit { unsafe mysql_stmt_close(handle) }

    private func error() -> MariaDBError {
        // After a failed fetch the statement's own error number may be 0; the connection's error is used then.
        var number = unsafe mysql_stmt_errno(handle)
        var message = unsafe String(cString: mysql_stmt_error(handle))
        var state = unsafe String(cString: mysql_stmt_sqlstate(handle))
        if number == 0, let connection = unsafe handle.pointee.mysql {
            number = unsafe mysql_errno(connection)
            message = unsafe String(cString: mysql_error(connection))
            state = unsafe String(cString: mysql_sqlstate(connection))
        }
        return MariaDBError(number: number, state: state, message: message, sql: text)
    }

    /// Binds the values and runs the statement.
    @discardableResult
    func execute(_ values: [SQL.Value]) throws(MariaDBError) -> Outcome {
        guard values.count == Int(unsafe mysql_stmt_param_count(handle)) else {
            fatalError("\(values.count) values for the parameters of \(text)")
        }
        let failed = bind(values) { unsafe mysql_stmt_execute(handle) }
        if failed != 0 { throw error() }
        return Outcome(affectedRows: unsafe mysql_stmt_affected_rows(handle))
    }

    /// Passes buffers with all values to the library during one execution, since MYSQL_BIND only keeps pointers.
    private func bind(_ values: [SQL.Value], _ execute: () -> Int32) -> Int32 {
        guard !values.isEmpty else { return execute() }
        var texts: [UInt8] = []
        texts.reserveCapacity(values.reduce(0) { if case .text(let text) = $1 { $0 + text.utf8.count } else { $0 } })
        for case .text(var text) in values { text.withUTF8 { unsafe texts.append(contentsOf: $0) } }
        return unsafe texts.withUnsafeMutableBytes { texts in
            unsafe withUnsafeTemporaryAllocation(of: Int64.self, capacity: values.count) { numbers in
                unsafe withUnsafeTemporaryAllocation(of: MYSQL_BIND.self, capacity: values.count) { binds in
                    var place = 0
                    for (index, value) in values.enumerated() {
                        var bind = unsafe MYSQL_BIND()
                        switch value {
                        case .null: unsafe bind.buffer_type = MYSQL_TYPE_NULL
                        case .integer(let number):
                            unsafe numbers[index] = number
                            unsafe bind.buffer_type = MYSQL_TYPE_LONGLONG
                            unsafe bind.buffer = UnsafeMutableRawPointer(numbers.baseAddress! + index)
                        case .text(let text):
                            let length = UInt(text.utf8.count)
                            unsafe bind.buffer_type = MYSQL_TYPE_STRING
                            unsafe bind.buffer = texts.baseAddress.map { unsafe $0 + place }
                            unsafe bind.buffer_length = length
                            // Without a length pointer the library uses length_value, which mysql_stmt_bind_param sets
                            // from buffer_length.
                            unsafe bind.length_value = length
                            place += Int(length)
                        }
                        unsafe binds.initializeElement(at: index, to: bind)
                    }
                    if unsafe mysql_stmt_bind_param(handle, binds.baseAddress) != 0 { return 1 }
                    return execute()
                }
            }
        }
    }

    /// Fetches the whole result to the client, so that further statements can run while it is read.
    func stored() throws(MariaDBError) -> Self {
        // After a failure here the statement can only be closed: libmariadb 3.3 would crash in a fetch, and wait for the
        // rest of the result when the statement is executed again.
        if unsafe mysql_stmt_store_result(handle) != 0 { throw error() }
        isBeingRead = true
        return self
    }

    func release() {
        unsafe mysql_stmt_free_result(handle)
        isBeingRead = false
    }

    var columnCount: Int { Int(unsafe mysql_stmt_field_count(handle)) }

    var rowCount: Int { Int(unsafe mysql_stmt_num_rows(handle)) }

    func rewind() { unsafe mysql_stmt_data_seek(handle, 0) }

    func fetch() -> Bool { unsafe mysql_stmt_fetch(handle) == 0 }

    /// The type of a column and the address of its value in the current row; nil is NULL.
    ///
    /// Without mysql_stmt_bind_result the library leaves, for each column of the fetched row, a pointer into the stored
    /// result (`bind[i].u.row_ptr`), which saves a copy of every cell. The field is an internal of Connector/C 3.3, and
    /// the tests check that it stays so.
    func cell(_ column: Int) -> (type: enum_field_types, isUnsigned: Bool, start: UnsafePointer<UInt8>?) {
        let field = unsafe handle.pointee.fields[column]
        let start = unsafe handle.pointee.bind[column].u.row_ptr
        return unsafe (field.type, field.flags & UInt32(UNSIGNED_FLAG) != 0, UnsafePointer(start))
    }
}
