import Synchronization

/// The lists that a worker sends in parts, because they are too long to be held in memory as a whole.
///
/// They may use a quarter of the worker's threads, so that other requests are served meanwhile.
final class LongLists: Sendable {
    /// The number of rows up to which a list is rendered as a whole before any of it is sent.
    static let rowsAtOnce: Int64 = 2000
    static let rowsInPart = 1000

    private let most: Int
    private let open = Atomic<Int>(0)

    init(threads: Int) { most = max(1, threads / 4) }

    /// Takes one of the places; false if all are taken.
    func enter() -> Bool {
        guard open.add(1, ordering: .relaxed).newValue > most else { return true }
        leave()
        return false
    }

    /// Gives a place back.
    func leave() { open.subtract(1, ordering: .relaxed) }
}
