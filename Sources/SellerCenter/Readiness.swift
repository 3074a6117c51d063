import CShims
import MariaDB

/// Whether requests can be answered: MariaDB is reachable, and its schema is not older than the program.
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

    /// The state of MariaDB and its schema.
    enum State {
        case ready(schema: Int64)
        case oldSchema(Int64)
        /// MariaDB is reachable, but refuses the account or has no schema at all.
        case refused
        case down
    }

    init(_ settings: ConnectionSettings) { database = Connection(settings) }

    /// The number of the last migration that a database has; 0 when it has none.
    static func schema(of database: Connection) throws(MariaDBError) -> Int64 {
        let rows = try database.query("SELECT COALESCE(MAX(number), 0) FROM schema_migrations")
        guard rows.next(), let number = rows.integer(0) else { fatalError("a maximum is a row") }
        return number
    }

    /// Looks at MariaDB for no longer than one of its time-outs, since /health/live waits behind this on the same
    /// thread.
    func look() -> State {
        let start = cshims_monotonic_milliseconds()
        guard start >= silentUntil else { return .down }
        do throws(MariaDBError) {
            let number = try Self.schema(of: database)
            return number >= Version.schema ? .ready(schema: number) : .oldSchema(number)
        } catch {
            let now = cshims_monotonic_milliseconds()
            if now - start > 400 { silentUntil = now + Self.rest }
            return error.meaning == .refused ? .refused : .down
        }
    }

    /// How long a MariaDB that did not answer is not asked again.
    private static let rest: Int64 = 300
}
