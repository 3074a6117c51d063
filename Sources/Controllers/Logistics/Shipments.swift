import Contract
import MariaDB
import Wire

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
    static let status = Field.choice(
        "status",
        [
            "pending": "Pending", "picked_up": "Picked Up", "in_transit": "In Transit",
            "out_for_delivery": "Out for Delivery", "delivered": "Delivered", "failed": "Failed",
        ],
        "State of the shipment, set by the seller. Any may follow any other, and no event changes it."
    ).initially(.text("pending"))
    static let originAddress = Field.text("origin_address", "Postal address that the parcel is sent from.")
    static let destinationAddress = Field.text("destination_address", "Postal address that the parcel is sent to.")
    static let weight = Field.amount(
        "weight", digits: 8, "Weight of the parcel in kilograms, as the seller or the carrier weighs it.")
    static let shippingCost = Field.amount(
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

    static let resource = {
        var resource = Resource(
            reference, in: .logistics, key: .own(shipmentID), "REST API ViewSet for Shipment management",
            fields: [
                shipmentID, order, carrierName, trackingNumber, status, originAddress, destinationAddress, weight,
                shippingCost, estimatedDelivery, actualDelivery, .createdAt, .updatedAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.embedded = [
            .many(
                "events", "shipment_event", of: ShipmentEvents.resource, by: ShipmentEvents.shipment,
                showing: [
                    ShipmentEvents.eventType, ShipmentEvents.description, ShipmentEvents.location,
                    ShipmentEvents.timestamp,
                ], order: ShipmentEvents.resource.order, "Events of the shipment, the newest first.")
        ]
        resource.filters = [.equals(status), .equals(order), .equals(trackingNumber), .keys]
        return resource
    }()

    // MARK: Operations

    private static let track = {
        var operation = Operation.on(
            resource, "track_shipment", "Track a shipment", .row, .tracking,
            .init(.get, "track", options: "Track shipment with events"),
            remarks: [
                .rest("The events come twice: inside the shipment and beside it."),
                .soap("It returns the shipment with its events, by the carrier's tracking number."),
            ])
        operation.soapKey = trackingNumber
        return Endpoint(operation) { call in
            if case .key(let number) = call.input.row {
                try call.sendRow(resource, where: "shipments.tracking_number = \(number)")
            } else {
                try call.sendTracking(resource)
            }
        }
    }()

    private static let updateStatus = {
        var operation = Operation.on(
            resource, "update_shipment_status", "Set the status of a shipment", .row, .changed,
            .init(.post, "update_status", options: "Update shipment status"),
            remarks: [
                .both(
                    "Any status may follow any other. No event is added, and the delivery date and the order's status stay as "
                        + "they are.")
            ])
        operation.body = .arguments
        return Endpoint(operation, takes: .text(status, whenMissing: .refused("Status is required", .validation))) {
            call, status in
            try call.move(resource, Self.status, to: status, "Status updated successfully")
        }
    }()

    static let endpoints =
        Endpoint.standard(
            resource, create: [.both("The order's status and its tracking stay as they are.")],
            update: [.both("A status set here does the same as update_shipment_status.")],
            delete: [.both("Its events are deleted with it.")]) + [track, updateStatus]
}
