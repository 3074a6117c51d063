import Contract

extension Remark {
    /// The remark on creating rows in the resources of analytics.
    static let figures = both(
        "The figures are stored as sent: the server computes none of them from orders or payments.")
}
