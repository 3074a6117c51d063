import Contract

/// Figures of a product on one day. The row has the product's id as text, since the product may have been deleted.
enum ProductAnalytics {
    static let productID = Field.text(
        "product_id", max: 100, "Number that the seller gives the product, as text: the product need not exist.")
    static let productName = Field.text("product_name", max: 255, "Name of the product on that day.")
    static let views = Field.count("views", "Number of times that the product was seen on that day.").initially(
        .integer(0))
    static let clicks = Field.count("clicks", "Number of times that the product was opened on that day.").initially(
        .integer(0))
    static let addToCartCount = Field.count(
        "add_to_cart_count", "Number of times that the product was put into a cart on that day."
    ).initially(.integer(0))
    static let purchases = Field.count("purchases", "Number of purchases of the product on that day.").initially(
        .integer(0))
    static let revenue = Field.decimal(
        "revenue", digits: 12, "Amount that the product brought on that day, in the seller's currency."
    ).initially(.decimal(Decimal(unscaled: 0)))
    static let conversionRate = Field.decimal(
        "conversion_rate", digits: 5, "Number of purchases for every hundred views, in percent."
    ).initially(.decimal(Decimal(unscaled: 0)))
    static let reportDate = Field.date("report_date", "Day that the row is about.")

    static let resource = {
        var resource = Resource(
            Reference(resource: "product_analytics", table: "product_analytics", key: "id"), in: .analytics, key: .id,
            "REST API ViewSet for Product Analytics",
            fields: [
                productID, productName, views, clicks, addToCartCount, purchases, revenue, conversionRate, reportDate,
                .createdAt,
            ])
        resource.one = "a day of a product's analytics"
        resource.many = "the days of product analytics"
        resource.order = [.descending(reportDate), .descending(revenue)]
        resource.filters = [.equals(productID), .equals(reportDate)]
        return resource
    }()

    private static let top = Endpoint(
        .on(
            resource, "get_top_products", "List the days of product analytics with the highest revenue", .collection,
            .list,
            .init(.get, "top_products", options: "Get top performing products by revenue"),
            remarks: [.both("Each row is one product on one day; days are not added up.")]),
        takes: .number(Paging.limit)
    ) { call, limit in
        try call.sendList(resource, order: [.descending(revenue)], limit: limit ?? Paging.defaultLimit)
    }

    static let endpoints = Endpoint.standard(resource, create: [.figures]) + [top]
}
