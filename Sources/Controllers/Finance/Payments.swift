import Contract
import Engine

/// What buyers paid for their orders.
enum Payments {
    static let paymentID = Field.text(
        "payment_id", max: 100, "Number that the seller gives the payment; no other payment has it."
    ).unique
    static let order = Field.reference(
        "order", to: Orders.reference, "Order that is paid for; it may have several payments.")
    static let amount = Field.money(
        "amount", "Amount of the payment, in the currency of the payment. It is not checked against the order's total.")
    static let currency = Field.text(
        "currency", max: 3,
        "Currency of the amount by its code of three letters (ISO 4217), such as EUR. It is stored as sent."
    ).initially("USD")
    /// The ways in which buyers pay.
    enum PaymentMethod: String, ChoiceValue {
        case creditCard = "credit_card", debitCard = "debit_card", bankTransfer = "bank_transfer", digitalWallet =
            "digital_wallet", cashOnDelivery = "cash_on_delivery"
    }

    static let paymentMethod = Field<PaymentMethod>.choice(
        "payment_method", "Way in which the buyer pays.")
    /// How far a payment has come.
    enum Status: String, ChoiceValue {
        case pending, processing, completed, failed, refunded
    }

    static let status = Field<Status>.choice(
        "status",
        "State of the payment. A create or an update may set any; process_payment and refund_payment check the state before."
    ).initially(.pending)
    static let transactionID = Field.text(
        "transaction_id", max: 255, "Number that the payment gateway gives the transaction; may be empty."
    ).optional
    static let paymentGateway = Field.text(
        "payment_gateway", max: 100, "Name of the payment gateway that moves the money; may be empty."
    ).optional

    static let resource = Resource(
        Reference(resource: "payment", table: "payments", key: "payment_id"), in: .finance, key: .own(paymentID),
        about: "REST API ViewSet for Payment management",
        fields: [
            paymentID, order, amount, currency, paymentMethod, status, transactionID, paymentGateway, .createdAt,
            .updatedAt,
        ], order: [.descending(.createdAt)], filters: [.equals(status), .equals(order), .keys], lockedAfter: [order])

    private static let statusAlone = Remark.both(
        "It changes the status alone: no gateway is called, no money moves, and the order's payment_status stays as it is."
    )

    private static let process = Endpoint.writing(
        "process_payment", "Mark a pending payment as processing", .post("process", options: "Process a payment"),
        on: .row(resource), returns: .changed, remarks: [statusAlone]
    ) { write in
        let payment = try write.lock(resource, status)
        let current = try payment[status]
        guard current == .pending else {
            throw Fault.refused("Cannot process payment with status \(current.rawValue)")
        }
        return try write.change(payment, status.to(.processing), saying: "Payment processing started")
    }

    private static let refund = Endpoint.writing(
        "refund_payment", "Mark a completed payment as refunded", .post("refund", options: "Refund a payment"),
        on: .row(resource), scope: .financeRefund, returns: .changed, remarks: [statusAlone]
    ) { write in
        let payment = try write.lock(resource, status)
        guard try payment[status] == .completed else { throw Fault.refused("Can only refund completed payments") }
        return try write.change(payment, status.to(.refunded), saying: "Payment refunded successfully")
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
