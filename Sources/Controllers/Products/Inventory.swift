import Contract
import Engine

/// The stock of a product and its warehouse.
enum Inventory {
    static let product = Field.reference(
        "product", to: Products.reference, "Product whose stock it is; a product has one inventory at most."
    ).unique.staying
    static let warehouseLocation = Field.text(
        "warehouse_location", max: 100,
        "Place where the product lies, in the seller's words, such as A-12; may be empty."
    ).optional
    static let reservedQuantity = Field.count(
        "reserved_quantity",
        "Number of pieces that are promised to buyers and not shipped. The seller sets it; no order changes it."
    ).initially(0)
    static let availableQuantity = Field.count(
        "available_quantity",
        "Number of pieces that can be sold, without the reserved ones: this is the stock number that sells. The seller sets "
            + "it; no order changes it."
    ).initially(0)
    static let lastRestockedAt = Field.timestamp(
        "last_restocked_at", "UTC time of the last delivery to the stock, set by the seller; null or absent: none."
    ).nullable

    static let resource = Resource(
        Reference(resource: "inventory", table: "inventory", key: "id"), in: .products,
        one: "the inventory of a product", many: "the inventory of all products", key: .parent(product),
        about: "REST API ViewSet for Inventory management",
        fields: [product, warehouseLocation, reservedQuantity, availableQuantity, lastRestockedAt], notesChanges: true)

    static let endpoints = Endpoint.standard(resource)
}
