import Contract

/// What buyers bought, and how far each order has come.
enum Orders {
    static let reference = Reference(resource: "order", table: "orders", key: "order_id")

    // MARK: Fields

    static let orderID = Field.text("order_id", max: 100, "The seller's own number of the order.").unique
    static let customerName = Field.text("customer_name", max: 255, "Who bought.")
    static let customerEmail = Field.email("customer_email", "Where the buyer is written to.")
    static let customerPhone = Field.text("customer_phone", max: 20, "Where the buyer is called.").optional
    static let status = Field.choice(
        "status",
        [
            "pending": "Pending", "confirmed": "Confirmed", "processing": "Processing", "shipped": "Shipped",
            "delivered": "Delivered", "cancelled": "Cancelled",
        ], "How far the order has come."
    ).initially(.text("pending"))
    static let totalAmount = Field.amount("total_amount", "What the buyer pays.")
    static let shippingAddress = Field.text("shipping_address", "Where it goes.")
    static let billingAddress = Field.text("billing_address", "Where the bill goes.").optional
    static let paymentMethod = Field.text("payment_method", max: 50, "How the buyer pays.")
    static let paymentStatus = Field.text("payment_status", max: 20, "How far the payment has come.")
        .initially(.text("pending"))
    static let notes = Field.text("notes", "What else there is to know.").optional

    static let resource = {
        var resource = Resource(
            reference, in: .orders, key: .own(orderID), "REST API ViewSet for Order management",
            fields: [
                orderID, customerName, customerEmail, customerPhone, status, totalAmount, shippingAddress,
                billingAddress, paymentMethod, paymentStatus, notes, .createdAt, .updatedAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.embedded = [
            .many(
                "items", "item", of: OrderItems.resource, by: OrderItems.order,
                showing: [OrderItems.product, OrderItems.quantity, OrderItems.unitPrice, OrderItems.subtotal]),
            .one(
                "tracking", of: OrderTracking.resource, by: OrderTracking.order,
                showing: [
                    OrderTracking.trackingNumber, OrderTracking.carrier, OrderTracking.shippedAt,
                    OrderTracking.estimatedDelivery, OrderTracking.actualDelivery,
                ]),
            .keys(of: Payments.resource, Payments.paymentID, by: Payments.order),
            .keys(of: Shipments.resource, Shipments.shipmentID, by: Shipments.order),
            .keys(of: Invoices.resource, Invoices.invoiceID, by: Invoices.order, isMany: false),
        ]
        resource.filters = [.equals(status), .equals(customerEmail), .keys]
        return resource
    }()

    // MARK: Operations

    private static let cancel = Endpoint(
        .on(resource, "cancel_order", "Cancel an order", .row, .changed, .init(.post, "cancel"))
    ) { call in
        try call.move(
            resource, status, to: "cancelled",
            refusal: { ["delivered", "cancelled"].contains($0) ? "Cannot cancel order with status \($0)" : nil },
            "Order cancelled successfully")
    }

    private static let confirm = Endpoint(
        .on(resource, "confirm_order", "Confirm an order", .row, .changed, .init(.post, "confirm"))
    ) { call in
        try call.move(
            resource, status, to: "confirmed",
            refusal: { $0 == "pending" ? nil : "Cannot confirm order with status \($0)" },
            "Order confirmed successfully")
    }

    private static let tracking = Endpoint(
        .through(
            "get_tracking", "order_id",
            .on(
                resource, "get_tracking_of_order", "Get tracking information for an order", .row, .row,
                .init(.get, "tracking")),
            of: OrderTracking.resource)
    ) { call in
        try call.sendChild(
            of: resource, "tracking", orElse: .refused("Tracking information not available", .notFound))
    }

    static let endpoints =
        Endpoint.standard(resource) + [
            cancel, confirm, tracking, .filtered(resource, "by_status", "Filter orders by status", by: status),
        ]
}
