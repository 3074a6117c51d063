import Contract

/// What the seller offers.
enum Products {
    static let reference = Reference(resource: "product", table: "products", key: "product_id")

    // MARK: Fields

    static let productID = Field.text("product_id", max: 100, "The seller's own number of the product.").unique
    static let name = Field.text("name", max: 255, "What buyers read first.")
    static let description = Field.text("description", "What buyers read next.").optional
    static let sku = Field.text("sku", max: 100, "The stock keeping unit.").unique
    static let price = Field.amount("price", "What one costs.")
    static let stockQuantity = Field.count("stock_quantity", "How many the seller says there are.").initially(
        .integer(0))
    static let status = Field.choice(
        "status", ["active": "Active", "inactive": "Inactive", "out_of_stock": "Out of Stock"], "Whether it is on sale."
    ).initially(.text("active"))
    static let category = Field.text("category", max: 100, "Where it is shown.").optional
    static let brand = Field.text("brand", max: 100, "Who makes it.").optional
    static let weight = Field.amount("weight", digits: 8, "Kilograms.").nullable

    static let resource = {
        var resource = Resource(
            reference, in: .products, key: .own(productID),
            "REST API ViewSet for Product management\nProvides CRUD operations for products",
            fields: [
                productID, sku, name, description, price, stockQuantity, status, category, brand, weight, .createdAt,
                .updatedAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.embedded = [
            .many(
                "images", "image", of: ProductImages.resource, by: ProductImages.product,
                showing: [ProductImages.imageURL, ProductImages.isPrimary, .createdAt]),
            .one(
                "inventory", of: Inventory.resource, by: Inventory.product,
                showing: [
                    Inventory.warehouseLocation, Inventory.reservedQuantity, Inventory.availableQuantity,
                    Inventory.lastRestockedAt,
                ]),
        ]
        resource.filters = [.equals(status), inCategory, matching, .keys]
        return resource
    }()

    // MARK: Operations

    private static let search = Field.text("search", "A part of the name or of the SKU, whatever its case.")
    private static let matching = Resource.Filter.contains(search, columns: ["name", "sku"])
    private static let inCategory = Resource.Filter.contains(category, columns: ["category"])

    private static let find = Endpoint(
        .on(
            resource, "search_products", "Search products by name or category", .collection, .list,
            .init(.get, "search")),
        takes: .filter(search, rest: "q"), .filter(category)
    ) { call, text, category in
        try call.sendList(
            resource,
            where: [
                text.map { call.condition(matching, .text($0), on: resource) },
                category.map { call.condition(inCategory, .text($0), on: resource) },
            ].compactMap { $0 })
    }

    private static let images = Endpoint(
        .through(
            "list_product_images", "query.product_id",
            .on(
                resource, "list_images_of_product", "Get all images for a specific product", .row, .list,
                .init(.get, "images")),
            of: ProductImages.resource)
    ) { call in
        try call.sendChildren(of: resource, "images")
    }

    private static let inventory = Endpoint(
        .through(
            "get_inventory", "product_id",
            .on(
                resource, "get_inventory_of_product", "Get inventory details for a specific product", .row, .row,
                .init(.get, "inventory")),
            of: Inventory.resource)
    ) { call in
        try call.sendChild(
            of: resource, "inventory", orElse: .refused("Inventory not found for this product", .notFound))
    }

    static let endpoints = Endpoint.standard(resource) + [find, images, inventory]
}
