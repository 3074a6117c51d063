import Contract
import Engine

/// Codes that one buyer can use once.
enum Vouchers {
    static let voucherID = Field.text(
        "voucher_id", max: 100, "Number that the seller gives the voucher; no other voucher has it."
    ).unique
    static let code = Field.text(
        "code", max: 50, "Code that the buyer types to use the voucher; no other voucher has it."
    ).unique
    static let discount = Field.reference(
        "discount", to: Discounts.reference, "Discount that the voucher gives; null or absent: none."
    ).nullable
    static let customerEmail = Field.email(
        "customer_email", "E-mail address of the buyer whom the seller gives the voucher; may be empty."
    ).optional
    static let isRedeemed = Field.boolean(
        "is_redeemed", "Whether the voucher was used, set by redeem_voucher or the client."
    ).initially(false)
    static let redeemedAt = Field.timestamp(
        "redeemed_at",
        "UTC time when the voucher was used, set by redeem_voucher or the client; null or absent: not yet."
    ).nullable

    static let resource = Resource(
        Reference(resource: "voucher", table: "vouchers", key: "voucher_id"), in: .promotions, key: .own(voucherID),
        about: "REST API ViewSet for Voucher management",
        fields: [voucherID, code, discount, customerEmail, isRedeemed, redeemedAt, .createdAt],
        filters: [.equals(code), .equals(discount), .equals(isRedeemed), .keys])

    private static let redeem = Endpoint.writing(
        "redeem_voucher", "Redeem a voucher", .post("redeem", options: "Redeem a voucher"), on: .row(resource),
        returns: .changed,
        remarks: [
            .both(
                "Only a redeemed voucher is refused: the buyer's e-mail address, the discount and its dates are not "
                    + "looked at. To check the discount, call validate_discount_code before.")
        ]
    ) { write in
        let voucher = try write.lock(resource, isRedeemed)
        if try voucher[isRedeemed] { throw Fault.refused("Voucher has already been redeemed") }
        return try write.change(
            voucher, isRedeemed.to(true), redeemedAt.toNow, saying: "Voucher redeemed successfully")
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            update: [
                .both(
                    "Setting is_redeemed here makes a used voucher usable again, or the other way round, without a check."
                )
            ]) + [redeem]
}
