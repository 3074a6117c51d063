import Contract
import Engine

/// Figures of a product on one day. The row has the product's id as text, since the product may have been deleted.
enum ProductAnalytics {
    static let productID = Field.text(
        "product_id", max: 100, "Number that the seller gives the product, as text: the product need not exist.")
    static let productName = Field.text("product_name", max: 255, "Name of the product on that day.")
    static let views = Field.count("views", "Number of times that the product was seen on that day.").initially(0)
    static let clicks = Field.count("clicks", "Number of times that the product was opened on that day.").initially(0)
    static let addToCartCount = Field.count(
        "add_to_cart_count", "Number of times that the product was put into a cart on that day."
    ).initially(0)
    static let purchases = Field.count("purchases", "Number of purchases of the product on that day.").initially(0)
    static let revenue = Field.money(
        "revenue", digits: 12, mayBeNegative: true,
        "Amount that the product brought on that day, in the seller's currency."
    ).initially(.zero)
    static let conversionRate = Field.percentage(
        "conversion_rate", "Number of purchases for every hundred views, in percent."
    ).initially(.zero)
    static let reportDate = Field.date("report_date", "Day that the row is about.")

    static let resource = Resource(
        Reference(resource: "product_analytics", table: "product_analytics", key: "id"), in: .analytics,
        one: "a day of a product's analytics", many: "the days of product analytics", key: .id,
        about: "REST API ViewSet for Product Analytics",
        fields: [
            productID, productName, views, clicks, addToCartCount, purchases, revenue, conversionRate, reportDate,
            .createdAt,
        ], order: [.descending(reportDate), .descending(revenue)], filters: [.equals(productID), .equals(reportDate)])

    private static let top = Endpoint.reading(
        "get_top_products", "List the days of product analytics with the highest revenue",
        .get("top_products", options: "Get top performing products by revenue"), on: .collection(resource),
        takes: .optional(Paging.limit), returns: .list,
        remarks: [.both("Each row is one product on one day; days are not added up.")]
    ) { read, limit in
        .list(try read.all(resource).first(limit, by: [.descending(revenue)]))
    }

    static let endpoints = Endpoint.standard(resource, create: [.figures]) + [top]
}
