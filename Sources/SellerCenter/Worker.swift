import CShims
import Controllers
import FastCGI
import Glibc
import Logging
import MariaDB
import XML

/// One process that answers requests until it is told to stop.
struct Worker {
    private let settings: Settings
    private let log: Logger
    private let startup: Startup

    /// How a worker begins: whom it tells, and whether it may begin without MariaDB.
    struct Startup: Sendable {
        /// A pipe to the supervisor, which is told in one line that the worker is ready, or why it ends.
        let pipe: Int32?
        /// Whether it ends when it could only say 503; without another worker to keep it begins all the same.
        let needsDatabase: Bool

        static let ready = "ready"
        /// It answers, but has seen no MariaDB yet.
        static let readyToWait = "ready to wait"

        func tell(_ line: String) {
            guard let pipe else { return }
            let text = line + "\n"
            // A supervisor that ended before this process asked to be told of it reads no more: EPIPE.
            guard unsafe write(pipe, text, text.utf8.count) == text.utf8.count else { _exit(1) }
            close(pipe)
        }
    }

    init(_ settings: Settings, _ log: Logger, _ startup: Startup) {
        self.settings = settings
        self.log = log
        self.startup = startup
    }

    func run(_ sockets: Sockets) {
        // No signal handler may run on a worker thread: libfcgi takes EINTR for a broken connection. Everything is
        // blocked before the first thread starts, and one thread waits for what matters.
        Signals.blockAll()
        // Only our supervisor: spawn-fcgi ends as soon as it has started us.
        if startup.pipe != nil { cshims_die_with_parent(Signals.replaced) }
        Library.start()
        XMLLibrary.start()
        let descriptors = Int(cshims_raise_descriptor_limit())
        let forDesk = min(1024, descriptors / 4)
        // Some are for MariaDB, the sockets and whatever libraries open.
        let server = Server(sockets.requests, limits: limits(descriptors - forDesk - settings.threads - 64))
        // Until this worker is ready, those that it is to replace say how the site is.
        let desk = sockets.desk.map { Server($0, limits: limits(forDesk), isAccepting: false) }
        let draining = Draining(seconds: settings.drainSeconds)
        Signals.onTermination { signal in
            draining.begin()
            // Those that replaced this worker answer for the site now.
            if signal == Signals.replaced { desk?.stopAccepting() }
            server.drain()
        }
        let shared = Call.Shared(cacheBytes: settings.cacheBytes, threads: settings.threads)
        let notes = Notes()
        let site = Site(Catalogue.standard, at: settings.publicAddress, shared, notes)
        let gate = WriteGate(threads: settings.threads)
        let (settings, log, startup) = (settings, log, startup)
        server.run(threads: settings.threads) {
            cshims_prepare_thread_for_crash()
            let handler = RequestHandler(site, settings, gate, draining, log)
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
            // Each connection takes two.
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
            // Requests will say 503 until it is there, or until somebody has set right what is wrong. One thread says it
            // for all.
            guard notes.unprepared.add(1) == 1 else { return }
            let isRefused = (error as? MariaDBError)?.meaning == .refused || error is Readiness.OldSchema
            log.log(
                level: isRefused ? .critical : .warning, "requests cannot be answered yet",
                metadata: ["reason": "\(reason)"])
        }
    }
}
