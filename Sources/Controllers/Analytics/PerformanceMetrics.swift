import Contract

/// One figure of the business on one day.
enum PerformanceMetrics {
    static let metricType = Field.choice(
        "metric_type",
        [
            "revenue": "Revenue", "orders": "Orders", "customers": "Customers", "products": "Products",
            "traffic": "Traffic", "conversion": "Conversion Rate",
        ], "Figure of the business that is measured.")
    static let metricValue = Field.decimal(
        "metric_value", digits: 15, "Value of the figure on that day, in the unit that suits its type.")
    static let metricDate = Field.date("metric_date", "Day that the figure is about.")
    static let comparisonPeriodValue = Field.decimal(
        "comparison_period_value", digits: 15,
        "Value of the figure in the period that it is compared with; null or absent: none."
    ).nullable
    static let percentageChange = Field.decimal(
        "percentage_change", digits: 5, "Change against that period in percent; null or absent: none."
    ).nullable
    static let notes = Field.text("notes", "Notes of the seller on the figure; may be empty.").optional

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
        Endpoint.standard(resource, create: [.figures]) + [
            .filtered(resource, "by_type", by: metricType, options: "Filter metrics by type")
        ]
}
