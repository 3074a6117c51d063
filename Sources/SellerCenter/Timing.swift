import CShims
import MariaDB
import Wire

/// How long the stages of a request take, for the header Server-Timing (W3C, Server Timing). Each thread that measures
/// has one.
final class Timing {
    private let statements = StatementTimes()
    /// The stages that the request has gone through, in nanoseconds.
    private var times: [Stage: Int64] = [:]
    private var mark: Int64 = 0

    /// The stages, in the order in which the header has them.
    enum Stage: String, CaseIterable {
        /// The request waited until a thread took it.
        case queue
        /// The operation was found.
        case find
        /// The input was read.
        case read
        /// All statements, with the waits before them and the transfer of their results.
        case sql
        /// The answer was written, from the end of the last statement on.
        case render
    }

    /// Measures the statements of this connection as well.
    init(_ database: Connection) { database.times = statements }

    /// Begins a request that has waited for a thread, for so many milliseconds.
    func begin(queued milliseconds: Int64) {
        statements.reset()
        times = [.queue: milliseconds * 1_000_000]
        mark = cshims_monotonic_nanoseconds()
    }

    /// Ends a stage that began where the one before ended.
    func end(_ stage: Stage) {
        let now = cshims_monotonic_nanoseconds()
        // An operation that runs again has rendered before: then the later time counts.
        times[stage] = now - (stage == .render ? max(mark, statements.lastEnd) : mark)
        if stage != .render { mark = now }
    }

    func write(to reply: Reply) {
        if statements.total > 0 { times[.sql] = statements.total }
        let told = Stage.allCases.compactMap { stage in
            times[stage].map { "\(stage.rawValue);dur=\(Self.milliseconds($0))" }
        }
        reply.set("Server-Timing", told.joined(separator: ", "))
    }

    /// Milliseconds with three decimals.
    private static func milliseconds(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds / 1000
        return "\(microseconds / 1000).\(String(1000 + microseconds % 1000).dropFirst())"
    }
}
