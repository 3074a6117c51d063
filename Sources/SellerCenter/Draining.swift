import CShims
import Synchronization

/// Whether a worker has been told to stop, until when it may take, and whether it has stopped.
final class Draining: Sendable {
    private let milliseconds: Int64
    /// In milliseconds of the monotonic clock; 0 until it begins.
    private let limit = Atomic<Int64>(0)
    private let ended = Atomic(false)

    init(seconds: Int) { milliseconds = Int64(seconds) * 1000 }

    var hasBegun: Bool { limit.load(ordering: .relaxed) != 0 }
    var hasEnded: Bool { ended.load(ordering: .relaxed) }

    /// Whether what still goes on must be given up.
    var isOver: Bool { hasBegun && cshims_monotonic_milliseconds() >= limit.load(ordering: .relaxed) }

    func begin() {
        _ = limit.compareExchange(
            expected: 0, desired: cshims_monotonic_milliseconds() + milliseconds, ordering: .relaxed)
    }

    func end() { ended.store(true, ordering: .relaxed) }
}
