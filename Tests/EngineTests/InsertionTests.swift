import Contract
import MariaDB
import Testing
import Wire

@testable import Engine

@Suite("An insertion")
struct InsertionTests {
    private static let insertion = Insertion(
        Shop.resource, returning: ["id"],
        sources: [.returned(0), .stored(1), .key(Shop.seller.erased.name), .attributes, .none])

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
        let given = try Self.insertion.given(Self.draft(.json, seller: .number("7")))
        let statement = Self.insertion.statement(given)
        let general = Self.insertion.general(given)
        #expect(statement.text == general.text && statement.values == general.values)
        #expect(
            statement.text
                == "INSERT INTO wares (number, price, status, note, first, due, seller_id, created_at, updated_at) VALUES "
                + "(?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)) RETURNING id")
        #expect(
            statement.values == [.text("W-1"), .text("1.50"), .text("open"), .text(""), .null, .null, .integer(7)])
    }

    @Test("looks up the rows that are named by keys")
    func keys() throws {
        let given = try Self.insertion.given(Self.draft(.xml, seller: .string("S-1")))
        let statement = Self.insertion.statement(given)
        #expect(statement.text.contains("(SELECT"))
        #expect(statement.values.last == .text("S-1"))
    }

    @Test("stores the row that a key was found to name, and the attributes")
    func found() throws {
        var draft = try Self.draft(.xml, seller: .string("S-1"))
        draft.values["seller"] = .integer(7)
        draft.attributes = #"{"colour":"red"}"#
        let statement = Self.insertion.statement(Self.insertion.given(draft))
        #expect(!statement.text.contains("(SELECT") && statement.text.contains("updated_at, attributes) VALUES"))
        #expect(statement.values.suffix(2) == [.integer(7), .text(#"{"colour":"red"}"#)])
    }
}
