/// What a child of the supervisor does: the subcommand of the program that it runs.
enum Role: String {
    /// Answers requests.
    case worker
}
