import Contract
import Engine

/// Codes that make a purchase cheaper.
enum Discounts {
    static let reference = Reference(resource: "discount", table: "discounts", key: "discount_id")

    static let discountID = Field.text(
        "discount_id", max: 100, "Number that the seller gives the discount; no other discount has it."
    ).unique
    static let code = Field.text(
        "code", max: 50, "Code that buyers type to get the discount; no other discount has it."
    ).unique
    static let name = Field.text("name", max: 255, "Name of the discount.")
    static let description = Field.text("description", "Description of the discount; may be empty.").optional
    /// The ways in which a discount counts.
    enum DiscountType: String, ChoiceValue {
        case percentage, fixedAmount = "fixed_amount", buyXGetY = "buy_x_get_y"
    }

    static let discountType = Field<DiscountType>.choice(
        "discount_type",
        "Way in which the discount counts. It is for the shop to apply: the server computes no price with it.")
    static let discountValue = Field.money(
        "discount_value",
        "Value of the discount: percent for the type percentage, at most 100; an amount in the seller's currency for "
            + "fixed_amount; what the shop makes of it for buy_x_get_y."
    )
    static let minimumPurchase = Field.money(
        "minimum_purchase",
        "Amount that must be bought at least, in the seller's currency; validate_discount_code does not look at it."
    ).initially(.zero)
    static let maximumDiscount = Field.money(
        "maximum_discount",
        "Amount that the discount takes off at most, in the seller's currency; null or absent: no limit."
    ).nullable
    static let usageLimit = Field.integer(
        "usage_limit", Kind.int32, "Number of times that the discount may be used; 0, null or absent: no limit."
    ).nullable
    static let usageCount = Field.count(
        "usage_count", "Number of times that the discount was used. No operation counts it up: it stays 0."
    ).initially(0).readOnly
    static let validFrom = Field.timestamp("valid_from", "UTC time from which the discount can be used.")
    static let validUntil = Field.timestamp(
        "valid_until", "UTC time until which the discount can be used, not before valid_from.")
    static let isActive = Field.boolean(
        "is_active", "Whether the discount can be used at all, set by the seller."
    ).initially(true)

    static let resource = Resource(
        reference, in: .promotions, key: .own(discountID), about: "REST API ViewSet for Discount management",
        fields: [
            discountID, code, name, description, discountType, discountValue, minimumPurchase, maximumDiscount,
            usageLimit, usageCount, validFrom, validUntil, isActive, .createdAt,
        ], order: [.descending(.createdAt)], filters: [.equals(code), .equals(isActive), .keys],
        rules: [
            .period(start: validFrom, end: validUntil),
            .percentage(amount: discountValue, when: discountType, is: .percentage),
        ])

    private static let validate = Endpoint.reading(
        "validate_discount_code", "Tell whether a discount can be used now",
        .post("validate_code", options: "Validate a discount code"), on: .row(resource), returns: .record(validity),
        soapKey: code,
        remarks: [
            .rest(
                "It judges the discount whose id is in the path; a body, and so a code in it, is not read. To judge a code "
                    + "alone, use SOAP's validate_discount_code."),
            .soap("It judges the discount with this code; an unknown code is the fault NOT_FOUND."),
            .both(
                "The reason is \"Discount has expired\" before valid_from as well. The use is not counted, and the minimum "
                    + "purchase is not looked at."),
        ]
    ) { read in
        let discount = try read.row(
            read.named, of: resource, isActive, validFrom, validUntil, usageLimit, usageCount)
        guard let reason = try reasonAgainst(discount) else {
            return .record([.value(.boolean(true)), .absent, .row(discount.name)])
        }
        return .record([.value(.boolean(false)), .value(.text(reason)), .absent])
    }

    private static let validity = Shape(
        "DiscountValidity", "Whether the code can be used, with the discount or the reason why not.",
        .value(Field.boolean("valid", "Whether the code can be used now.")),
        .value(
            Field.text("message", "Reason why it cannot be used; absent when it can."), isOptional: true,
            soap: "reason"),
        .row(resource, isOptional: true, "Discount of the code; absent when it cannot be used."))

    /// Why a discount cannot be used now; nil if it can.
    private static func reasonAgainst(_ discount: Row) throws -> String? {
        if try !discount[isActive] { return "Discount is not active" }
        // The contract has this text also for a discount that has not begun.
        guard try discount[validFrom] <= discount.readAt, try discount.readAt <= discount[validUntil] else {
            return "Discount has expired"
        }
        guard let limit = try discount[usageLimit], limit != 0 else { return nil }
        return try discount[usageCount] >= limit ? "Usage limit reached" : nil
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            delete: [
                .both("Its vouchers are deleted with it. To stop it and keep them, set is_active to false instead.")
            ]) + [validate]
}
