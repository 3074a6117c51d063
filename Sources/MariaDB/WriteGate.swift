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

    /// The threads in a write, and those that wait for a place.
    private struct Places {
        /// How many threads are in a write, which lasts until its COMMIT has ended: a backup can make that wait.
        var taken = 0
        /// The numbers of the threads that wait, the longest waiting first.
        var queue: [Int] = []
    }

    private let marks: [Mark]
    private let seats = Atomic<Int>(0)
    private let places = Mutex(Places())
    private let wakeups: [Wakeup]

    /// A new write is refused while half of the threads have been in one statement for longer than this.
    private static let stuckMilliseconds: Int64 = 500
    /// The last free thread refuses its write once it and every other thread have waited for longer than this.
    private static let waitingMilliseconds: Int64 = 50

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
        var now = start
        if !takesPlace(number) {
            var patience = Self.waitingMilliseconds + 1
            while !wakeups[number].wait(milliseconds: patience) {
                now = cshims_monotonic_milliseconds()
                // It has waited that long itself: otherwise it would refuse the whole queue while the other writes are
                // slow.
                if marks.indices.allSatisfy({
                    $0 == number || isStuck(marks[$0], for: Self.waitingMilliseconds, at: now)
                }), stopsWaiting(number) {
                    throw Self.refusal
                }
                patience = Self.waitingMilliseconds / 10
            }
            now = cshims_monotonic_milliseconds()
        }
        note(number, now)
    }

    /// Takes a free place, or else begins to wait for one.
    private func takesPlace(_ number: Int) -> Bool {
        places.withLock { places in
            // A single thread cannot leave another one free.
            if places.taken < max(1, marks.count - 1) {
                places.taken += 1
                return true
            }
            places.queue.append(number)
            return false
        }
    }

    /// How many threads wait for a place.
    var waiting: Int { places.withLock(\.queue.count) }

    /// False if the thread has just got a place, whose wake-up it will find.
    private func stopsWaiting(_ number: Int) -> Bool {
        places.withLock { places in
            guard let index = places.queue.firstIndex(of: number) else { return false }
            places.queue.remove(at: index)
            return true
        }
    }

    fileprivate func note(_ number: Int, _ now: Int64) { marks[number].since.store(now, ordering: .relaxed) }

    fileprivate func leave(_ number: Int) {
        marks[number].since.store(0, ordering: .relaxed)
        // The place goes to the thread that has waited for the longest: if it were free for all, a thread that asks again
        // at once would nearly always get it.
        let next = places.withLock { places -> Int? in
            guard !places.queue.isEmpty else {
                places.taken -= 1
                return nil
            }
            return places.queue.removeFirst()
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
