/// Which rows were asked for lately, as far as a small table can tell: a row is forgotten when another one takes its place.
struct AskedRows: Sendable {
    /// A part of the hash of the last row at each place; 0 is none.
    private var rows: [UInt32]

    /// A table for about so many rows, of a few megabytes at most.
    init(about count: Int) {
        var places = 64
        // Twice as many, so that few of them meet at one place.
        while places < 2 * count, places < 1 << 20 { places *= 2 }
        rows = Array(repeating: 0, count: places)
    }

    /// Notes that the row of this hash is asked for, and returns whether it was lately.
    mutating func note(_ hash: Int) -> Bool {
        let place = hash & (rows.count - 1)
        let row = UInt32(truncatingIfNeeded: hash >> 32) | 1
        defer { rows[place] = row }
        return rows[place] == row
    }
}
