import CShims
import Synchronization

/// Limits the writes of a worker's threads, so that one row that somebody keeps locked cannot occupy all threads.
///
/// A write is refused only at its beginning, so that a refused write has changed nothing.
package final class WriteGate: Sendable {
    /// One thread's place at the gate, held by its connection.
    package struct Seat: Sendable {
        fileprivate let gate: WriteGate
        /// The number of the thread in its worker.
        package let number: Int
    }

    /// When the present statement of a thread's write began, in milliseconds of the monotonic clock; 0 outside a write.
    private final class Mark: Sendable {
        let since = Atomic<Int64>(0)
    }

    private let marks: [Mark]
    private let seats = Atomic<Int>(0)
    /// The number of threads in a write, which lasts until its COMMIT has ended: a backup can make that wait.
    private let writing = Atomic<Int>(0)

    /// A new write is refused while half of the threads have been in one statement for longer than this.
    private static let stuckMilliseconds: Int64 = 500
    /// The last free thread refuses its write once it and every other thread have waited for longer than this.
    private static let waitingMilliseconds: Int64 = 50

    /// A gate for the writes of this number of threads.
    package init(threads: Int) { marks = (0..<threads).map { _ in Mark() } }

    /// The place of the next thread; every thread takes one.
    package func takeSeat() -> Seat {
        Seat(gate: self, number: seats.add(1, ordering: .relaxed).oldValue % marks.count)
    }

    private func isStuck(_ mark: Mark, for milliseconds: Int64, at now: Int64) -> Bool {
        let since = mark.since.load(ordering: .relaxed)
        return since != 0 && now - since > milliseconds
    }

    fileprivate func enter(_ number: Int) throws(MariaDBError) {
        let start = cshims_monotonic_milliseconds()
        guard marks.count(where: { isStuck($0, for: Self.stuckMilliseconds, at: start) }) * 2 < marks.count else {
            throw Self.refusal
        }
        // A single thread cannot leave another one free.
        let most = max(1, marks.count - 1)
        var now = start
        while !take(most) {
            // It must have waited that long itself: otherwise it would refuse the whole queue while the other writes
            // are slow.
            if now - start > Self.waitingMilliseconds,
                marks.indices.allSatisfy({ $0 == number || isStuck(marks[$0], for: Self.waitingMilliseconds, at: now) })
            {
                throw Self.refusal
            }
            cshims_sleep_milliseconds(1)
            now = cshims_monotonic_milliseconds()
        }
        note(number, now)
    }

    private func take(_ most: Int) -> Bool {
        var count = writing.load(ordering: .relaxed)
        while count < most {
            let (exchanged, original) = writing.compareExchange(
                expected: count, desired: count + 1, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            count = original
        }
        return false
    }

    fileprivate func note(_ number: Int, _ now: Int64) { marks[number].since.store(now, ordering: .relaxed) }

    fileprivate func leave(_ number: Int) {
        marks[number].since.store(0, ordering: .relaxed)
        writing.subtract(1, ordering: .acquiringAndReleasing)
    }

    private static var refusal: MariaDBError { .notBegun("Too many writes wait for rows that are locked.", nil) }
}

extension WriteGate.Seat {
    /// Begins a write or refuses it; waits while every other thread is in a write that makes progress.
    func enter() throws(MariaDBError) { try gate.enter(number) }

    /// Notes that the write's next statement begins.
    func note(_ now: Int64) { gate.note(number, now) }

    /// Ends the write that `enter` began.
    func leave() { gate.leave(number) }
}
