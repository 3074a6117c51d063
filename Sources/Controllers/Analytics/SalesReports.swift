import Contract

/// Sales summed up over a period.
enum SalesReports {
    static let reportID = Field.text(
        "report_id", max: 100, "Number that the seller gives the report; no other report has it."
    ).unique
    static let periodType = Field.choice(
        "period_type", ["daily": "Daily", "weekly": "Weekly", "monthly": "Monthly", "yearly": "Yearly"],
        "Length of the period. The dates are not checked against it.")
    static let periodStart = Field.date("period_start", "First day of the period.")
    static let periodEnd = Field.date("period_end", "Last day of the period, not before the first.")
    static let totalSales = Field.decimal(
        "total_sales", digits: 12, "Amount of all sales in the period, in the seller's currency.")
    static let totalOrders = Field.count("total_orders", "Number of orders in the period.")
    static let totalItemsSold = Field.count("total_items_sold", "Number of pieces that were sold in the period.")
    static let averageOrderValue = Field.decimal(
        "average_order_value", digits: 10, "Average amount of an order in the period, in the seller's currency.")

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
        Endpoint.standard(resource, create: [.figures]) + [
            .filtered(resource, "by_period", by: periodType, options: "Filter reports by period type")
        ]
}
