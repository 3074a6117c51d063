import CShims

/// How long the statements of a connection have taken since the last reset.
package final class StatementTimes {
    /// The time of all statements together, with the transfer of their results, in nanoseconds.
    package private(set) var total: Int64 = 0
    /// When the last statement ended, in nanoseconds of the monotonic clock.
    package private(set) var lastEnd: Int64 = 0

    /// Times of a connection that has run nothing yet.
    package init() {}

    /// Forgets what was measured.
    package func reset() {
        total = 0
        lastEnd = 0
    }

    fileprivate func add(since start: Int64) {
        lastEnd = cshims_monotonic_nanoseconds()
        total += lastEnd - start
    }
}

extension Connection {
    /// Runs a statement, and adds its time if times are measured.
    func timed<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        guard let times else { return try body() }
        let start = cshims_monotonic_nanoseconds()
        defer { times.add(since: start) }
        return try body()
    }
}
