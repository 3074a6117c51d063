import CShims
import Controllers
import Engine
import FastCGI
import Glibc
import Logging
import MariaDB
import XML

/// A process that answers requests until it is stopped.
struct Worker {
    private let settings: Settings
    private let log: Logger
    private let startup: Startup
    /// The worker's number among those of the site; nil for one without a supervisor.
    private let number: Int?

    /// How a worker starts: whom it informs, and whether it may start without MariaDB.
    struct Startup: Sendable {
        /// A pipe to the supervisor, on which the worker says in one line that it is ready, or why it ends.
        let pipe: Int32?
        /// Whether the worker ends if it has no MariaDB; without other workers it starts nevertheless and answers 503.
        let needsDatabase: Bool

        static let ready = "ready"
        /// The worker answers, but has had no session with MariaDB yet.
        static let readyToWait = "ready to wait"

        func tell(_ line: String) {
            guard let pipe else { return }
            let text = line + "\n"
            // EPIPE: the supervisor ended before this process could ask the kernel to be told of that.
            guard unsafe write(pipe, text, text.utf8.count) == text.utf8.count else { _exit(1) }
            close(pipe)
        }
    }

    init(_ settings: Settings, _ log: Logger, _ startup: Startup, number: Int?) {
        self.settings = settings
        self.log = log
        self.startup = startup
        self.number = number
    }

    func run(_ sockets: Sockets) {
        // No signal handler may run on a worker thread, since libfcgi takes EINTR for a broken connection. All signals
        // are therefore blocked before the first thread starts, and one thread waits for those that matter.
        Signals.blockAll()
        // Only under the supervisor: spawn-fcgi ends as soon as it has started this process.
        if startup.pipe != nil { cshims_die_with_parent(Signals.replaced) }
        Library.start()
        XMLLibrary.start()
        let descriptors = Int(cshims_raise_descriptor_limit())
        let forDesk = min(1024, descriptors / 4)
        // Each thread has one for MariaDB and one for its wait at the write gate. Some are left for the sockets and the
        // files that libraries open.
        let server = Server(sockets.requests, limits: limits(descriptors - forDesk - 2 * settings.threads - 64))
        // The desk accepts once this worker is ready; until then, the workers that it replaces report the site's state.
        let desk = sockets.desk.map { Server($0, limits: limits(forDesk), isAccepting: false) }
        let draining = Draining(seconds: settings.drainSeconds)
        Signals.onTermination { signal in
            draining.begin()
            // The workers that replace this one report the site's state from now on.
            if signal == Signals.replaced { desk?.stopAccepting() }
            server.drain()
        }
        let shared = Session.Shared(cacheBytes: settings.cacheBytes, threads: settings.threads)
        let notes = Notes()
        let site = Site(Catalogue.standard, at: settings.publicAddress, shared, notes)
        let gate = WriteGate(threads: settings.threads)
        let (settings, log, startup, number) = (settings, log, startup, number)
        server.run(threads: settings.threads) {
            cshims_prepare_thread_for_crash()
            let seat = gate.takeSeat()
            var forDatabase = settings.database
            forDatabase.slot = number.map { Session.slot(worker: $0, thread: seat.number, of: settings.threads) }
            let database = Connection(forDatabase)
            database.seat = seat
            let handler = RequestHandler(site, database, settings, draining, log)
            Self.prepare(handler, startup, notes, log)
            return handler
        } isReady: {
            let isPrepared = notes.unprepared.take() == 0
            startup.tell(isPrepared ? Startup.ready : Startup.readyToWait)
            if !draining.hasBegun { desk?.startAccepting() }
            log.info(
                isPrepared ? "worker is ready" : "worker has started and says 503",
                metadata: ["threads": "\(settings.threads)", "version": "\(Version.program)"])
        } meanwhile: {
            let housekeeping = Housekeeping(server, notes, log)
            guard let desk else { return housekeeping.run(until: draining) }
            desk.serve(Desk(Readiness(settings.deskDatabase), draining)) { [desk] in
                housekeeping.look()
                desk.tend()
            }
        } whenDrained: {
            draining.end()
            desk?.end()
        }
        log.info("worker has drained")
    }

    private func limits(_ descriptors: Int) -> Server.Limits {
        Server.Limits(
            receiveSeconds: settings.receiveSeconds, sendSeconds: settings.receiveSeconds,
            drainSeconds: settings.drainSeconds,
            // Each connection takes two descriptors.
            connections: max(16, descriptors / 2))
    }

    private static func prepare(_ handler: RequestHandler, _ startup: Startup, _ notes: Notes, _ log: Logger) {
        do {
            try handler.prepare()
        } catch {
            let reason = (error as? MariaDBError).map { "MariaDB: \($0.number) \($0.message)" } ?? "\(error)"
            if startup.needsDatabase {
                startup.tell(reason)
                _exit(1)
            }
            // Requests get 503 until MariaDB is there, or until an administrator has set right what is wrong. Only one
            // thread logs it.
            guard notes.unprepared.add(1) == 1 else { return }
            let isRefused = (error as? MariaDBError)?.meaning == .refused || error is Readiness.OldSchema
            log.log(
                level: isRefused ? .critical : .warning, "requests cannot be answered yet",
                metadata: ["reason": "\(reason)"])
        }
    }
}
