import CShims
import Contract
import Controllers
import Engine
import FastCGI
import Logging
import MariaDB
import Wire

/// Handles one request at a time on one thread: reads it, finds its operation, runs it and sends the answer.
final class RequestHandler: Handler {
    private let site: Site
    private let pipeline: Pipeline
    private let reply = Reply()
    private let settings: Settings
    private let draining: Draining
    private var head = Bytes(capacity: 2048)
    /// The request in progress, with what sending its answer depends on.
    private var connection: Request?
    private var method = ""
    private var isHTTP10 = false

    init(_ site: Site, _ database: Connection, _ settings: Settings, _ draining: Draining, _ log: Logger) {
        self.site = site
        self.settings = settings
        self.draining = draining
        let session = Session(database, site.catalogue.views, site.shared)
        let timing = settings.sendsTiming ? Timing(database) : nil
        pipeline = Pipeline(site: site, session: session, reply: reply, log: log, timing: timing)
        reply.outlet = self
    }

    /// Opens the session with MariaDB and reads the first pages, so that the first requests are as fast as later ones.
    func prepare() throws {
        let number = try Readiness.schema(of: pipeline.session.database)
        guard number >= Version.schema else { throw Readiness.OldSchema(number: number) }
        try pipeline.warm()
    }

    func handle(_ connection: Request) {
        var (request, length) = HTTPRequest.read(connection)
        self.connection = connection
        (method, isHTTP10) = (request.method, request.isHTTP10)
        // nginx runs on the same machine and clock. If the clock was set back, the request's age counts as 0.
        let age = request.sentAt.map { max(0, cshims_wall_milliseconds() - $0) } ?? 0
        if age > Int64(settings.queueSeconds) * 1000 {
            // This client has waited too long already, while the requests behind it are still in time.
            site.notes.late.add(1)
            site.exchange(for: request).refuse(request, .unavailable, reply)
        } else {
            let deadline = cshims_monotonic_milliseconds() - age + Int64(settings.requestSeconds) * 1000
            answer(&request, length, connection, queued: age, until: deadline)
        }
        send(connection)
        self.connection = nil
        if reply.isLarge { site.notes.freed.add(1) }
        reply.reset()
    }

    private func answer(
        _ request: inout HTTPRequest, _ length: Int?, _ connection: Request, queued: Int64, until deadline: Int64
    ) {
        do throws(Request.BodyProblem) {
            request.body = try connection.readBody(length: length, limit: settings.bodyLimit)
            pipeline.answer(request, queued: queued, until: deadline)
        } catch {
            let isTooLarge = error == .tooLarge
            let fault = Fault(
                isTooLarge ? .tooLarge : .validation,
                isTooLarge ? "The body is too large." : "The body is incomplete.")
            site.exchange(for: request).refuse(request, fault, reply)
        }
    }

    private func send(_ connection: Request) {
        if reply.isBrokenOff { return connection.breakOff() }
        writeHead()
        if method == "HEAD" || reply.status == 204 { reply.body.truncate(to: 0) }
        unsafe head.withBytes { head in unsafe reply.body.withBytes { unsafe connection.send(head, $0) } }
    }

    /// Writes the head of the answer, unless it was sent with the first part.
    private func writeHead() {
        head.truncate(to: 0)
        guard !reply.isPartlySent else { return }
        reply.writeHead(&head)
    }
}

extension RequestHandler: Outlet {
    var takesParts: Bool { !isHTTP10 }

    var wantsHeadOnly: Bool { method == "HEAD" }

    func sendPart(of reply: Reply) -> Bool {
        guard let connection, !draining.isOver else { return false }
        writeHead()
        return unsafe head.withBytes { head in
            unsafe reply.body.withBytes { unsafe connection.sendPart(head, $0) }
        }
    }
}
