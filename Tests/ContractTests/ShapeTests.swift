import Testing

@testable import Contract

@Suite("Declarations")
struct ShapeTests {
    enum Way: String, ChoiceValue { case byHand = "by_hand", outOfHouse = "out_of_house" }

    private let way = Field<Way>.choice("way", "Way.").initially(.byHand)

    @Test("of choices have the values and labels of their type")
    func choices() {
        guard case .choice(let choices) = way.erased.kind else { return #expect(Bool(false)) }
        #expect(choices.map(\.value) == ["by_hand", "out_of_house"])
        #expect(choices.map(\.label) == ["By Hand", "Out of House"])
        #expect(way.erased.initial == .text("by_hand") && !way.erased.isRequired)
    }

    @Test("keep their refinements in any order")
    func refinements() {
        let one = Field.text("name", max: 5, "Name.").unique.staying.optional.erased
        let other = Field.text("name", max: 5, "Name.").optional.staying.unique.erased
        #expect(one == other && one.isUnique && one.staysOnPut && one.kind == .text(max: 5, blank: true))
        let due = Field.date("due", "Due.").nullable.erased
        #expect(due.isNullable && !due.isRequired && due.initial == .null)
    }

    @Test("read the values of their type and no others")
    func values() {
        #expect(Way.read(.text("by_hand")) == .byHand && Way.read(.text("else")) == nil)
        #expect(Int64?.read(.null) == .some(nil) && Int64?.read(.integer(3)) == 3 && Int64?.read(.text("3")) == nil)
        #expect(Day.read(.timestamp(Timestamp(text: "x"))) == nil)
        #expect(Optional(Way.byHand).value == .text("by_hand") && Way?.none.value == .null)
    }

    @Test("of records become types of SOAP")
    func records() {
        let shape = Shape(
            "Verdict", "Verdict.", .value(Field.boolean("valid", "Valid.")),
            .value(Field.text("message", "Reason."), isOptional: true, soap: "reason"),
            .values(Field.text("hint", "Hint.")))
        let operation = Operation("judge", "Judge", .reading, on: .service(.products), returns: .record(shape))
        guard case .complex(let type) = operation.result.content else { return #expect(Bool(false)) }
        #expect(type.name == "Verdict")
        #expect(type.elements.map(\.name) == ["valid", "reason", "hint", "attribute"])
        #expect(type.elements.map(\.isRequired) == [true, false, false, false])
        #expect(type.elements.map(\.isRepeated) == [false, false, true, true])
    }
}
