import Contract

/// What is known of a buyer.
enum CustomerInsights {
    static let customerEmail = Field.email("customer_email", "Who it is.")
    static let totalOrders = Field.count("total_orders", "How many orders.").initially(.integer(0))
    static let totalSpent = Field.decimal("total_spent", digits: 12, "What they brought.")
        .initially(.decimal(Decimal(unscaled: 0)))
    static let averageOrderValue = Field.decimal("average_order_value", digits: 10, "What an order was worth.")
        .initially(.decimal(Decimal(unscaled: 0)))
    static let lastOrderDate = Field.date("last_order_date", "The day of the last order.").nullable
    static let customerSegment = Field.text("customer_segment", max: 50, "The group of buyers.").optional
    static let lifetimeValue = Field.decimal("lifetime_value", digits: 12, "What the buyer is worth.")
        .initially(.decimal(Decimal(unscaled: 0)))

    static let resource = {
        var resource = Resource(
            Reference(resource: "customer_insight", table: "customer_insights", key: "id"), in: .analytics, key: .id,
            "REST API ViewSet for Customer Insights",
            fields: [
                customerEmail, totalOrders, totalSpent, averageOrderValue, lastOrderDate, customerSegment,
                lifetimeValue, .updatedAt,
            ])
        resource.order = [.descending(totalSpent)]
        resource.filters = [.equals(customerSegment), .equals(customerEmail)]
        return resource
    }()

    private static let top = Endpoint(
        .on(
            resource, "get_top_customers", "Get top customers by total spent", .collection, .list,
            .init(.get, "top_customers")), takes: .number(Paging.limit)
    ) { call, limit in
        try call.sendList(resource, limit: limit ?? Paging.defaultLimit)
    }

    static let endpoints =
        Endpoint.standard(resource) + [
            .filtered(resource, "by_segment", "Filter customers by segment", by: customerSegment, rest: "segment"), top,
        ]
}
