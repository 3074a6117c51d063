import Contract
import MariaDB
import Testing

@testable import Engine

@Suite("A scan")
struct ScanTests {
    private static func scan(
        _ terms: [Resource.Order] = [], where conditions: [Query.Condition] = [], limit: Int64? = 10, offset: Int64 = 0,
        start: PageStarts.Row? = nil, count: Int64? = nil
    ) -> Scan {
        Scan(
            resource: Shop.resource, conditions: conditions, terms: terms, limit: limit, offset: offset, start: start,
            count: count)
    }

    private static let newest = [Resource.Order.descending(.createdAt)]

    @Test("reads a page near the start forwards, and one near the end backwards")
    func direction() {
        #expect(
            Self.scan(count: 1000).selectIDs.text == "SELECT wares.id FROM wares ORDER BY wares.id LIMIT ? OFFSET ?")
        let last = Self.scan(offset: 990, count: 1000).selectIDs
        #expect(last.text.contains("ORDER BY wares.id DESC LIMIT ? OFFSET ?) page JOIN wares"))
        #expect(last.text.hasSuffix("ORDER BY wares.id"))
        #expect(last.values == [.integer(10), .integer(0)])
    }

    @Test("of the last, shorter page takes only its rows")
    func shortPage() {
        #expect(Self.scan(offset: 990, count: 995).selectIDs.values == [.integer(5), .integer(0)])
    }

    @Test("begins at a known row")
    func start() {
        let row = PageStarts.Row(position: 400, id: 77, birth: nil)
        let scan = Self.scan(offset: 430, start: row, count: 1000).selectIDs
        #expect(scan.text == "SELECT wares.id FROM wares WHERE wares.id >= ? ORDER BY wares.id LIMIT ? OFFSET ?")
        #expect(scan.values == [.integer(77), .integer(10), .integer(30)])
    }

    @Test("begins at a known row of the same time by its id")
    func startOfNewest() {
        let row = PageStarts.Row(position: 400, id: 77, birth: "2026-01-01 00:00:00.000000")
        let scan = Self.scan(Self.newest, offset: 400, start: row, count: 1000).selectIDs
        #expect(
            scan.text.contains(
                "WHERE wares.created_at <= ? AND (wares.created_at < ? OR wares.id <= ?) "
                    + "ORDER BY wares.created_at DESC, wares.id DESC"))
    }

    @Test("has a name only in an order that no write changes")
    func fixedOrder() {
        #expect(Self.scan().fixedOrder == "wares")
        #expect(Self.scan(Self.newest).fixedOrder == "wares newest")
        #expect(Self.scan([.ascending(.createdAt)]).fixedOrder == "wares oldest")
        #expect(Self.scan([.ascending(Shop.price)]).fixedOrder == nil)
        #expect(Self.scan(where: [.init(sql: "price > 1")]).fixedOrder == nil)
    }
}
