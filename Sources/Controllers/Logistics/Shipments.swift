import Contract
import MariaDB
import Wire

/// Parcels on their way to a buyer.
enum Shipments {
    static let reference = Reference(resource: "shipment", table: "shipments", key: "shipment_id")

    // MARK: Fields

    static let shipmentID = Field.text("shipment_id", max: 100, "The seller's own number of the shipment.").unique
    static let order = Field.reference("order", to: Orders.reference, "The order it belongs to.")
    static let carrierName = Field.text("carrier_name", max: 100, "Who carries it.")
    static let trackingNumber = Field.text("tracking_number", max: 100, "The carrier's number.").unique
    static let status = Field.choice(
        "status",
        [
            "pending": "Pending", "picked_up": "Picked Up", "in_transit": "In Transit",
            "out_for_delivery": "Out for Delivery", "delivered": "Delivered", "failed": "Failed",
        ], "How far it has come."
    ).initially(.text("pending"))
    static let originAddress = Field.text("origin_address", "Where it comes from.")
    static let destinationAddress = Field.text("destination_address", "Where it goes.")
    static let weight = Field.amount("weight", digits: 8, "Kilograms.")
    static let shippingCost = Field.amount("shipping_cost", "What carrying it costs.")
    static let estimatedDelivery = Field.timestamp("estimated_delivery_date", "When it should arrive.").nullable
    static let actualDelivery = Field.timestamp("actual_delivery_date", "When it arrived.").nullable

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
                ], order: ShipmentEvents.resource.order)
        ]
        resource.filters = [.equals(status), .equals(order), .equals(trackingNumber), .keys]
        return resource
    }()

    // MARK: Operations

    private static let track = {
        var operation = Operation.on(
            resource, "track_shipment", "Track shipment with events", .row, .tracking, .init(.get, "track"))
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
            resource, "update_shipment_status", "Update shipment status", .row, .changed, .init(.post, "update_status"))
        operation.body = .arguments
        return Endpoint(operation, takes: .text(status, whenMissing: .refused("Status is required", .validation))) {
            call, status in
            try call.move(resource, Self.status, to: status, "Status updated successfully")
        }
    }()

    static let endpoints = Endpoint.standard(resource) + [track, updateStatus]
}
