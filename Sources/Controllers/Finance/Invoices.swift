import Contract
import Engine

/// The bills of orders.
enum Invoices {
    static let invoiceID = Field.text(
        "invoice_id", max: 100, "Number by which the seller's programs know the invoice; no other invoice has it."
    ).unique
    static let order = Field.reference(
        "order", to: Orders.reference, "Order that is billed; an order has one invoice at most."
    ).unique
    static let invoiceNumber = Field.text(
        "invoice_number", max: 100,
        "Number that is printed on the invoice, given by the seller; no other invoice has it."
    ).unique
    static let subtotal = Field.money(
        "subtotal", "Amount before tax and discount, in the seller's currency.")
    static let taxAmount = Field.money(
        "tax_amount", "Amount of the tax, in the seller's currency."
    ).initially(.zero)
    static let discountAmount = Field.money(
        "discount_amount", "Amount that is taken off, in the seller's currency."
    ).initially(.zero)
    static let totalAmount = Field.money(
        "total_amount",
        "Amount to be paid, in the seller's currency. It is stored as sent: nothing computes it from the other amounts or the "
            + "order.")
    static let issuedDate = Field.stamp(
        "issued_date", .onCreate,
        "UTC time of issue. SOAP's create_invoice takes it; without it, and always in REST, it is the time of the create. "
            + "It cannot be changed afterwards."
    ).datable
    static let dueDate = Field.timestamp(
        "due_date", "UTC time by which it is to be paid, set by the seller; null or absent: none."
    ).nullable
    static let paidDate = Field.timestamp(
        "paid_date",
        "UTC time when it was paid, set by mark_invoice_paid or the seller; null or absent: not paid. No payment sets it."
    ).nullable
    static let notes = Field.text("notes", "Notes of the seller on the invoice; may be empty.").optional

    static let resource = Resource(
        Reference(resource: "invoice", table: "invoices", key: "invoice_id"), in: .finance, key: .own(invoiceID),
        about: "REST API ViewSet for Invoice management",
        fields: [
            invoiceID, order, invoiceNumber, subtotal, taxAmount, discountAmount, totalAmount, issuedDate, dueDate,
            paidDate, notes,
        ], filters: [.equals(order), .keys], lockedAfter: [order])

    private static let markPaid = Endpoint.writing(
        "mark_invoice_paid", "Mark an invoice as paid now", .post("mark_paid", options: "Mark an invoice as paid"),
        on: .row(resource), returns: .changed,
        remarks: [
            .both(
                "Each call sets paid_date to the time of the call, also when it is set already; payments are not looked at. "
                    + "To give another time, update the invoice instead.")
        ]
    ) { write in
        try write.change(try write.lock(resource), paidDate.toNow, saying: "Invoice marked as paid")
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            create: [.rest("An issued_date in the body is ignored: the invoice gets the time of the request.")],
            update: [.both("Setting paid_date here does what mark_invoice_paid does, with any time.")]) + [markPaid]
}
