import Contract
import MariaDB
import Wire

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
    static let discountType = Field.choice(
        "discount_type",
        ["percentage": "Percentage", "fixed_amount": "Fixed Amount", "buy_x_get_y": "Buy X Get Y"],
        "Way in which the discount counts. It is for the shop to apply: the server computes no price with it.")
    static let discountValue = Field.amount(
        "discount_value",
        "Value of the discount: percent for the type percentage, at most 100; an amount in the seller's currency for "
            + "fixed_amount; what the shop makes of it for buy_x_get_y."
    )
    static let minimumPurchase = Field.amount(
        "minimum_purchase",
        "Amount that must be bought at least, in the seller's currency; validate_discount_code does not look at it."
    ).initially(.decimal(Decimal(unscaled: 0)))
    static let maximumDiscount = Field.amount(
        "maximum_discount",
        "Amount that the discount takes off at most, in the seller's currency; null or absent: no limit."
    ).nullable
    static let usageLimit = Field.integer(
        "usage_limit", Kind.int32, "Number of times that the discount may be used; 0, null or absent: no limit."
    ).nullable
    static let usageCount = Field.count(
        "usage_count", "Number of times that the discount was used. No operation counts it up: it stays 0."
    ).initially(.integer(0)).readOnly
    static let validFrom = Field.timestamp("valid_from", "UTC time from which the discount can be used.")
    static let validUntil = Field.timestamp(
        "valid_until", "UTC time until which the discount can be used, not before valid_from.")
    static let isActive = Field.boolean(
        "is_active", "Whether the discount can be used at all, set by the seller."
    ).initially(.boolean(true))

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
            resource, "validate_discount_code", "Tell whether a discount can be used now", .row, .validity,
            .init(.post, "validate_code", options: "Validate a discount code"),
            remarks: [
                .rest(
                    "It judges the discount whose id is in the path; a body, and so a code in it, is not read. To judge a code "
                        + "alone, use SOAP's validate_discount_code."),
                .soap("It judges the discount with this code; an unknown code is the fault NOT_FOUND."),
                .both(
                    "The reason is \"Discount has expired\" before valid_from as well. The use is not counted, and the minimum "
                        + "purchase is not looked at."),
            ])
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
                        // The contract has this text also for a discount that has not begun.
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

    static let endpoints =
        Endpoint.standard(
            resource,
            delete: [
                .both("Its vouchers are deleted with it. To stop it and keep them, set is_active to false instead.")
            ]) + [validate]
}
