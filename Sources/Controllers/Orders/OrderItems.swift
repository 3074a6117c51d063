import Contract

/// One line of an order.
enum OrderItems {
    static let order = Field.reference("order", to: Orders.reference, "The order it stands in.").staying
    static let product = Field.reference("product", to: Products.reference, "What was bought.").staying
    static let quantity = Field.integer("quantity", 1...Kind.int32.upperBound, "How many.")
    static let unitPrice = Field.amount("unit_price", "What one cost.")
    static let subtotal = Field.amount("subtotal", "What they cost together.")

    static let resource = {
        var resource = Resource(
            Reference(resource: "order_item", table: "order_items", key: "id"), in: .orders, key: .id,
            "REST API ViewSet for Order Items", fields: [order, product, quantity, unitPrice, subtotal])
        resource.expansions = [.init(product, Products.resource)]
        resource.filters = [.equals(order), .equals(product)]
        return resource
    }()

    static let endpoints = Endpoint.standard(resource)
}
