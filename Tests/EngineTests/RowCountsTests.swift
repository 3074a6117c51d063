import Testing

@testable import Engine

@Suite("A tally tells the change of a table's count")
struct RowCountsTests {
    private static func tally(
        _ inserts: Int64, _ deletes: Int64, _ highestID: Int64, net: Int64? = nil, stamps: String = "7"
    ) -> RowCounts.Tally {
        RowCounts.Tally(
            inserts: inserts, deletes: deletes, net: net ?? inserts - deletes, stamps: stamps, highestID: highestID)
    }

    @Test(
        "since another one of the same stamps",
        arguments: [
            (tally(10, 2, 10), tally(10, 2, 10), 0), (tally(10, 2, 10), tally(13, 2, 13), 3),
            (tally(10, 2, 10), tally(13, 6, 13), -1),
            // An insert that failed has taken an id as well.
            (tally(10, 2, 10), tally(11, 2, 14), 1),
            // Of some of the table's rows: they may become more or fewer without an insert.
            (tally(10, 2, 10, net: 4), tally(10, 2, 10, net: 6), 2),
            (tally(10, 2, 10, net: 4), tally(11, 2, 11, net: 4), 0),
        ])
    func change(_ earlier: RowCounts.Tally, _ now: RowCounts.Tally, _ change: Int) {
        #expect(now.change(since: earlier) == Int64(change))
    }

    @Test(
        "unless it cannot be certain",
        arguments: [
            // After a cascade a stamp is new.
            (tally(10, 2, 10), tally(10, 2, 10, stamps: "8")),
            // An older snapshot.
            (tally(10, 2, 10), tally(9, 2, 10)), (tally(10, 2, 10), tally(10, 1, 10)),
            // After a TRUNCATE the ids begin anew.
            (tally(10, 2, 10), tally(12, 2, 2)), (tally(10, 2, 10), tally(10, 2, 0)),
        ])
    func unknown(_ earlier: RowCounts.Tally, _ now: RowCounts.Tally) {
        #expect(now.change(since: earlier) == nil)
    }

    @Test("in a large table also when its last rows were deleted")
    func large() {
        let earlier = Self.tally(200_000, 0, 200_000)
        #expect(Self.tally(200_000, 3, 199_997).change(since: earlier) == -3)
        // More ids are gone than rows were deleted.
        #expect(Self.tally(200_000, 3, 199_990).change(since: earlier) == nil)
        // A transaction that was open at the earlier tally had taken lower ids.
        #expect(Self.tally(200_100, 0, 200_000).change(since: earlier) == 100)
        #expect(Self.tally(200_300, 0, 200_000).change(since: earlier) == nil)
    }
}
