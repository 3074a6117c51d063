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

    init(_ settings: Settings, _ log: Logger) {
        self.settings = settings
        self.log = log
    }

    func run(descriptor: Int32, ready: Int32?) throws {
        // No signal handler may run on a worker thread: libfcgi takes EINTR for a broken connection. Everything is
        // blocked before the first thread starts, and one thread waits for what matters.
        Signals.blockAll()
        // Only our supervisor: spawn-fcgi ends as soon as it has started us.
        if ready != nil { cshims_die_with_parent(SIGTERM) }
        Library.start()
        XMLLibrary.start()
        let listener = try Listener.passed() ?? Listener(inherited: descriptor)
        var limits = Server.Limits()
        limits.drainSeconds = settings.drainSeconds
        limits.receiveSeconds = settings.receiveSeconds
        limits.sendSeconds = settings.receiveSeconds
        let server = Server(listener, limits: limits)
        let site = Site(Catalogue.standard, publicURL: settings.publicURL, cacheBytes: settings.cacheBytes)
        Signals.onTermination { server.drain() }
        let (settings, log) = (settings, log)
        server.run(threads: settings.threads) {
            RequestHandler(site, settings, log)
        } isReady: {
            if let ready {
                var byte: UInt8 = 1
                // A supervisor that ended before this process asked to be told of it reads no more: EPIPE.
                guard unsafe write(ready, &byte, 1) == 1 else { exit(1) }
                close(ready)
            }
            log.info("worker is ready", metadata: ["threads": "\(settings.threads)"])
        }
        log.info("worker has drained")
    }
}
