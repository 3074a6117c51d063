/// Decides when a worker that has ended may be replaced.
struct Restarts {
    /// The earliest time of the next start, in milliseconds of the monotonic clock.
    private(set) var notBefore: Int64 = 0
    private var pause = Restarts.shortestPause
    private var deaths: [Int64] = []

    private static let shortestPause: Int64 = 100
    private static let longestPause: Int64 = 10_000
    /// A worker that had been ready is replaced at once, unless more than this many have ended within `deathsWithin`.
    private static let mostDeaths = 10
    private static let deathsWithin: Int64 = 10_000

    /// Notes that a worker ended which had been ready; the last one is always replaced at once.
    mutating func died(at now: Int64, isLast: Bool) {
        deaths = deaths.filter { $0 > now - Self.deathsWithin } + [now]
        notBefore = deaths.count > Self.mostDeaths && !isLast ? deaths[0] + Self.deathsWithin : now
    }

    /// Notes that a worker did not become ready; the pause before the next start doubles each time.
    mutating func failed(at now: Int64) {
        notBefore = now + pause
        pause = min(pause * 2, Self.longestPause)
    }

    /// Notes that a worker has become ready.
    mutating func succeeded() { pause = Self.shortestPause }
}
