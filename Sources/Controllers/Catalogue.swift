package import Contract
package import Engine

/// Every operation of the server: start reading here.
package struct Catalogue: Sendable {
    package let endpoints: [Endpoint]
    package let views: Views

    /// All endpoints of all domains, in the order in which documents list them.
    package static let standard = Catalogue(
        [
            Products.endpoints, ProductImages.endpoints, Inventory.endpoints,
            Orders.endpoints, OrderItems.endpoints, OrderTracking.endpoints,
            Shipments.endpoints, ShipmentEvents.endpoints, Warehouses.endpoints,
            Payments.endpoints, Invoices.endpoints, Settlements.endpoints,
            Campaigns.endpoints, Discounts.endpoints, Vouchers.endpoints, ProductPromotions.endpoints,
            SalesReports.endpoints, ProductAnalytics.endpoints, CustomerInsights.endpoints,
            PerformanceMetrics.endpoints,
            Domain.allCases.map(Endpoint.serviceInfo),
        ].flatMap { $0 })

    init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
        views = Views(endpoints.compactMap(\.operation.resource))
    }

    package var operations: [Operation] { endpoints.map(\.operation) }
}
