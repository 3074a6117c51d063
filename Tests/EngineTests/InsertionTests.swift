import Contract
import MariaDB
import Testing
import Wire

@testable import Engine

@Suite("An insertion")
struct InsertionTests {
    private static let insertion = Insertion(
        Shop.resource, returning: [.columns("id, price"), .key(Shop.seller.erased), .columns("note")])

    private static func draft(_ notation: Notation, seller: Raw) throws -> Draft {
        var input = Input(notation)
        input.body = .success(
            Members([
                Member("number", .string("W-1")), Member("price", .string("1.50")), Member("seller", seller),
            ]))
        return try Draft(Shop.resource, input, .create)
    }

    @Test("of a plain draft is made once, and is the one that any draft would give")
    func plain() throws {
        let draft = try Self.draft(.json, seller: .number("7"))
        let statement = Self.insertion.statement(draft)
        let general = Self.insertion.statement(values: draft.values, keys: [:], attributes: nil)
        #expect(statement.text == general.text && statement.values == general.values)
        #expect(
            statement.text
                == "INSERT INTO wares (number, price, status, note, first, due, seller_id, created_at, updated_at) VALUES "
                + "(?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)) RETURNING id, price?note")
        #expect(
            statement.values == [
                .text("W-1"), .text("1.50"), .text("open"), .text(""), .null, .null, .integer(7), .null,
            ])
    }

    @Test("looks up the rows that are named by keys, and returns these keys")
    func keys() throws {
        let draft = try Self.draft(.xml, seller: .string("S-1"))
        let statement = Self.insertion.statement(draft)
        #expect(statement.text.contains("(SELECT"))
        #expect(statement.values.suffix(2) == [.text("S-1"), .text("S-1")])
    }
}
