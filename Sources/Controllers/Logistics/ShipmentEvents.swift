import Contract
import Engine

/// Events of a shipment on its way.
enum ShipmentEvents {
    static let shipment = Field.reference("shipment", to: Shipments.reference, "Shipment that the event belongs to.")
        .staying
    static let eventType = Field.text(
        "event_type", max: 50, "Kind of the event in a word of the carrier, such as picked_up.")
    static let description = Field.text("description", "Description of the event, for people.")
    static let location = Field.text(
        "location", max: 255, "Place of the event, in the carrier's words; may be empty."
    ).optional
    static let timestamp = Field.stamp(
        "timestamp", .onCreate,
        "UTC time of the event. SOAP's create_shipment_event takes it; without it, and always in REST, it is the time of the "
            + "create. It cannot be changed afterwards."
    ).datable

    static let resource = Resource(
        Reference(resource: "shipment_event", table: "shipment_events", key: "id"), in: .logistics, key: .id,
        about: "REST API ViewSet for Shipment Events",
        fields: [shipment, eventType, description, location, timestamp], order: [.descending(timestamp)],
        filters: [.equals(shipment)], lockedAfter: [shipment, Shipments.order])

    static let endpoints = Endpoint.standard(
        resource,
        create: [
            .rest("A timestamp in the body is ignored: the event gets the time of the request."),
            .both("The shipment's status stays as it is: set it with update_shipment_status."),
        ])
}
