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

    /// The writes that may run at once: one fewer than there are threads, so that at most one thread waits.
    private struct Turns {
        /// How many are taken. A write keeps its turn until its COMMIT has ended: a backup can make that wait.
        var taken = 0
        /// The number of the thread that waits for one.
        var waiting: Int?
    }

    private let marks: [Mark]
    private let seats = Atomic<Int>(0)
    private let turns = Mutex(Turns())
    private let wakeups: [Wakeup]

    /// A new write is refused while half of the threads have been in one statement for longer than this.
    private static let stuckMilliseconds: Int64 = 500
    /// The last free thread refuses its write once it and every other thread have waited for longer than this. A COMMIT
    /// waits for the disk, now and then for more than 50 ms; reads wait as long as the last thread does.
    private static let waitingMilliseconds: Int64 = 250

    /// A gate for the writes of this number of threads.
    package init(threads: Int) {
        marks = (0..<threads).map { _ in Mark() }
        wakeups = (0..<threads).map { _ in Wakeup() }
    }

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
        if !takesTurn(number) { try awaitTurn(number) }
        note(number, cshims_monotonic_milliseconds())
    }

    /// Takes a turn, or else begins to wait for one.
    private func takesTurn(_ number: Int) -> Bool {
        turns.withLock { turns in
            // A single thread cannot leave another one free.
            if turns.taken < max(1, marks.count - 1) {
                turns.taken += 1
                return true
            }
            guard turns.waiting == nil else { fatalError("all threads but one write, and two wait") }
            turns.waiting = number
            return false
        }
    }

    private func awaitTurn(_ number: Int) throws(MariaDBError) {
        // The thread has waited that long itself before it refuses: the others may have begun while it did.
        var patience = Self.waitingMilliseconds + 1
        while !wakeups[number].wait(milliseconds: patience) {
            let now = cshims_monotonic_milliseconds()
            let areStuck = marks.indices.allSatisfy {
                $0 == number || isStuck(marks[$0], for: Self.waitingMilliseconds, at: now)
            }
            if areStuck, stopsWaiting() { throw Self.refusal }
            patience = Self.waitingMilliseconds / 10
        }
    }

    /// False if the thread that waits has just got its turn, so that its wake-up comes.
    private func stopsWaiting() -> Bool {
        turns.withLock { turns in
            defer { turns.waiting = nil }
            return turns.waiting != nil
        }
    }

    /// The number of turns that are taken, and whether a thread waits for one.
    var load: (taken: Int, isAwaited: Bool) { turns.withLock { ($0.taken, $0.waiting != nil) } }

    fileprivate func note(_ number: Int, _ now: Int64) { marks[number].since.store(now, ordering: .relaxed) }

    fileprivate func leave(_ number: Int) {
        marks[number].since.store(0, ordering: .relaxed)
        // A thread that waits takes the turn over: if it were free for all, a thread that asks again at once would nearly
        // always get it.
        let next = turns.withLock { turns in
            defer { turns.waiting = nil }
            if turns.waiting == nil { turns.taken -= 1 }
            return turns.waiting
        }
        if let next { wakeups[next].wake() }
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
