import Contract
import Testing
import Wire

@testable import Engine

@Suite("A draft")
struct DraftTests {
    private static func input(_ notation: Notation, _ members: [String: Raw], cleared: [String] = []) -> Input {
        var input = Input(notation)
        input.body = .success(Members(members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value) }))
        input.cleared = cleared
        return input
    }

    private static let whole: [String: Raw] = [
        "number": .string("W-1"), "price": .string("1.50"), "seller": .number("7"),
    ]

    private static func values(_ draft: Draft) -> [String: Value] {
        var values: [String: Value] = [:]
        for name in draft.resource.fields.map(\.name) { values[name] = draft.values[name] }
        return values
    }

    private static func problems(_ draft: Draft) -> [String] { draft.problems.map { "\($0.soapPath): \($0.message)" } }

    @Test("of a new row has the initial values, and no stamps")
    func create() throws {
        let draft = try Draft(Shop.resource, Self.input(.json, Self.whole), .create)
        #expect(draft.problems.isEmpty)
        #expect(
            Self.values(draft) == [
                "number": .text("W-1"), "price": .decimal(Decimal(unscaled: 150)), "seller": .integer(7),
                "status": .text("open"), "note": .text(""), "first": .null, "due": .null,
            ])
    }

    @Test("tells every problem at once, by SOAP's names where they differ")
    func problems() throws {
        let draft = try Draft(
            Shop.resource, Self.input(.json, ["number": .string("too long"), "status": .string("shut")]), .create)
        #expect(
            Self.problems(draft) == [
                "number: Ensure this field has no more than 5 characters.", "price: This field is required.",
                "status: \"shut\" is not a valid choice.", "seller_id: This field is required.",
            ])
    }

    @Test("of changes has only what is given")
    func change() throws {
        let draft = try Draft(Shop.resource, Self.input(.json, ["note": .string("n")]), .change)
        #expect(draft.problems.isEmpty && Self.values(draft) == ["note": .text("n")])
    }

    @Test("empties what SOAP clears, and refuses what cannot be empty or is given as well")
    func cleared() throws {
        let draft = try Draft(
            Shop.resource,
            Self.input(.xml, ["due": .string("2026-01-01")], cleared: ["note", "price", "due", "nothing"]), .change)
        #expect(draft.values["note"] == .text(""))
        #expect(
            Self.problems(draft) == [
                "clear_field: price cannot be empty.", "clear_field: due is both given and cleared.",
                "clear_field: There is no field nothing to clear.",
            ])
    }

    @Test("in SOAP keeps the keys of references to be looked up")
    func references() throws {
        let draft = try Draft(Shop.resource, Self.input(.xml, ["seller": .string("S-1")]), .change)
        #expect(draft.keys == ["seller": "S-1"] && Self.values(draft).isEmpty)
    }

    @Test("is checked by rules against what is stored")
    func rules() throws {
        var draft = try Draft(Shop.resource, Self.input(.json, ["due": .string("2026-01-01")]), .change)
        draft.check(Shop.resource.rules, current: ["first": .date(Day(text: "2026-01-02"))])
        #expect(Self.problems(draft) == ["due: Due must not be before first."])
        var fitting = try Draft(Shop.resource, Self.input(.json, ["due": .string("2026-01-02")]), .change)
        fitting.check(Shop.resource.rules, current: ["first": .date(Day(text: "2026-01-02"))])
        #expect(fitting.problems.isEmpty)
    }

    @Test("takes the contract's forms of nothing")
    func nothing() throws {
        let form = try Draft(Shop.resource, Self.input(.form, ["due": .string(""), "price": .string("1")]), .change)
        #expect(form.problems.isEmpty && form.values["due"] == .null)
        let null = try Draft(Shop.resource, Self.input(.json, ["price": .null]), .change)
        #expect(Self.problems(null) == ["price: This field may not be null."])
    }
}
