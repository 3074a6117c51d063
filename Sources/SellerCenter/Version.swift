/// The version of this program and of the schema that it needs.
enum Version {
    static let program = "0.1.0"
    /// The number of the last file in `sql/`. The program cannot use an older database; it can use a newer one, since
    /// migrations only add.
    static let schema: Int64 = 14
}
