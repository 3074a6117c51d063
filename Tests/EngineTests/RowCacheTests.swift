import Contract
import Testing
import Wire

@testable import Engine

@Suite("The row cache")
struct RowCacheTests {
    private let view = View(Shop.resource, .json) { _ in fatalError("wares show no other rows") }
    /// Each generation holds a hundred of the rows.
    private let cache = RowCache(bytes: 2 * 100 * 1200)
    private let rendering = Rendering(bytes: Array(repeating: UInt8(ascii: "x"), count: 1000), holes: [])

    private func version(_ id: Int64, revision: Int64 = 1) -> RowVersion {
        RowVersion(id: id, revision: revision, birth: 1)
    }

    private func isKept(_ id: Int64, revision: Int64 = 1) -> Bool {
        cache.renderings(view, [version(id, revision: revision)])[0] != nil
    }

    /// Asks for rows as requests do: what is not there is read and kept.
    private func ask(_ ids: ClosedRange<Int64>) {
        for id in ids where !isKept(id) { cache.keep(view, [(version(id), rendering)]) }
    }

    @Test("keeps every row while there is room")
    func first() {
        ask(1...90)
        #expect((1...90).allSatisfy { isKept($0) })
    }

    @Test("keeps rows that are used, whatever comes and goes")
    func used() {
        for id in Int64(1)...1000 {
            ask(id...id)
            ask(0...0)
        }
        #expect(isKept(0))
    }

    @Test("keeps a row only when it is asked for again, once a generation was kept for nothing")
    func again() {
        ask(1...250)
        ask(1000...1000)
        #expect(!isKept(1000))
        ask(1000...1000)
        #expect(isKept(1000))
        // A row that is there is replaced by its present version at once.
        cache.keep(view, [(version(1000, revision: 2), rendering)])
        #expect(isKept(1000, revision: 2) && !isKept(1000))
    }

    @Test("keeps every row again, once a generation was used")
    func recovers() {
        ask(1...250)
        // In any order: two rows that meet at one place of the table would displace each other for ever in the same one.
        for _ in 1...50 {
            for id in (Int64(2000)...2150).shuffled() { ask(id...id) }
        }
        ask(3000...3000)
        #expect(isKept(3000))
    }

    @Test("notes the names of rows that it keeps, and of no others")
    func names() {
        ask(1...250)
        // Lately, rows that were asked for by new names were there.
        for id in Int64(50)...51 { cache.keep(view, [(version(id), rendering)], named: .key("W-\(id)")) }
        let name = RowName.key("W-1000")
        cache.keep(view, [(version(1000), rendering)], named: name)
        // A name that is not noted is judged by the others; the row of one that is noted is not there.
        #expect(!isKept(1000) && cache.likelyKeeps(view, name))
        cache.keep(view, [(version(1000), rendering)], named: name)
        #expect(isKept(1000) && cache.likelyKeeps(view, name))
        #expect(!cache.likelyKeeps(view, .id(3000)))
    }

    @Test("does not take rows for asked for that are not")
    func askedRows() {
        var asked = AskedRows(about: 1000)
        // SipHash's result is as random as these numbers.
        var random = SystemRandomNumberGenerator()
        let hashes = (0..<500).map { _ in Int(truncatingIfNeeded: random.next()) }
        #expect(hashes.filter { asked.note($0) }.isEmpty)
        // At most a few have met at one place.
        #expect(hashes.filter { asked.note($0) }.count > 250)
    }
}
