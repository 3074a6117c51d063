import Contract
import Engine

/// One line of an order.
enum OrderItems {
    static let order = Field.reference("order", to: Orders.reference, "Order that the item belongs to.").staying
    static let product = Field.reference("product", to: Products.reference, "Product that was bought.").staying
    static let quantity = Field.integer(
        "quantity", 1...Kind.int32.upperBound, "Number of pieces that were bought, at least 1.")
    static let unitPrice = Field.money(
        "unit_price",
        "Price of one piece in this order, in the seller's currency. It is stored as sent, whatever the product costs.")
    static let subtotal = Field.money(
        "subtotal",
        "Price of the item's pieces together, in the seller's currency. It is stored as sent: nothing multiplies.")

    static let resource = Resource(
        Reference(resource: "order_item", table: "order_items", key: "id"), in: .orders, key: .id,
        about: "REST API ViewSet for Order Items",
        fields: [order, product, quantity, unitPrice, subtotal], expansions: [.init(product, Products.resource)],
        filters: [.equals(order), .equals(product)], lockedAfter: [order])

    static let endpoints = Endpoint.standard(
        resource, create: [.both("The order's total and the product's stock stay as they are.")])
}
