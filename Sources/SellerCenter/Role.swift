/// What a child of the supervisor does: the subcommand of the program that it runs.
enum Role: String {
    /// Answers requests.
    case worker

    /// Whether the child gets the sockets that clients connect to.
    var answersClients: Bool {
        switch self {
        case .worker: true
        }
    }
}
