import Contract
import Engine

/// Lower prices of products during a campaign.
enum ProductPromotions {
    static let promotionID = Field.text(
        "promotion_id", max: 100, "Number that the seller gives the promotion; no other promotion has it."
    ).unique
    static let product = Field.reference("product", to: Products.reference, "Product that is cheaper for a time.")
    static let campaign = Field.reference(
        "campaign", to: Campaigns.reference, "Campaign that the promotion belongs to; null or absent: none."
    ).nullable
    static let discountPercentage = Field.percentage(
        "discount_percentage", within: .zero...Decimal(unscaled: 100_00),
        "Percentage by which the product is cheaper, 0.00 to 100.00. The product's price does not change.")
    static let startDate = Field.timestamp("start_date", "UTC time when the promotion begins.")
    static let endDate = Field.timestamp("end_date", "UTC time when the promotion ends, not before it begins.")
    static let isActive = Field.boolean(
        "is_active", "Whether the promotion counts, set by the seller. Neither its dates nor its campaign changes it."
    ).initially(true)

    static let resource = Resource(
        Reference(resource: "product_promotion", table: "product_promotions", key: "promotion_id"), in: .promotions,
        key: .own(promotionID), about: "REST API ViewSet for Product Promotion management",
        fields: [promotionID, product, campaign, discountPercentage, startDate, endDate, isActive],
        filters: [.equals(product), .equals(campaign), .equals(isActive), .keys],
        rules: [.period(start: startDate, end: endDate)])

    static let endpoints = Endpoint.standard(resource)
}
