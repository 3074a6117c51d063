import CShims
import FastCGI
import Logging

/// The two sockets that nginx connects to: one for requests, and one for the desks, which report the workers' state.
struct Sockets {
    let requests: Listener
    /// Nil if another process has it.
    let desk: Listener?
    /// The name of the first socket in the log: its path, if this process has bound it.
    var name = "inherited"

    /// The name of the second socket in systemd's configuration.
    private static let deskName = "desk"

    /// The sockets of a supervisor: those that a service manager passed, or else new ones.
    static func owned(_ settings: Settings, _ log: Logger) throws(Listener.Failure) -> Sockets {
        let passed = try passed()
        guard let requests = passed.requests else {
            return Sockets(
                requests: try bind(settings.socket), desk: try bind(settings.deskSocket), name: settings.socket)
        }
        return Sockets(requests: requests, desk: passed.desk ?? ownDesk(settings, log))
    }

    /// The desk's socket for a process that was given the other one; nil if it cannot be bound, and the site serves
    /// without it.
    private static func ownDesk(_ settings: Settings, _ log: Logger) -> Listener? {
        do throws(Listener.Failure) {
            return try bind(settings.deskSocket)
        } catch {
            log.warning("there is no socket for health: /health/ will be 503", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Stops listening in this process, so that new clients are refused at once.
    func close() {
        requests.close()
        desk?.close()
    }

    /// The sockets of a worker, by number from its supervisor, or from the service manager. A worker without a
    /// supervisor binds the desk's socket itself, unless another such worker has done so.
    static func inherited(
        requests: Int32, desk: Int32?, _ settings: Settings, _ log: Logger
    ) throws(Listener.Failure) -> Sockets {
        let passed = try passed()
        let listener = if let requests = passed.requests { requests } else { try Listener(inherited: requests) }
        if let desk { return Sockets(requests: listener, desk: try Listener(inherited: desk)) }
        return Sockets(requests: listener, desk: passed.desk ?? ownDesk(settings, log))
    }

    private static func passed() throws(Listener.Failure) -> (requests: Listener?, desk: Listener?) {
        let passed = try Listener.passed()
        // If systemd gives no names, the second socket is the desk's.
        let desk = passed.firstIndex { $0.name == deskName } ?? (passed.count > 1 ? 1 : nil)
        return (
            passed.indices.first { $0 != desk }.map { passed[$0].listener }, desk.map { passed[$0].listener }
        )
    }

    private static func bind(_ path: String) throws(Listener.Failure) -> Listener {
        let deadline = cshims_monotonic_milliseconds() + patience
        while true {
            do throws(Listener.Failure) {
                return try Listener(path: path)
            } catch {
                guard error.isInUse, cshims_monotonic_milliseconds() < deadline else { throw error }
                cshims_sleep_milliseconds(20)
            }
        }
    }

    /// How long to retry a socket in use: when a supervisor was killed, its workers stop listening one after another.
    private static let patience: Int64 = 2000
}
