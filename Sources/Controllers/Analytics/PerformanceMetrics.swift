import Contract

/// One figure of the business on one day.
enum PerformanceMetrics {
    static let metricType = Field.choice(
        "metric_type",
        [
            "revenue": "Revenue", "orders": "Orders", "customers": "Customers", "products": "Products",
            "traffic": "Traffic", "conversion": "Conversion Rate",
        ], "What is measured.")
    static let metricValue = Field.decimal("metric_value", digits: 15, "How much it was.")
    static let metricDate = Field.date("metric_date", "The day.")
    static let comparisonPeriodValue = Field.decimal("comparison_period_value", digits: 15, "How much it was before.")
        .nullable
    static let percentageChange = Field.decimal("percentage_change", digits: 5, "The change in percent.").nullable
    static let notes = Field.text("notes", "What else there is to know.").optional

    static let resource = {
        var resource = Resource(
            Reference(resource: "performance_metric", table: "performance_metrics", key: "id"), in: .analytics,
            key: .id, "REST API ViewSet for Performance Metrics",
            fields: [
                metricType, metricValue, metricDate, comparisonPeriodValue, percentageChange, notes, .createdAt,
            ])
        resource.order = [.descending(metricDate), .ascending(metricType)]
        resource.filters = [.equals(metricType), .equals(metricDate)]
        return resource
    }()

    static let endpoints =
        Endpoint.standard(resource) + [.filtered(resource, "by_type", "Filter metrics by type", by: metricType)]
}
