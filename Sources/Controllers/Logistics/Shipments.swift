import Contract
import Engine

/// Parcels on their way to a buyer.
enum Shipments {
    static let reference = Reference(resource: "shipment", table: "shipments", key: "shipment_id")

    // MARK: Fields

    static let shipmentID = Field.text(
        "shipment_id", max: 100, "Number that the seller gives the shipment; no other shipment has it."
    ).unique
    static let order = Field.reference(
        "order", to: Orders.reference, "Order whose goods are sent; it may have several shipments.")
    static let carrierName = Field.text("carrier_name", max: 100, "Name of the carrier.")
    static let trackingNumber = Field.text(
        "tracking_number", max: 100, "Number that the carrier gives the parcel; no other shipment has it."
    ).unique
    /// How far a parcel has come.
    enum Status: String, ChoiceValue {
        case pending, pickedUp = "picked_up", inTransit = "in_transit", outForDelivery = "out_for_delivery", delivered,
            failed
    }

    static let status = Field<Status>.choice(
        "status", "State of the shipment, set by the seller. Any may follow any other, and no event changes it."
    ).initially(.pending)
    static let originAddress = Field.text("origin_address", "Postal address that the parcel is sent from.")
    static let destinationAddress = Field.text("destination_address", "Postal address that the parcel is sent to.")
    static let weight = Field.weight(
        "weight", "Weight of the parcel in kilograms, as the seller or the carrier weighs it.")
    static let shippingCost = Field.money(
        "shipping_cost",
        "Amount that the carrier takes for the shipment, in the seller's currency.")
    static let estimatedDelivery = Field.timestamp(
        "estimated_delivery_date", "UTC time when the carrier expects to deliver; null or absent: not known."
    ).nullable
    static let actualDelivery = Field.timestamp(
        "actual_delivery_date",
        "UTC time when the parcel was delivered, set by the seller; null or absent: not yet. The status delivered does not "
            + "set it."
    ).nullable

    private static let events = Embedded.many(
        "events", "shipment_event", of: ShipmentEvents.resource, by: ShipmentEvents.shipment,
        showing: [
            ShipmentEvents.eventType, ShipmentEvents.description, ShipmentEvents.location, ShipmentEvents.timestamp,
        ], order: ShipmentEvents.resource.order, "Events of the shipment, the newest first.")

    static let resource = Resource(
        reference, in: .logistics, key: .own(shipmentID), about: "REST API ViewSet for Shipment management",
        fields: [
            shipmentID, order, carrierName, trackingNumber, status, originAddress, destinationAddress, weight,
            shippingCost, estimatedDelivery, actualDelivery, .createdAt, .updatedAt,
        ],
        embedded: [events], order: [.descending(.createdAt)],
        filters: [.equals(status), .equals(order), .equals(trackingNumber), .keys], lockedAfter: [order])

    // MARK: Operations

    private static let track = Endpoint.reading(
        "track_shipment", "Track a shipment", .get("track", options: "Track shipment with events"),
        on: .row(resource), returns: .rowInside(tracking), soapKey: trackingNumber,
        remarks: [
            .rest("The events come twice: inside the shipment and beside it."),
            .soap("It returns the shipment with its events, by the carrier's tracking number."),
        ]
    ) { read in
        .row(read.named)
    }

    /// The contract's form of a tracking: the shipment, and its events a second time.
    private static let tracking = Shape(
        "ShipmentTracking", "The row and its events.", .row(resource, "Shipment that is tracked."), .part(events))

    private static let updateStatus = Endpoint.writing(
        "update_shipment_status", "Set the status of a shipment",
        .post("update_status", options: "Update shipment status"), on: .row(resource),
        takes: .required(status, whenMissing: .refused("Status is required", .validation)), returns: .changed,
        remarks: [
            .both(
                "Any status may follow any other. No event is added, and the delivery date and the order's status stay as "
                    + "they are.")
        ]
    ) { write, next in
        let shipment = try write.lock(resource, status)
        return try write.change(shipment, status.to(next), saying: "Status updated successfully")
    }

    static let endpoints =
        Endpoint.standard(
            resource, create: [.both("The order's status and its tracking stay as they are.")],
            update: [.both("A status set here does the same as update_shipment_status.")],
            delete: [.both("Its events are deleted with it.")]) + [track, updateStatus]
}
