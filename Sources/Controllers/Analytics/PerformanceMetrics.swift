import Contract
import Engine

/// One figure of the business on one day.
enum PerformanceMetrics {
    /// The figures that are measured.
    enum MetricType: String, ChoiceValue {
        case revenue, orders, customers, products, traffic, conversion

        var label: String { self == .conversion ? "Conversion Rate" : rawValue.capitalized }
    }

    static let metricType = Field<MetricType>.choice(
        "metric_type", "Figure of the business that is measured.")
    static let metricValue = Field.number(
        "metric_value", digits: 15, "Value of the figure on that day, in the unit that suits its type.")
    static let metricDate = Field.date("metric_date", "Day that the figure is about.")
    static let comparisonPeriodValue = Field.number(
        "comparison_period_value", digits: 15,
        "Value of the figure in the period that it is compared with; null or absent: none."
    ).nullable
    static let percentageChange = Field.percentage(
        "percentage_change", "Change against that period in percent; null or absent: none."
    ).nullable
    static let notes = Field.text("notes", "Notes of the seller on the figure; may be empty.").optional

    static let resource = Resource(
        Reference(resource: "performance_metric", table: "performance_metrics", key: "id"), in: .analytics, key: .id,
        about: "REST API ViewSet for Performance Metrics",
        fields: [
            metricType, metricValue, metricDate, comparisonPeriodValue, percentageChange, notes, .createdAt,
        ], order: [.descending(metricDate), .ascending(metricType)],
        filters: [.equals(metricType), .equals(metricDate)])

    static let endpoints =
        Endpoint.standard(resource, create: [.figures]) + [
            .filtered(resource, "by_type", by: metricType, options: "Filter metrics by type")
        ]
}
