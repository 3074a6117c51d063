import Contract
import Engine

/// Payments to the seller for a period. The amounts may be negative.
enum Settlements {
    static let settlementID = Field.text(
        "settlement_id", max: 100, "Number of the settlement, given by the seller; no other settlement has it."
    ).unique
    static let periodStart = Field.date("period_start", "First day of the period.")
    static let periodEnd = Field.date("period_end", "Last day of the period, not before the first.")
    static let totalSales = Field.money(
        "total_sales", digits: 12, mayBeNegative: true,
        "Amount of the sales in the period, in the seller's currency; may be negative.")
    static let commission = Field.money(
        "commission", digits: 12, mayBeNegative: true,
        "Amount that the marketplace keeps, in the seller's currency; may be negative.")
    static let netAmount = Field.money(
        "net_amount", digits: 12, mayBeNegative: true,
        "Amount that the seller is paid, in the seller's currency; may be negative. It is stored as sent: nothing subtracts the "
            + "commission.")
    /// How far a settlement has come.
    enum Status: String, ChoiceValue {
        case pending, processing, completed, failed
    }

    static let status = Field<Status>.choice(
        "status",
        "State of the settlement. A create or an update may set any; complete_settlement checks the state before."
    ).initially(.pending)
    static let paymentDate = Field.timestamp(
        "payment_date",
        "UTC time when the seller was paid, set by complete_settlement or the client; null or absent: not paid."
    ).nullable

    static let resource = Resource(
        Reference(resource: "settlement", table: "settlements", key: "settlement_id"), in: .finance,
        key: .own(settlementID), about: "REST API ViewSet for Settlement management",
        fields: [
            settlementID, periodStart, periodEnd, totalSales, commission, netAmount, status, paymentDate,
            .createdAt,
        ], order: [.descending(.createdAt)], filters: [.equals(status), .keys],
        rules: [.period(start: periodStart, end: periodEnd)])

    private static let complete = Endpoint.writing(
        "complete_settlement", "Complete a pending settlement", .post("complete", options: "Complete a settlement"),
        on: .row(resource), returns: .changed,
        remarks: [.both("It sets payment_date to the time of the call; no money moves.")]
    ) { write in
        let settlement = try write.lock(resource, status)
        let current = try settlement[status]
        guard current == .pending else {
            throw Fault.refused("Cannot complete settlement with status \(current.rawValue)")
        }
        return try write.change(
            settlement, status.to(.completed), paymentDate.toNow, saying: "Settlement completed successfully")
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
