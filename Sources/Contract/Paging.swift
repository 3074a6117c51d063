/// The limits of paging, which every list shares.
package enum Paging {
    /// The size of a REST page, which is fixed.
    package static let restSize: Int64 = 100
    package static let defaultSize: Int64 = 50
    package static let sizes: ClosedRange<Int64> = 1...1000
    package static let page = Field.integer(
        "page", 1...Kind.int32.upperBound,
        "Number of the page to return; absent: 1. When your own work takes rows out of the filter while you page, ask "
            + "for page 1 again until it is empty."
    ).erased
    package static let size = Field.integer(
        "page_size", sizes, "Number of rows that a page holds, 1 to \(sizes.upperBound); absent: \(defaultSize)."
    ).erased
    package static let updatedSince = Field.timestamp(
        "updated_since",
        "UTC time: only rows that changed at or after it, or that show a row that did. Send the next_updated_since "
            + "that the first page gave last time; a row that comes again unchanged is known by its revision, not by "
            + "updated_at."
    ).erased
    package static let nextUpdatedSince = Field.timestamp(
        "next_updated_since",
        "UTC time to send as updated_since next time, so that no change is missed. Of a list read in pages, keep that of "
            + "the first page. A row that others delete meanwhile may move a later one out between two pages: a page that "
            + "holds all is safe."
    ).erased
    package static let limit = Field.integer(
        "limit", 0...Int64.max, "Number of rows to return at most; absent: \(defaultLimit).")
    package static let defaultLimit: Int64 = 10
    /// The text that asks for the last page.
    package static let last = "last"
}
