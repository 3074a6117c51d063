import Contract

/// Where an order is on its way.
enum OrderTracking {
    static let order = Field.reference("order", to: Orders.reference, "The order on its way.").unique.staying
    static let trackingNumber = Field.text("tracking_number", max: 100, "The carrier's number.").unique
    static let carrier = Field.text("carrier", max: 100, "Who carries it.")
    static let shippedAt = Field.timestamp("shipped_at", "When it left.").nullable
    static let estimatedDelivery = Field.timestamp("estimated_delivery", "When it should arrive.").nullable
    static let actualDelivery = Field.timestamp("actual_delivery", "When it arrived.").nullable

    static let resource = Resource(
        Reference(resource: "order_tracking", table: "order_tracking", key: "id"), in: .orders, singular: "tracking",
        plural: "tracking", key: .parent(order), "REST API ViewSet for Order Tracking",
        fields: [order, trackingNumber, carrier, shippedAt, estimatedDelivery, actualDelivery])

    static let endpoints = Endpoint.standard(resource)
}
