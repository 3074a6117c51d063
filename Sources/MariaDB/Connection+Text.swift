import CMariaDB

/// Statements by the text protocol.
extension Connection {
    func send(_ text: String, _ handle: UnsafeMutablePointer<MYSQL>) throws(MariaDBError) {
        var text = text
        let failed = text.withUTF8 { bytes in
            // The library takes bytes as signed characters, and copies them before it returns.
            unsafe bytes.withMemoryRebound(to: CChar.self) {
                unsafe mysql_real_query(handle, $0.baseAddress, UInt($0.count))
            }
        }
        if failed != 0 { throw unsafe noting(Self.error(handle, text)) }
    }

    /// Runs a statement by the text protocol, with values escaped by the library, and fetches all of its result.
    ///
    /// It is for counts and scans of pages, where a prepared statement loses its index scan (MariaDB 10.11).
    package func query(_ sql: SQL) throws(MariaDBError) -> Rows {
        try fetching { () throws(MariaDBError) in
            try admit(sql.text)
            let handle = try unsafe connected()
            do throws(MariaDBError) {
                try unsafe send(escaped(sql, handle), handle)
            } catch {
                // The log gets the statement without its values.
                var error = error
                error.sql = sql.text
                throw error
            }
            guard let result = unsafe mysql_store_result(handle) else {
                throw unsafe noting(Self.error(handle, sql.text))
            }
            return unsafe Rows(result)
        }
    }

    private func escaped(_ sql: SQL, _ handle: UnsafeMutablePointer<MYSQL>) -> String {
        guard !sql.values.isEmpty else { return sql.text }
        var text = sql.text
        var values = sql.values.makeIterator()
        return text.withUTF8 { source in
            // By bytes: the functions of String take ten times as long.
            var bytes: [UInt8] = []
            bytes.reserveCapacity(source.count + 20 * sql.values.count)
            var start = 0
            for index in source.indices where unsafe source[index] == UInt8(ascii: "?") {
                unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<index]))
                start = index + 1
                switch values.next() {
                case nil: break
                case .null?: bytes += "NULL".utf8
                case .integer(let number)?: bytes += String(number).utf8
                case .text(let value)?: bytes += "'\(unsafe escaped(value, handle))'".utf8
                }
            }
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[start...]))
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func escaped(_ text: String, _ handle: UnsafeMutablePointer<MYSQL>) -> String {
        var text = text
        return text.withUTF8 { bytes in
            // "You must allocate the to buffer to be at least length*2+1 bytes long" (mysql_real_escape_string).
            unsafe String(unsafeUninitializedCapacity: bytes.count * 2 + 1) { target in
                unsafe bytes.withMemoryRebound(to: CChar.self) { source in
                    unsafe target.withMemoryRebound(to: CChar.self) { target in
                        Int(
                            unsafe mysql_real_escape_string(
                                handle, target.baseAddress, source.baseAddress, UInt(source.count)))
                    }
                }
            }
        }
    }

    /// Runs a file of several statements; for migrations only.
    package func script(_ text: String) throws(MariaDBError) {
        let handle = try unsafe connected()
        unsafe mysql_set_server_option(handle, MYSQL_OPTION_MULTI_STATEMENTS_ON)
        defer {
            if unsafe self.handle != nil { unsafe mysql_set_server_option(handle, MYSQL_OPTION_MULTI_STATEMENTS_OFF) }
        }
        try unsafe send(text, handle)
        while true {
            if let result = unsafe mysql_store_result(handle) { unsafe mysql_free_result(result) }
            let next = unsafe mysql_next_result(handle)
            if next < 0 { return }
            if next > 0 { throw unsafe noting(Self.error(handle, nil)) }
        }
    }
}
