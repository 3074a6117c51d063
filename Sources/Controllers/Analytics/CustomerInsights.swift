import Contract
import Engine

/// Figures about a buyer.
enum CustomerInsights {
    static let customerEmail = Field.email(
        "customer_email", "E-mail address of the buyer, as text; several rows may have the same.")
    static let totalOrders = Field.count("total_orders", "Number of orders of the buyer.").initially(0)
    static let totalSpent = Field.money(
        "total_spent", digits: 12, mayBeNegative: true,
        "Amount that the buyer has spent in all, in the seller's currency."
    ).initially(.zero)
    static let averageOrderValue = Field.money(
        "average_order_value", digits: 10, mayBeNegative: true,
        "Average amount of the buyer's orders, in the seller's currency."
    ).initially(.zero)
    static let lastOrderDate = Field.date(
        "last_order_date", "Day of the buyer's last order; null or absent: not known."
    ).nullable
    static let customerSegment = Field.text(
        "customer_segment", max: 50, "Group of buyers that the buyer belongs to, in the seller's words; may be empty."
    ).optional
    static let lifetimeValue = Field.money(
        "lifetime_value", digits: 12, mayBeNegative: true,
        "Amount that the buyer is expected to spend in all, in the seller's currency."
    ).initially(.zero)

    static let resource = Resource(
        Reference(resource: "customer_insight", table: "customer_insights", key: "id"), in: .analytics, key: .id,
        about: "REST API ViewSet for Customer Insights",
        fields: [
            customerEmail, totalOrders, totalSpent, averageOrderValue, lastOrderDate, customerSegment,
            lifetimeValue, .updatedAt,
        ], order: [.descending(totalSpent)], filters: [.equals(customerSegment), .equals(customerEmail)])

    private static let top = Endpoint.reading(
        "get_top_customers", "List the customers who spent the most",
        .get("top_customers", options: "Get top customers by total spent"), on: .collection(resource),
        takes: .optional(Paging.limit), returns: .list,
        remarks: [.both("Sorted by total_spent, the highest first; orders are not looked at.")]
    ) { read, limit in
        .list(try read.all(resource).first(limit))
    }

    static let endpoints =
        Endpoint.standard(resource, create: [.figures]) + [
            .filtered(
                resource, "by_segment", by: customerSegment, rest: "segment", options: "Filter customers by segment"),
            top,
        ]
}
