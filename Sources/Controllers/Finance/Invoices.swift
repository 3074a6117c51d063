import Contract
import MariaDB

/// The bill of an order.
enum Invoices {
    static let invoiceID = Field.text("invoice_id", max: 100, "The seller's own number of the invoice.").unique
    static let order = Field.reference("order", to: Orders.reference, "The order billed.").unique
    static let invoiceNumber = Field.text("invoice_number", max: 100, "The number on the bill.").unique
    static let subtotal = Field.amount("subtotal", "Before tax and discount.")
    static let taxAmount = Field.amount("tax_amount", "The tax.").initially(.decimal(Decimal(unscaled: 0)))
    static let discountAmount = Field.amount("discount_amount", "What is taken off.")
        .initially(.decimal(Decimal(unscaled: 0)))
    static let totalAmount = Field.amount("total_amount", "What is to be paid.")
    static let issuedDate = Field.stamp("issued_date", .onCreate, "When it was issued.").datable
    static let dueDate = Field.timestamp("due_date", "When it is to be paid.").nullable
    static let paidDate = Field.timestamp("paid_date", "When it was paid.").nullable
    static let notes = Field.text("notes", "What else there is to know.").optional

    static let resource = {
        var resource = Resource(
            Reference(resource: "invoice", table: "invoices", key: "invoice_id"), in: .finance, key: .own(invoiceID),
            "REST API ViewSet for Invoice management",
            fields: [
                invoiceID, order, invoiceNumber, subtotal, taxAmount, discountAmount, totalAmount, issuedDate, dueDate,
                paidDate, notes,
            ])
        resource.filters = [.equals(order), .keys]
        return resource
    }()

    private static let markPaid = Endpoint(
        .on(resource, "mark_invoice_paid", "Mark an invoice as paid", .row, .changed, .init(.post, "mark_paid"))
    ) { call in
        try call.transaction {
            let row = try call.lockRow(resource)
            _ = try call.database.execute("UPDATE invoices SET paid_date = UTC_TIMESTAMP(6) WHERE id = \(row.id)")
            try call.sendChanged(resource, id: row.id, "Invoice marked as paid")
        }
    }

    static let endpoints = Endpoint.standard(resource) + [markPaid]
}
