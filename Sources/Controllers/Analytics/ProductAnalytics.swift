import Contract

/// How a product did on one day. It names the product by text: the product may be gone.
enum ProductAnalytics {
    static let productID = Field.text("product_id", max: 100, "The seller's number of the product.")
    static let productName = Field.text("product_name", max: 255, "What it was called.")
    static let views = Field.count("views", "How often it was seen.").initially(.integer(0))
    static let clicks = Field.count("clicks", "How often it was opened.").initially(.integer(0))
    static let addToCartCount = Field.count("add_to_cart_count", "How often it was put in a cart.").initially(
        .integer(0))
    static let purchases = Field.count("purchases", "How often it was bought.").initially(.integer(0))
    static let revenue = Field.decimal("revenue", digits: 12, "What it brought.")
        .initially(.decimal(Decimal(unscaled: 0)))
    static let conversionRate = Field.decimal("conversion_rate", digits: 5, "Purchases for every hundred views.")
        .initially(.decimal(Decimal(unscaled: 0)))
    static let reportDate = Field.date("report_date", "The day.")

    static let resource = {
        var resource = Resource(
            Reference(resource: "product_analytics", table: "product_analytics", key: "id"), in: .analytics, key: .id,
            "REST API ViewSet for Product Analytics",
            fields: [
                productID, productName, views, clicks, addToCartCount, purchases, revenue, conversionRate, reportDate,
                .createdAt,
            ])
        resource.order = [.descending(reportDate), .descending(revenue)]
        resource.filters = [.equals(productID), .equals(reportDate)]
        return resource
    }()

    private static let top = Endpoint(
        .on(
            resource, "get_top_products", "Get top performing products by revenue", .collection, .list,
            .init(.get, "top_products")), takes: .number(Paging.limit)
    ) { call, limit in
        try call.sendList(resource, order: [.descending(revenue)], limit: limit ?? Paging.defaultLimit)
    }

    static let endpoints = Endpoint.standard(resource) + [top]
}
