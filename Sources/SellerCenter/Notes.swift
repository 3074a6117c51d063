import Synchronization

/// What the threads of a worker note for its main thread, which tells the log of it: once a second, however often it
/// was.
final class Notes: Sendable {
    /// Requests that had waited too long when a thread was free for them.
    let late = Count()
    /// Writes and statements that were not begun: too many waited for rows, or no time was left.
    let refused = Count()
    /// Threads that began without MariaDB.
    let unprepared = Count()
    /// Answers so large that their memory was given back.
    let freed = Count()

    final class Count: Sendable {
        private let count = Atomic<Int>(0)

        /// Counts some more; how many there are now.
        @discardableResult
        func add(_ number: Int) -> Int { count.add(number, ordering: .relaxed).newValue }

        /// How many there were since the last time.
        func take() -> Int { count.exchange(0, ordering: .relaxed) }
    }
}
