import Contract
import MariaDB

/// Payments to the seller for a period. The amounts may be negative.
enum Settlements {
    static let settlementID = Field.text(
        "settlement_id", max: 100, "Number of the settlement, given by the seller; no other settlement has it."
    ).unique
    static let periodStart = Field.date("period_start", "First day of the period.")
    static let periodEnd = Field.date("period_end", "Last day of the period, not before the first.")
    static let totalSales = Field.decimal(
        "total_sales", digits: 12, "Amount of the sales in the period, in the seller's currency; may be negative.")
    static let commission = Field.decimal(
        "commission", digits: 12, "Amount that the marketplace keeps, in the seller's currency; may be negative.")
    static let netAmount = Field.decimal(
        "net_amount", digits: 12,
        "Amount that the seller is paid, in the seller's currency; may be negative. It is stored as sent: nothing subtracts the "
            + "commission.")
    static let status = Field.choice(
        "status",
        ["pending": "Pending", "processing": "Processing", "completed": "Completed", "failed": "Failed"],
        "State of the settlement. A create or an update may set any; complete_settlement checks the state before."
    ).initially(.text("pending"))
    static let paymentDate = Field.timestamp(
        "payment_date",
        "UTC time when the seller was paid, set by complete_settlement or the client; null or absent: not paid."
    ).nullable

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
        .on(
            resource, "complete_settlement", "Complete a pending settlement", .row, .changed,
            .init(.post, "complete", options: "Complete a settlement"),
            remarks: [.both("It sets payment_date to the time of the call; no money moves.")])
    ) { call in
        try call.move(
            resource, status, to: "completed",
            refusal: { $0 == "pending" ? nil : "Cannot complete settlement with status \($0)" },
            also: "payment_date = UTC_TIMESTAMP(6)", "Settlement completed successfully")
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            update: [
                .both(
                    "The status may be set to any other, past what complete_settlement refuses; completed set here sets no "
                        + "payment_date.")
            ]) + [complete]
}
