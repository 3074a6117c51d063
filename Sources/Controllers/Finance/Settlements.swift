import Contract
import MariaDB

/// What the seller is paid for a period. Its amounts may be negative.
enum Settlements {
    static let settlementID = Field.text("settlement_id", max: 100, "The number of the settlement.").unique
    static let periodStart = Field.date("period_start", "The first day.")
    static let periodEnd = Field.date("period_end", "The last day.")
    static let totalSales = Field.decimal("total_sales", digits: 12, "What was sold.")
    static let commission = Field.decimal("commission", digits: 12, "What the marketplace keeps.")
    static let netAmount = Field.decimal("net_amount", digits: 12, "What the seller gets.")
    static let status = Field.choice(
        "status",
        ["pending": "Pending", "processing": "Processing", "completed": "Completed", "failed": "Failed"],
        "How far it has come."
    ).initially(.text("pending"))
    static let paymentDate = Field.timestamp("payment_date", "When it was paid.").nullable

    static let resource = {
        var resource = Resource(
            Reference(resource: "settlement", table: "settlements", key: "settlement_id"), in: .finance,
            key: .own(settlementID), "REST API ViewSet for Settlement management",
            fields: [
                settlementID, periodStart, periodEnd, totalSales, commission, netAmount, status, paymentDate,
                .createdAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.rules = [.period(start: periodStart, end: periodEnd)]
        resource.filters = [.equals(status), .keys]
        return resource
    }()

    private static let complete = Endpoint(
        .on(resource, "complete_settlement", "Complete a settlement", .row, .changed, .init(.post, "complete"))
    ) { call in
        try call.move(
            resource, status, to: "completed",
            refusal: { $0 == "pending" ? nil : "Cannot complete settlement with status \($0)" },
            also: "payment_date = UTC_TIMESTAMP(6)", "Settlement completed successfully")
    }

    static let endpoints = Endpoint.standard(resource) + [complete]
}
