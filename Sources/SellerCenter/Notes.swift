import Synchronization

/// Counts of events on a worker's threads, which its main thread logs once a second: one line for each kind of event,
/// however often it happened.
final class Notes: Sendable {
    /// Requests that had waited too long by the time a thread took them.
    let late = Count()
    /// Writes and statements that were not begun, because too many writes waited for rows or no time was left.
    let refused = Count()
    /// Threads that started without MariaDB.
    let unprepared = Count()
    /// Answers so large that their memory was freed.
    let freed = Count()

    final class Count: Sendable {
        private let count = Atomic<Int>(0)

        /// Adds a number and returns the new count.
        @discardableResult
        func add(_ number: Int) -> Int { count.add(number, ordering: .relaxed).newValue }

        /// The count since the last call.
        func take() -> Int { count.exchange(0, ordering: .relaxed) }
    }
}
