import CShims
import MariaDB

/// Whether requests can be answered: MariaDB is there, and its schema is not older than the program.
final class Readiness {
    private let database: Connection
    private var silentUntil: Int64 = 0

    /// The database lacks migrations that this program needs.
    struct OldSchema: Error, CustomStringConvertible {
        let number: Int64

        var description: String {
            "The schema is at migration \(number), this program needs \(Version.schema); run `seller-center migrate`."
        }
    }

    /// What a look at MariaDB found.
    enum State {
        case ready(schema: Int64)
        case oldSchema(Int64)
        case down
    }

    init(_ settings: ConnectionSettings) { database = Connection(settings) }

    /// The number of the last migration that a database has; 0 when it has none.
    static func schema(of database: Connection) throws(MariaDBError) -> Int64 {
        let rows = try database.query("SELECT COALESCE(MAX(number), 0) FROM schema_migrations")
        guard rows.next(), let number = rows.integer(0) else { fatalError("a maximum is a row") }
        return number
    }

    func look() -> State {
        let start = cshims_monotonic_milliseconds()
        // One that said nothing for a second would hold up who asks whether we live.
        guard start >= silentUntil else { return .down }
        do throws(MariaDBError) {
            try database.ping()
            let number = try Self.schema(of: database)
            return number >= Version.schema ? .ready(schema: number) : .oldSchema(number)
        } catch {
            let now = cshims_monotonic_milliseconds()
            if now - start > 500 { silentUntil = now + 250 }
            return .down
        }
    }
}
