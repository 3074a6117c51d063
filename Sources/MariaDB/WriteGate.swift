import CShims
import Synchronization

/// The writes of a worker's threads: one row that somebody keeps locked must not take all of them.
///
/// A write is refused when it begins, and never in its middle: nobody who is told so finds it done.
package final class WriteGate: Sendable {
    /// One thread's place; a connection has it.
    package struct Seat: Sendable {
        fileprivate let gate: WriteGate
        fileprivate let number: Int
    }

    /// Since when a thread's write has been in its present statement, in milliseconds of the monotonic clock; 0 when
    /// it is in none.
    private final class Mark: Sendable {
        let since = Atomic<Int64>(0)
    }

    private let marks: [Mark]
    private let seats = Atomic<Int>(0)
    /// How many threads are in a write, from its beginning to the end of its COMMIT, which may wait for a backup.
    private let writing = Atomic<Int>(0)

    /// A write that begins is refused when half of the threads have been in one statement for so long.
    private static let stuckMilliseconds: Int64 = 500
    /// The last thread that is not in a write refuses one when it and all others have waited for so long.
    private static let waitingMilliseconds: Int64 = 50

    /// A gate for the writes of so many threads.
    package init(threads: Int) { marks = (0..<threads).map { _ in Mark() } }

    /// The next thread's place; there is one for each.
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
        // A lone thread has nobody to leave free.
        let most = max(1, marks.count - 1)
        var now = start
        while !take(most) {
            // It waits as long itself: else it would refuse all that is in the queue while the others are slow.
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
    /// Begins a write, or refuses it; waits while every other thread is in one that goes on.
    func enter() throws(MariaDBError) { try gate.enter(number) }

    /// Notes that the write's next statement begins.
    func note(_ now: Int64) { gate.note(number, now) }

    /// Ends what `enter` began.
    func leave() { gate.leave(number) }
}
