import Contract

/// Orders of buyers, with the progress of each.
enum Orders {
    static let reference = Reference(resource: "order", table: "orders", key: "order_id")

    // MARK: Fields

    static let orderID = Field.text(
        "order_id", max: 100, "Number that the seller gives the order; no other order has it."
    ).unique
    static let customerName = Field.text("customer_name", max: 255, "Name of the buyer.")
    static let customerEmail = Field.email("customer_email", "E-mail address of the buyer.")
    static let customerPhone = Field.text(
        "customer_phone", max: 20, "Phone number of the buyer, in any notation; may be empty."
    ).optional
    static let status = Field.choice(
        "status",
        [
            "pending": "Pending", "confirmed": "Confirmed", "processing": "Processing", "shipped": "Shipped",
            "delivered": "Delivered", "cancelled": "Cancelled",
        ],
        "State of the order. A create or an update may set any; cancel_order and confirm_order check the state before."
    ).initially(.text("pending"))
    static let totalAmount = Field.amount(
        "total_amount",
        "Amount that the buyer pays for the order, in the seller's currency. It is stored as sent: nothing checks it "
            + "against the items.")
    static let shippingAddress = Field.text(
        "shipping_address", "Postal address that the order is sent to, given by the buyer.")
    static let billingAddress = Field.text(
        "billing_address", "Postal address for the invoice, given by the buyer; may be empty."
    ).optional
    static let paymentMethod = Field.text(
        "payment_method", max: 50, "Way in which the buyer pays, in any words, such as credit_card.")
    static let paymentStatus = Field.text(
        "payment_status", max: 20,
        "State of the payment in the seller's words, such as pending or paid. It is stored as sent: no payment changes it."
    ).initially(.text("pending"))
    static let notes = Field.text("notes", "Notes of the seller on the order; may be empty.").optional

    static let resource = {
        var resource = Resource(
            reference, in: .orders, key: .own(orderID),
            "REST API ViewSet for Order management\nProvides CRUD operations for orders",
            fields: [
                orderID, customerName, customerEmail, customerPhone, status, totalAmount, shippingAddress,
                billingAddress, paymentMethod, paymentStatus, notes, .createdAt, .updatedAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.embedded = [
            .many(
                "items", "item", of: OrderItems.resource, by: OrderItems.order,
                showing: [OrderItems.product, OrderItems.quantity, OrderItems.unitPrice, OrderItems.subtotal],
                "Items of the order, in the order in which they were created."),
            .one(
                "tracking", of: OrderTracking.resource, by: OrderTracking.order,
                showing: [
                    OrderTracking.trackingNumber, OrderTracking.carrier, OrderTracking.shippedAt,
                    OrderTracking.estimatedDelivery, OrderTracking.actualDelivery,
                ], "Tracking of the order, which the seller keeps apart from the shipments; null or absent: none."),
            .keys(
                of: Payments.resource, Payments.paymentID, by: Payments.order,
                "Number of a payment for the order, repeated for each; the finance service has them."),
            .keys(
                of: Shipments.resource, Shipments.shipmentID, by: Shipments.order,
                "Number of a shipment of the order, repeated for each; the logistics service has them."),
            .keys(
                of: Invoices.resource, Invoices.invoiceID, by: Invoices.order, isMany: false,
                "Number of the invoice of the order, which the finance service has; absent: none."),
        ]
        resource.filters = [.equals(status), .equals(customerEmail), .keys]
        return resource
    }()

    // MARK: Operations

    private static let cancel = Endpoint(
        .on(
            resource, "cancel_order", "Cancel an order", .row, .changed,
            .init(.post, "cancel", options: "Cancel an order"),
            remarks: [
                .both(
                    "A delivered or cancelled order is refused. It changes the status alone: stock, payments, the invoice and "
                        + "shipments stay as they are.")
            ])
    ) { call in
        try call.move(
            resource, status, to: "cancelled",
            refusal: { ["delivered", "cancelled"].contains($0) ? "Cannot cancel order with status \($0)" : nil },
            "Order cancelled successfully")
    }

    private static let confirm = Endpoint(
        .on(
            resource, "confirm_order", "Confirm a pending order", .row, .changed,
            .init(.post, "confirm", options: "Confirm an order"),
            remarks: [.both("It changes the status alone: no stock is reserved.")])
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
                resource, "get_tracking_of_order", "Return the tracking of an order, by the order's id", .row, .row,
                .init(.get, "tracking", options: "Get tracking information for an order")),
            of: OrderTracking.resource)
    ) { call in
        try call.sendChild(
            of: resource, "tracking", orElse: .refused("Tracking information not available", .notFound))
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            create: [
                .rest(
                    "Items in the body are ignored: send each one to /orders/api/order-items/ once the order is there."),
                .soap("It takes no items: send each one with create_order_item once the order is there."),
                .both("No stock is reserved and no total is computed."),
            ],
            update: [
                .rest("Items in the body are ignored: change them at /orders/api/order-items/."),
                .soap("It takes no items: change them with update_order_item."),
                .both(
                    "Any status may be set here, from any other. cancel_order and confirm_order check the one before."),
            ],
            delete: [
                .both(
                    "Its items, tracking, payments, invoice and shipments with their events are deleted with it. To call "
                        + "an order off and keep its records, use cancel_order instead.")
            ]) + [
            cancel, confirm, tracking,
            .filtered(resource, "by_status", by: status, options: "Filter orders by status"),
        ]
}
