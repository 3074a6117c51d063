import Contract
import Engine

/// Stations of an order on its way to the buyer.
enum OrderTracking {
    static let order = Field.reference(
        "order", to: Orders.reference, "Order that is on its way; an order has one tracking at most."
    ).unique.staying
    static let trackingNumber = Field.text(
        "tracking_number", max: 100, "Number that the carrier gives the parcel; no other order's tracking has it."
    ).unique
    static let carrier = Field.text("carrier", max: 100, "Name of the carrier.")
    static let shippedAt = Field.timestamp(
        "shipped_at", "UTC time when the parcel left, set by the seller; null or absent: not yet."
    ).nullable
    static let estimatedDelivery = Field.timestamp(
        "estimated_delivery", "UTC time when the carrier expects to deliver; null or absent: not known."
    ).nullable
    static let actualDelivery = Field.timestamp(
        "actual_delivery", "UTC time when the parcel was delivered, set by the seller; null or absent: not yet."
    ).nullable

    static let resource = Resource(
        Reference(resource: "order_tracking", table: "order_tracking", key: "id"), in: .orders, singular: "tracking",
        plural: "tracking", one: "the tracking of an order", many: "the tracking of all orders", key: .parent(order),
        about: "REST API ViewSet for Order Tracking",
        fields: [order, trackingNumber, carrier, shippedAt, estimatedDelivery, actualDelivery], lockedAfter: [order])

    private static let apart = Remark.both("The order's status and its shipments stay as they are.")

    static let endpoints = Endpoint.standard(resource, create: [apart], update: [apart])
}
