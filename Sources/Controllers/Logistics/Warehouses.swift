import Contract

/// Where goods are kept.
enum Warehouses {
    static let warehouseID = Field.text("warehouse_id", max: 100, "The seller's own number of the warehouse.").unique
    static let name = Field.text("name", max: 255, "What it is called.")
    static let address = Field.text("address", "Street and number.")
    static let city = Field.text("city", max: 100, "The town.")
    static let state = Field.text("state", max: 100, "The state or region.")
    static let country = Field.text("country", max: 100, "The country.")
    static let postalCode = Field.text("postal_code", max: 20, "The postal code.")
    static let capacity = Field.count("capacity", "How much it holds.")
    static let managerName = Field.text("manager_name", max: 255, "Who runs it.").optional
    static let contactPhone = Field.text("contact_phone", max: 20, "Where it is called.").optional

    static let resource = {
        var resource = Resource(
            Reference(resource: "warehouse", table: "warehouses", key: "warehouse_id"), in: .logistics,
            key: .own(warehouseID), "REST API ViewSet for Warehouse management",
            fields: [
                warehouseID, name, address, city, state, country, postalCode, capacity, managerName, contactPhone,
            ])
        resource.filters = [.keys]
        return resource
    }()

    static let endpoints = Endpoint.standard(resource)
}
