import CShims
import FastCGI
import Logging

/// The two sockets that nginx connects to: one for requests, and one for the desks, which say how the workers are.
struct Sockets {
    let requests: Listener
    /// Nil where another process has it.
    let desk: Listener?
    /// What the log calls the first: its path, if we have bound it.
    var name = "inherited"

    /// What systemd calls the second.
    private static let deskName = "desk"

    /// The sockets that a supervisor is to own: from the service manager, or else bound.
    static func owned(_ settings: Settings, _ log: Logger) throws(Listener.Failure) -> Sockets {
        let passed = try passed()
        guard let requests = passed.requests else {
            return Sockets(
                requests: try bind(settings.socket), desk: try bind(settings.deskSocket), name: settings.socket)
        }
        return Sockets(requests: requests, desk: passed.desk ?? ownDesk(settings, log))
    }

    /// The desk's socket for a process whose other socket came from outside; it serves without one as well.
    private static func ownDesk(_ settings: Settings, _ log: Logger) -> Listener? {
        do throws(Listener.Failure) {
            return try bind(settings.deskSocket)
        } catch {
            log.warning("there is no socket for health: /health/ will be 503", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Stops listening in this process, so that clients who come now are told at once that nobody is there.
    func close() {
        requests.close()
        desk?.close()
    }

    /// The sockets of a worker: from its supervisor by their numbers, or from the service manager. One that has no
    /// supervisor makes the desk's itself, unless another such worker has.
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
        // Without names the second is the desk's.
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

    /// The workers of a supervisor that was killed stop listening at once, but not at the same moment.
    private static let patience: Int64 = 2000
}
