/// What this program is, and for which schema it was written.
enum Version {
    static let program = "0.1.0"
    /// The number of the last file in `sql/`. An older database cannot serve this program; a newer one can, since
    /// migrations only add.
    static let schema: Int64 = 12
}
