import MariaDB

extension Migrations {
    /// Why no file, or no further file, was applied, in one line that says what to do if that is known.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}

extension Migrations.Failure {
    /// An error of MariaDB, with the file's name if it happened in a file.
    init(_ error: MariaDBError, in file: String? = nil, _ settings: ConnectionSettings) {
        let place = file.map { "\($0) failed: " } ?? ""
        // A message that quotes a statement has several lines.
        var text = error.message.split(whereSeparator: \.isNewline).joined(separator: " ")
        if let advice = Self.advice(error, settings) { text += (text.hasSuffix(".") ? " " : ". ") + advice }
        description = "\(place)\(error.number) \(text)"
    }

    /// Advice to the administrator how to allow changes of triggers while the binary log is on.
    static let triggerAdvice =
        "Run SET GLOBAL log_bin_trust_function_creators = 1 as an administrator and put "
        + "log_bin_trust_function_creators = 1 into the server's configuration, or run migrate as a user with SUPER."

    private static func advice(_ error: MariaDBError, _ settings: ConnectionSettings) -> String? {
        switch error.number {
        case 1419: return triggerAdvice
        case 1045, 1698:
            return """
                MariaDB does not let \(settings.user) in: SELLER_CENTER_DATABASE_USER and \
                SELLER_CENTER_DATABASE_PASSWORD_FILE must be right.
                """
        case 1049: return "Run CREATE DATABASE `\(settings.database)`, or set SELLER_CENTER_DATABASE_NAME."
        case 1044, 1142, 1143, 1370:
            return "Run GRANT ALL ON `\(settings.database)`.* TO this user: migrate needs every right to the database."
        // 1290 is also the error of other options of the server.
        case 1290 where error.message.contains("read-only"), 1836:
            return "Nothing can be changed on this server: run migrate on the one that takes writes."
        case 2002: return "MariaDB must run, and SELLER_CENTER_DATABASE_SOCKET be its socket."
        default: return nil
        }
    }
}
