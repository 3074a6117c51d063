import CShims
import Synchronization

/// Whether a worker was told to stop, when it must be finished, and whether it has finished.
final class Draining: Sendable {
    private let milliseconds: Int64
    /// When the worker must have finished, in milliseconds of the monotonic clock; 0 until it was told to stop.
    private let limit = Atomic<Int64>(0)
    private let ended = Atomic(false)

    init(seconds: Int) { milliseconds = Int64(seconds) * 1000 }

    var hasBegun: Bool { limit.load(ordering: .relaxed) != 0 }
    var hasEnded: Bool { ended.load(ordering: .relaxed) }

    /// Whether requests that are still in progress must be given up.
    var isOver: Bool { hasBegun && cshims_monotonic_milliseconds() >= limit.load(ordering: .relaxed) }

    func begin() {
        _ = limit.compareExchange(
            expected: 0, desired: cshims_monotonic_milliseconds() + milliseconds, ordering: .relaxed)
    }

    func end() { ended.store(true, ordering: .relaxed) }
}
