import Contract

/// Sales summed up over a period.
enum SalesReports {
    static let reportID = Field.text("report_id", max: 100, "The number of the report.").unique
    static let periodType = Field.choice(
        "period_type", ["daily": "Daily", "weekly": "Weekly", "monthly": "Monthly", "yearly": "Yearly"],
        "How long the period is.")
    static let periodStart = Field.date("period_start", "The first day.")
    static let periodEnd = Field.date("period_end", "The last day.")
    static let totalSales = Field.decimal("total_sales", digits: 12, "What was sold.")
    static let totalOrders = Field.count("total_orders", "How many orders.")
    static let totalItemsSold = Field.count("total_items_sold", "How many pieces.")
    static let averageOrderValue = Field.decimal("average_order_value", digits: 10, "What an order was worth.")

    static let resource = {
        var resource = Resource(
            Reference(resource: "sales_report", table: "sales_reports", key: "report_id"), in: .analytics,
            key: .own(reportID), "REST API ViewSet for Sales Report management",
            fields: [
                reportID, periodType, periodStart, periodEnd, totalSales, totalOrders, totalItemsSold,
                averageOrderValue, .createdAt,
            ])
        resource.order = [.descending(periodStart)]
        resource.rules = [.period(start: periodStart, end: periodEnd)]
        resource.filters = [.equals(periodType), .keys]
        return resource
    }()

    static let endpoints =
        Endpoint.standard(resource) + [
            .filtered(resource, "by_period", "Filter reports by period type", by: periodType)
        ]
}
