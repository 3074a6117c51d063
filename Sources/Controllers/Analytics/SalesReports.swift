import Contract
import Engine

/// Sales summed up over a period.
enum SalesReports {
    static let reportID = Field.text(
        "report_id", max: 100, "Number that the seller gives the report; no other report has it."
    ).unique
    /// How long the period of a report is.
    enum PeriodType: String, ChoiceValue {
        case daily, weekly, monthly, yearly
    }

    static let periodType = Field<PeriodType>.choice(
        "period_type", "Length of the period. The dates are not checked against it.")
    static let periodStart = Field.date("period_start", "First day of the period.")
    static let periodEnd = Field.date("period_end", "Last day of the period, not before the first.")
    static let totalSales = Field.money(
        "total_sales", digits: 12, mayBeNegative: true, "Amount of all sales in the period, in the seller's currency.")
    static let totalOrders = Field.count("total_orders", "Number of orders in the period.")
    static let totalItemsSold = Field.count("total_items_sold", "Number of pieces that were sold in the period.")
    static let averageOrderValue = Field.money(
        "average_order_value", digits: 10, mayBeNegative: true,
        "Average amount of an order in the period, in the seller's currency.")

    static let resource = Resource(
        Reference(resource: "sales_report", table: "sales_reports", key: "report_id"), in: .analytics,
        key: .own(reportID), about: "REST API ViewSet for Sales Report management",
        fields: [
            reportID, periodType, periodStart, periodEnd, totalSales, totalOrders, totalItemsSold,
            averageOrderValue, .createdAt,
        ], order: [.descending(periodStart)], filters: [.equals(periodType), .keys],
        rules: [.period(start: periodStart, end: periodEnd)])

    static let endpoints =
        Endpoint.standard(resource, create: [.figures]) + [
            .filtered(resource, "by_period", by: periodType, options: "Filter reports by period type")
        ]
}
