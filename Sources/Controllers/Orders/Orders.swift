import Contract
import Engine

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
    /// How far an order has come.
    enum Status: String, ChoiceValue {
        case pending, confirmed, processing, shipped, delivered, cancelled
    }

    static let status = Field<Status>.choice(
        "status",
        "State of the order. A create or an update may set any; cancel_order and confirm_order check the state before."
    ).initially(.pending)
    static let totalAmount = Field.money(
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
    ).initially("pending")
    static let notes = Field.text("notes", "Notes of the seller on the order; may be empty.").optional

    private static let tracking = Embedded.one(
        "tracking", of: OrderTracking.resource, by: OrderTracking.order,
        showing: [
            OrderTracking.trackingNumber, OrderTracking.carrier, OrderTracking.shippedAt,
            OrderTracking.estimatedDelivery, OrderTracking.actualDelivery,
        ], "Tracking of the order, which the seller keeps apart from the shipments; null or absent: none.")

    static let resource = Resource(
        reference, in: .orders, key: .own(orderID),
        about: "REST API ViewSet for Order management\nProvides CRUD operations for orders",
        fields: [
            orderID, customerName, customerEmail, customerPhone, status, totalAmount, shippingAddress,
            billingAddress, paymentMethod, paymentStatus, notes, .createdAt, .updatedAt,
        ],
        embedded: [
            .many(
                "items", "item", of: OrderItems.resource, by: OrderItems.order,
                showing: [OrderItems.product, OrderItems.quantity, OrderItems.unitPrice, OrderItems.subtotal],
                "Items of the order, in the order in which they were created."),
            tracking,
            .keys(
                of: Payments.resource, Payments.paymentID, by: Payments.order,
                "Number of a payment for the order, repeated for each; the finance service has them."),
            .keys(
                of: Shipments.resource, Shipments.shipmentID, by: Shipments.order,
                "Number of a shipment of the order, repeated for each; the logistics service has them."),
            .keys(
                of: Invoices.resource, Invoices.invoiceID, by: Invoices.order, isMany: false,
                "Number of the invoice of the order, which the finance service has; absent: none."),
        ], order: [.descending(.createdAt)], filters: [.equals(status), .equals(customerEmail), .keys])

    // MARK: Operations

    private static let cancel = Endpoint.writing(
        "cancel_order", "Cancel an order", .post("cancel", options: "Cancel an order"), on: .row(resource),
        returns: .changed,
        remarks: [
            .both(
                "A delivered or cancelled order is refused. It changes the status alone: stock, payments, the invoice and "
                    + "shipments stay as they are.")
        ]
    ) { write in
        let order = try write.lock(resource, status)
        let current = try order[status]
        if [.delivered, .cancelled].contains(current) {
            throw Fault.refused("Cannot cancel order with status \(current.rawValue)")
        }
        return try write.change(order, status.to(.cancelled), saying: "Order cancelled successfully")
    }

    private static let confirm = Endpoint.writing(
        "confirm_order", "Confirm a pending order", .post("confirm", options: "Confirm an order"), on: .row(resource),
        returns: .changed, remarks: [.both("It changes the status alone: no stock is reserved.")]
    ) { write in
        let order = try write.lock(resource, status)
        let current = try order[status]
        guard current == .pending else {
            throw Fault.refused("Cannot confirm order with status \(current.rawValue)")
        }
        return try write.change(order, status.to(.confirmed), saying: "Order confirmed successfully")
    }

    private static let getTracking = Endpoint.reading(
        "get_tracking_of_order", "Return the tracking of an order, by the order's id",
        .get("tracking", options: "Get tracking information for an order"), on: .row(resource),
        returns: .part(tracking), soap: .through("get_tracking", note: "order_id")
    ) { read in
        .part(of: read.named, orElse: .refused("Tracking information not available", .notFound))
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
            cancel, confirm, getTracking,
            .filtered(resource, "by_status", by: status, options: "Filter orders by status"),
        ]
}
