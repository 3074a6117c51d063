import CShims

/// How long the statements of a connection have taken since the last reset.
package final class StatementTimes {
    /// The time of all statements together, with the transfer of their results, in nanoseconds.
    package private(set) var total: Int64 = 0
    /// When the last result was fetched, in nanoseconds of the monotonic clock.
    package private(set) var lastFetch: Int64 = 0

    package init() {}

    package func reset() {
        total = 0
        lastFetch = cshims_monotonic_nanoseconds()
    }

    fileprivate func add(since start: Int64, isFetch: Bool) {
        let now = cshims_monotonic_nanoseconds()
        total += now - start
        if isFetch { lastFetch = now }
    }
}

extension Connection {
    /// Runs a statement, and adds its time if times are measured.
    func timed<T, E: Error>(isFetch: Bool = false, _ body: () throws(E) -> T) throws(E) -> T {
        guard let times else { return try body() }
        let start = cshims_monotonic_nanoseconds()
        defer { times.add(since: start, isFetch: isFetch) }
        return try body()
    }
}
