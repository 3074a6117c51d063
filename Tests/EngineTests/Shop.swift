import Contract

/// A small resource for the tests.
enum Shop {
    enum Status: String, ChoiceValue { case open, onHold = "on_hold" }

    static let number = Field.text("number", max: 5, "Number.").unique
    static let price = Field.money("price", digits: 5, "Price.")
    static let status = Field<Status>.choice("status", "Status.").initially(.open)
    static let note = Field.text("note", "Note.").optional
    static let due = Field.date("due", "Due.").nullable
    static let seller = Field.reference(
        "seller", to: Reference(resource: "seller", table: "sellers", key: "seller_id"), "Seller.")
    static let first = Field.date("first", "First day.").nullable

    static let resource = Resource(
        Reference(resource: "ware", table: "wares", key: "number"), in: .products, key: .own(number), about: "Wares",
        fields: [number, price, status, note, first, due, seller, .createdAt, .updatedAt],
        order: [.descending(.createdAt)], filters: [.equals(status), .keys], rules: [.period(start: first, end: due)])
}
