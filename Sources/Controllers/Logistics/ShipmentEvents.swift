import Contract

/// What happened to a shipment on its way.
enum ShipmentEvents {
    static let shipment = Field.reference("shipment", to: Shipments.reference, "The shipment it happened to.").staying
    static let eventType = Field.text("event_type", max: 50, "What happened, in a word.")
    static let description = Field.text("description", "What happened.")
    static let location = Field.text("location", max: 255, "Where it happened.").optional
    static let timestamp = Field.stamp("timestamp", .onCreate, "When it was reported.").datable

    static let resource = {
        var resource = Resource(
            Reference(resource: "shipment_event", table: "shipment_events", key: "id"), in: .logistics, key: .id,
            "REST API ViewSet for Shipment Events", fields: [shipment, eventType, description, location, timestamp])
        resource.order = [.descending(timestamp)]
        resource.filters = [.equals(shipment)]
        return resource
    }()

    static let endpoints = Endpoint.standard(resource)
}
