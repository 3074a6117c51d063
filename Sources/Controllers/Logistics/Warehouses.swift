import Contract
import Engine

/// The places where goods are stored.
enum Warehouses {
    static let warehouseID = Field.text(
        "warehouse_id", max: 100, "Number that the seller gives the warehouse; no other warehouse has it."
    ).unique
    static let name = Field.text("name", max: 255, "Name of the warehouse.")
    static let address = Field.text("address", "Street and number of the warehouse.")
    static let city = Field.text("city", max: 100, "Town where the warehouse is.")
    static let state = Field.text("state", max: 100, "State, province or region where the warehouse is.")
    static let country = Field.text("country", max: 100, "Country where the warehouse is, by name or code.")
    static let postalCode = Field.text(
        "postal_code", max: 20, "Postal code of the warehouse, as its country writes it.")
    static let capacity = Field.count(
        "capacity", "Capacity of the warehouse in the seller's own unit; no stock is checked against it.")
    static let managerName = Field.text(
        "manager_name", max: 255, "Name of the person who runs the warehouse; may be empty."
    ).optional
    static let contactPhone = Field.text(
        "contact_phone", max: 20, "Phone number of the warehouse, in any notation; may be empty."
    ).optional

    static let resource = Resource(
        Reference(resource: "warehouse", table: "warehouses", key: "warehouse_id"), in: .logistics,
        key: .own(warehouseID), about: "REST API ViewSet for Warehouse management",
        fields: [
            warehouseID, name, address, city, state, country, postalCode, capacity, managerName, contactPhone,
        ], filters: [.keys])

    static let endpoints = Endpoint.standard(resource)
}
