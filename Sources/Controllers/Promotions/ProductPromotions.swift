import Contract

/// Products that are cheaper for a time.
enum ProductPromotions {
    static let promotionID = Field.text("promotion_id", max: 100, "The seller's own number of the promotion.").unique
    static let product = Field.reference("product", to: Products.reference, "What is cheaper.")
    static let campaign = Field.reference("campaign", to: Campaigns.reference, "The campaign it belongs to.").nullable
    static let discountPercentage = Field.percentage("discount_percentage", "By how much.")
    static let startDate = Field.timestamp("start_date", "From when.")
    static let endDate = Field.timestamp("end_date", "Until when.")
    static let isActive = Field.boolean("is_active", "Whether it counts.").initially(.boolean(true))

    static let resource = {
        var resource = Resource(
            Reference(resource: "product_promotion", table: "product_promotions", key: "promotion_id"),
            in: .promotions, key: .own(promotionID), "REST API ViewSet for Product Promotion management",
            fields: [promotionID, product, campaign, discountPercentage, startDate, endDate, isActive])
        resource.rules = [.period(start: startDate, end: endDate)]
        resource.filters = [.equals(product), .equals(campaign), .equals(isActive), .keys]
        return resource
    }()

    static let endpoints = Endpoint.standard(resource)
}
