import Wire

/// The rendered rows embedded in others: one buffer, and which part of it belongs to which parent.
final class Fragments {
    var bytes = Bytes(capacity: 4096)
    private var ranges: [Int64: Range<Int>] = [:]

    /// Adds what was written since `start` to the parent's part; the parts of one parent follow one another.
    func add(_ parent: Int64, from start: Int) {
        ranges[parent] = (ranges[parent]?.lowerBound ?? start)..<bytes.count
    }

    func holds(_ parent: Int64) -> Bool { ranges[parent] != nil }

    /// Copies the parent's part; false when it has none.
    func copy(_ parent: Int64?, into target: inout Bytes) -> Bool {
        guard let parent, let range = ranges[parent] else { return false }
        target.append(bytes, range)
        return true
    }
}
