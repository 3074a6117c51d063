import Contract
import MariaDB

/// Single-use codes handed to one buyer.
enum Vouchers {
    static let voucherID = Field.text("voucher_id", max: 100, "The seller's own number of the voucher.").unique
    static let code = Field.text("code", max: 50, "What the buyer types.").unique
    static let discount = Field.reference("discount", to: Discounts.reference, "What it is worth.").nullable
    static let customerEmail = Field.email("customer_email", "Whose it is.").optional
    static let isRedeemed = Field.boolean("is_redeemed", "Whether it was used.").initially(.boolean(false))
    static let redeemedAt = Field.timestamp("redeemed_at", "When it was used.").nullable

    static let resource = {
        var resource = Resource(
            Reference(resource: "voucher", table: "vouchers", key: "voucher_id"), in: .promotions, key: .own(voucherID),
            "REST API ViewSet for Voucher management",
            fields: [voucherID, code, discount, customerEmail, isRedeemed, redeemedAt, .createdAt])
        resource.filters = [.equals(code), .equals(discount), .equals(isRedeemed), .keys]
        return resource
    }()

    private static let redeem = Endpoint(
        .on(resource, "redeem_voucher", "Redeem a voucher", .row, .changed, .init(.post, "redeem"))
    ) { call in
        try call.transaction {
            let row = try call.lockRow(resource, reading: [isRedeemed])
            guard row.values[isRedeemed.name] == .boolean(false) else {
                throw Fault.refused("Voucher has already been redeemed")
            }
            _ = try call.database.execute(
                "UPDATE vouchers SET is_redeemed = 1, redeemed_at = UTC_TIMESTAMP(6) WHERE id = \(row.id)")
            try call.sendChanged(resource, id: row.id, "Voucher redeemed successfully")
        }
    }

    static let endpoints = Endpoint.standard(resource) + [redeem]
}
