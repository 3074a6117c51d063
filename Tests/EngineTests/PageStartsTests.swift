import Testing

@testable import Engine

@Suite("Page starts")
struct PageStartsTests {
    private let tally = RowCounts.Tally(inserts: 1, deletes: 0, net: 0, stamps: "1", highestID: 1)
    private let other = RowCounts.Tally(inserts: 2, deletes: 0, net: 0, stamps: "1", highestID: 2)

    private func note(_ positions: Int64..., in starts: PageStarts) {
        for position in positions {
            starts.note(PageStarts.Row(position: position, id: position * 10, birth: nil), in: "products", tally)
        }
    }

    @Test("give the nearest known row at or before a position, however they were noted")
    func nearest() {
        let starts = PageStarts()
        note(300, 100, 200, in: starts)
        let found = [0, 99, 100, 150, 299, 300, 5000].map { starts.row(at: $0, in: "products", tally)?.id }
        #expect(found == [nil, nil, 1000, 1000, 2000, 3000, 3000])
        #expect(starts.row(at: 500, in: "orders", tally) == nil)
    }

    @Test("are worth nothing once the table has another tally")
    func otherTally() {
        let starts = PageStarts()
        note(100, in: starts)
        #expect(starts.row(at: 100, in: "products", other) == nil)
        starts.note(PageStarts.Row(position: 500, id: 1, birth: nil), in: "products", other)
        #expect(starts.row(at: 100, in: "products", tally) == nil)
        #expect(starts.row(at: 200, in: "products", other) == nil)
        #expect(starts.row(at: 500, in: "products", other)?.id == 1)
    }

    @Test("keep the first of two notes of one position")
    func twice() {
        let starts = PageStarts()
        note(100, in: starts)
        starts.note(PageStarts.Row(position: 100, id: 7, birth: nil), in: "products", tally)
        #expect(starts.row(at: 100, in: "products", tally)?.id == 1000)
        starts.removeAll()
        #expect(starts.row(at: 100, in: "products", tally) == nil)
    }
}
