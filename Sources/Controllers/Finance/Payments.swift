import Contract

/// What buyers paid for their orders.
enum Payments {
    static let paymentID = Field.text(
        "payment_id", max: 100, "Number that the seller gives the payment; no other payment has it."
    ).unique
    static let order = Field.reference(
        "order", to: Orders.reference, "Order that is paid for; it may have several payments.")
    static let amount = Field.amount(
        "amount", "Amount of the payment, in the currency of the payment. It is not checked against the order's total.")
    static let currency = Field.text(
        "currency", max: 3,
        "Currency of the amount by its code of three letters (ISO 4217), such as EUR. It is stored as sent."
    ).initially(.text("USD"))
    static let paymentMethod = Field.choice(
        "payment_method",
        [
            "credit_card": "Credit Card", "debit_card": "Debit Card", "bank_transfer": "Bank Transfer",
            "digital_wallet": "Digital Wallet", "cash_on_delivery": "Cash on Delivery",
        ], "Way in which the buyer pays.")
    static let status = Field.choice(
        "status",
        [
            "pending": "Pending", "processing": "Processing", "completed": "Completed", "failed": "Failed",
            "refunded": "Refunded",
        ],
        "State of the payment. A create or an update may set any; process_payment and refund_payment check the state before."
    ).initially(.text("pending"))
    static let transactionID = Field.text(
        "transaction_id", max: 255, "Number that the payment gateway gives the transaction; may be empty."
    ).optional
    static let paymentGateway = Field.text(
        "payment_gateway", max: 100, "Name of the payment gateway that moves the money; may be empty."
    ).optional

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

    private static let statusAlone = Remark.both(
        "It changes the status alone: no gateway is called, no money moves, and the order's payment_status stays as it is."
    )

    private static let process = Endpoint(
        .on(
            resource, "process_payment", "Mark a pending payment as processing", .row, .changed,
            .init(.post, "process", options: "Process a payment"), remarks: [statusAlone])
    ) { call in
        try call.move(
            resource, status, to: "processing",
            refusal: { $0 == "pending" ? nil : "Cannot process payment with status \($0)" },
            "Payment processing started")
    }

    private static let refund = Endpoint(
        .on(
            resource, "refund_payment", "Mark a completed payment as refunded", .row, .changed,
            .init(.post, "refund", options: "Refund a payment"), remarks: [statusAlone])
    ) { call in
        try call.move(
            resource, status, to: "refunded",
            refusal: { $0 == "completed" ? nil : "Can only refund completed payments" },
            "Payment refunded successfully")
    }

    static let endpoints =
        Endpoint.standard(
            resource, create: [.both("The order's payment_status and the invoice stay as they are.")],
            update: [
                .both(
                    "The status may be set to any other, past what process_payment and refund_payment refuse; to mark a payment "
                        + "as completed or failed, set it here.")
            ]) + [process, refund]
}
