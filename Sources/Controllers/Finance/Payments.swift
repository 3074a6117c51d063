import Contract

/// What buyers paid for their orders.
enum Payments {
    static let paymentID = Field.text("payment_id", max: 100, "The seller's own number of the payment.").unique
    static let order = Field.reference("order", to: Orders.reference, "The order it pays for.")
    static let amount = Field.amount("amount", "How much.")
    static let currency = Field.text("currency", max: 3, "The currency's code.").initially(.text("USD"))
    static let paymentMethod = Field.choice(
        "payment_method",
        [
            "credit_card": "Credit Card", "debit_card": "Debit Card", "bank_transfer": "Bank Transfer",
            "digital_wallet": "Digital Wallet", "cash_on_delivery": "Cash on Delivery",
        ], "How it is paid.")
    static let status = Field.choice(
        "status",
        [
            "pending": "Pending", "processing": "Processing", "completed": "Completed", "failed": "Failed",
            "refunded": "Refunded",
        ], "How far it has come."
    ).initially(.text("pending"))
    static let transactionID = Field.text("transaction_id", max: 255, "The gateway's number.").optional
    static let paymentGateway = Field.text("payment_gateway", max: 100, "Who moves the money.").optional

    static let resource = {
        var resource = Resource(
            Reference(resource: "payment", table: "payments", key: "payment_id"), in: .finance, key: .own(paymentID),
            "REST API ViewSet for Payment management",
            fields: [
                paymentID, order, amount, currency, paymentMethod, status, transactionID, paymentGateway, .createdAt,
                .updatedAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.filters = [.equals(status), .equals(order), .keys]
        return resource
    }()

    private static let process = Endpoint(
        .on(resource, "process_payment", "Process a payment", .row, .changed, .init(.post, "process"))
    ) { call in
        try call.move(
            resource, status, to: "processing",
            refusal: { $0 == "pending" ? nil : "Cannot process payment with status \($0)" },
            "Payment processing started")
    }

    private static let refund = Endpoint(
        .on(resource, "refund_payment", "Refund a payment", .row, .changed, .init(.post, "refund"))
    ) { call in
        try call.move(
            resource, status, to: "refunded",
            refusal: { $0 == "completed" ? nil : "Can only refund completed payments" },
            "Payment refunded successfully")
    }

    static let endpoints = Endpoint.standard(resource) + [process, refund]
}
