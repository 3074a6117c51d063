import CShims
import Controllers
import FastCGI
import Glibc
import Logging
import MariaDB
import Synchronization
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
        /// Whether it begins although it could only say 503: there is no other worker to keep.
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
        if startup.pipe != nil { cshims_die_with_parent(SIGTERM) }
        Library.start()
        XMLLibrary.start()
        let server = Server(sockets.requests, limits: limits(cshims_raise_descriptor_limit()))
        // Until this worker is ready, those that it is to replace say how the site is.
        let desk = sockets.desk.map { Server($0, limits: limits(Self.deskDescriptors), isAccepting: false) }
        let isDraining = Draining()
        Signals.onTermination { signal in
            isDraining.begin()
            // Those that replaced this worker answer for the site now.
            if signal == Signals.replaced { desk?.stopAccepting() }
            server.drain()
        }
        let shared = Call.Shared(cacheBytes: settings.cacheBytes, threads: settings.threads)
        let site = Site(Catalogue.standard, publicURL: settings.publicURL, shared)
        let gate = WriteGate(threads: settings.threads)
        let notes = Notes()
        let (settings, log, startup) = (settings, log, startup)
        server.run(threads: settings.threads) {
            cshims_prepare_thread_for_crash()
            let handler = RequestHandler(site, settings, gate, notes, log)
            Self.prepare(handler, startup, notes, log)
            return handler
        } isReady: {
            startup.tell(notes.unprepared.take() == 0 ? Startup.ready : Startup.readyToWait)
            if !isDraining.hasBegun { desk?.startAccepting() }
            log.info("worker is ready", metadata: ["threads": "\(settings.threads)", "version": "\(Version.program)"])
        } meanwhile: {
            let housekeeping = Housekeeping(server, notes, log)
            guard let desk else { return housekeeping.run(until: isDraining) }
            let readiness = Readiness(settings.deskDatabase)
            desk.serve(Desk(readiness) { isDraining.hasBegun }) { [desk] in
                housekeeping.look()
                desk.tend()
            }
        } whenDrained: {
            isDraining.end()
            desk?.end()
        }
        log.info("worker has drained")
    }

    private func limits(_ descriptors: Int64) -> Server.Limits {
        var limits = Server.Limits()
        limits.drainSeconds = settings.drainSeconds
        limits.receiveSeconds = settings.receiveSeconds
        limits.sendSeconds = settings.receiveSeconds
        // Each connection takes two; some are for MariaDB, the sockets and whatever libraries open.
        limits.connections = max(16, (Int(descriptors) - settings.threads - 64) / 2)
        return limits
    }

    /// Enough for a few hundred that ask how we are.
    private static let deskDescriptors: Int64 = 1024

    private static func prepare(_ handler: RequestHandler, _ startup: Startup, _ notes: Notes, _ log: Logger) {
        do {
            try handler.prepare()
        } catch {
            let reason = (error as? MariaDBError).map { "MariaDB: \($0.number) \($0.message)" } ?? "\(error)"
            if startup.needsDatabase {
                startup.tell(reason)
                _exit(1)
            }
            notes.unprepared.add(1)
            // Requests will say 503 until it is set right.
            log.warning("started without MariaDB", metadata: ["error": "\(reason)"])
        }
    }
}

/// Whether a worker has been told to stop, and has done so.
final class Draining: Sendable {
    private let begun = Atomic(false)
    private let ended = Atomic(false)

    var hasBegun: Bool { begun.load(ordering: .relaxed) }
    var hasEnded: Bool { ended.load(ordering: .relaxed) }

    func begin() { begun.store(true, ordering: .relaxed) }
    func end() { ended.store(true, ordering: .relaxed) }
}

/// What a worker looks after now and then.
final class Housekeeping {
    private let server: Server
    private let notes: Notes
    private let log: Logger
    private var next: Int64 = 0

    init(_ server: Server, _ notes: Notes, _ log: Logger) {
        self.server = server
        self.notes = notes
        self.log = log
    }

    func run(until draining: Draining) {
        while !draining.hasEnded {
            look()
            cshims_sleep_milliseconds(100)
        }
    }

    func look() {
        server.tend()
        let now = cshims_monotonic_milliseconds()
        guard now >= next else { return }
        next = now + 1000
        tell("requests refused: they had waited too long", notes.late.take())
        tell("requests dropped: their clients had left", server.takeDropped())
        // The library keeps what is freed, and an answer of a hundred megabytes comes seldom.
        if notes.freed.take() > 0 { malloc_trim(0) }
    }

    private func tell(_ message: Logger.Message, _ count: Int) {
        if count > 0 { log.warning(message, metadata: ["requests": "\(count)"]) }
    }
}
