/// When the next worker may be started in the place of one that ended.
struct Restarts {
    /// In milliseconds of the monotonic clock.
    private(set) var notBefore: Int64 = 0
    private var pause = Restarts.shortestPause
    private var deaths: [Int64] = []

    private static let shortestPause: Int64 = 100
    private static let longestPause: Int64 = 10_000
    /// Workers that had been ready are replaced at once, but not more often than this while others are there.
    private static let mostDeaths = 10
    private static let deathsWithin: Int64 = 10_000

    /// One ended that had been ready, and perhaps as the last.
    mutating func died(at now: Int64, isLast: Bool) {
        deaths = deaths.filter { $0 > now - Self.deathsWithin } + [now]
        notBefore = deaths.count > Self.mostDeaths && !isLast ? deaths[0] + Self.deathsWithin : now
    }

    /// One never became ready: the next comes ever later.
    mutating func failed(at now: Int64) {
        notBefore = now + pause
        pause = min(pause * 2, Self.longestPause)
    }

    /// One became ready.
    mutating func succeeded() { pause = Self.shortestPause }
}
