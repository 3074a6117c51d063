import Contract

/// How much of a product is where.
enum Inventory {
    static let product = Field.reference("product", to: Products.reference, "The product counted.").unique.staying
    static let warehouseLocation = Field.text("warehouse_location", max: 100, "Where it lies.").optional
    static let reservedQuantity = Field.count("reserved_quantity", "How many are promised.").initially(.integer(0))
    static let availableQuantity = Field.count("available_quantity", "How many can be sold.").initially(.integer(0))
    static let lastRestockedAt = Field.timestamp("last_restocked_at", "When the last delivery came.").nullable

    static let resource = {
        var resource = Resource(
            Reference(resource: "inventory", table: "inventory", key: "id"), in: .products, key: .parent(product),
            "REST API ViewSet for Inventory management",
            fields: [product, warehouseLocation, reservedQuantity, availableQuantity, lastRestockedAt])
        resource.notesChanges = true
        return resource
    }()

    static let endpoints = Endpoint.standard(resource)
}
