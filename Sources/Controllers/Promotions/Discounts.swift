import Contract
import MariaDB
import Wire

/// Codes that make a purchase cheaper.
enum Discounts {
    static let reference = Reference(resource: "discount", table: "discounts", key: "discount_id")

    static let discountID = Field.text("discount_id", max: 100, "The seller's own number of the discount.").unique
    static let code = Field.text("code", max: 50, "What buyers type.").unique
    static let name = Field.text("name", max: 255, "What it is called.")
    static let description = Field.text("description", "What it is about.").optional
    static let discountType = Field.choice(
        "discount_type",
        ["percentage": "Percentage", "fixed_amount": "Fixed Amount", "buy_x_get_y": "Buy X Get Y"], "How it counts.")
    static let discountValue = Field.amount("discount_value", "How much it takes off.")
    static let minimumPurchase = Field.amount("minimum_purchase", "What must be bought at least.")
        .initially(.decimal(Decimal(unscaled: 0)))
    static let maximumDiscount = Field.amount("maximum_discount", "What it takes off at most.").nullable
    static let usageLimit = Field.integer("usage_limit", Kind.int32, "How often it may be used; 0 is no limit.")
        .nullable
    static let usageCount = Field.count("usage_count", "How often it was used.").initially(.integer(0)).readOnly
    static let validFrom = Field.timestamp("valid_from", "From when it counts.")
    static let validUntil = Field.timestamp("valid_until", "Until when it counts.")
    static let isActive = Field.boolean("is_active", "Whether it counts at all.").initially(.boolean(true))

    static let resource = {
        var resource = Resource(
            reference, in: .promotions, key: .own(discountID), "REST API ViewSet for Discount management",
            fields: [
                discountID, code, name, description, discountType, discountValue, minimumPurchase, maximumDiscount,
                usageLimit, usageCount, validFrom, validUntil, isActive, .createdAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.rules = [
            .period(start: validFrom, end: validUntil),
            .percentage(amount: discountValue, when: discountType, is: "percentage"),
        ]
        resource.filters = [.equals(code), .equals(isActive), .keys]
        return resource
    }()

    private static let validate = {
        var operation = Operation.on(
            resource, "validate_discount_code", "Validate a discount code", .row, .validity,
            .init(.post, "validate_code"))
        operation.soapKey = code
        return Endpoint(operation) { call in
            let condition: SQL
            if case .key(let text) = call.input.row {
                condition = "discounts.code = \(text)"
            } else {
                condition = try call.rowCondition(resource)
            }
            try call.snapshot {
                let rows = try call.database.select(
                    """
                    SELECT id, is_active, UTC_TIMESTAMP(6) BETWEEN valid_from AND valid_until, \
                    usage_limit IS NOT NULL AND usage_limit <> 0 AND usage_count >= usage_limit \
                    FROM discounts WHERE \(condition)
                    """)
                guard rows.next(), let id = rows.integer(0) else { throw Fault.noSuch(resource, call.input.row) }
                let reason: String? =
                    if rows.integer(1) == 0 {
                        "Discount is not active"
                    } else if rows.integer(2) == 0 {
                        // The contract says so before the discount begins as well.
                        "Discount has expired"
                    } else if rows.integer(3) == 1 {
                        "Usage limit reached"
                    } else {
                        nil
                    }
                try call.sendValidity(resource, id: id, reason)
            }
        }
    }()

    static let endpoints = Endpoint.standard(resource) + [validate]
}
