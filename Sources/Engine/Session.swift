import CShims
package import Contract
package import MariaDB

/// One thread's means for running operations: a connection with its prepared statements, and the caches that it shares
/// with the other threads of the process.
package final class Session {
    package let database: Connection
    private let reading: Reading
    private let writing: Writing

    /// A session that opens its connection with the first statement.
    package init(_ database: Connection, _ views: Views, _ shared: Shared) {
        self.database = database
        reading = Reading(database, views, shared)
        writing = Writing(database, views, shared)
        // A new session may be with another server, or with the same one after a restore of older data.
        database.whenConnected = { shared.forget() }
    }

    /// What the threads of a process share: caches of rows and tables, and the places for long lists.
    package struct Shared: Sendable {
        let cache: RowCache
        let counts = RowCounts()
        let starts = PageStarts()
        let longLists: LongLists

        package init(cacheBytes: Int, threads: Int) {
            cache = RowCache(bytes: cacheBytes)
            longLists = LongLists(threads: threads)
        }

        /// Forgets everything that was read from the server.
        func forget() {
            cache.removeAll()
            counts.removeAll()
            starts.removeAll()
        }
    }
}

// MARK: Running

extension Session {
    /// Runs the body on one state of the data: in a snapshot if it only reads, or else in a transaction, which is stored
    /// at its end unless it is a dry run. Either begins with the first statement, so that a body without any costs none.
    ///
    /// What was certainly not stored is repeated until the deadline (milliseconds of the monotonic clock), so the body
    /// must itself read everything that it relies on.
    package func run<T>(
        _ effect: Effect, until deadline: Int64? = nil, isDryRun: Bool = false, _ body: (Reading) throws -> T
    ) throws -> T {
        let work = effect == .reading ? reading : writing
        var repetitions = Repetitions()
        while true {
            // Work may lift the deadline.
            database.deadline = deadline
            do {
                return try database.transact(isWriting: effect == .writing, isKept: !isDryRun) { try body(work) }
            } catch let error as MariaDBError where repetitions.take(error) {
                // A random pause keeps two conflicting transactions from colliding again; others need none.
                if error.isWorthAPause { cshims_sleep_milliseconds(UInt32.random(in: 5...100)) }
            }
        }
    }
}
