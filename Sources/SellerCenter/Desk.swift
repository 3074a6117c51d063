import Contract
import FastCGI
import Wire

/// Answers questions about the worker's state, on a socket and a thread that no request can block.
final class Desk: Handler {
    private let readiness: Readiness
    private let draining: Draining
    private let reply = Reply()
    private var head = Bytes(capacity: 1024)

    init(_ readiness: Readiness, _ draining: Draining) {
        self.readiness = readiness
        self.draining = draining
    }

    func handle(_ exchange: Request) {
        let (request, _) = HTTPRequest.read(exchange)
        answer(request)
        reply.writeHead(&head)
        if request.method == "HEAD" { reply.body.truncate(to: 0) }
        unsafe head.withBytes { head in unsafe reply.body.withBytes { unsafe exchange.send(head, $0) } }
        reply.reset()
    }

    private func answer(_ request: HTTPRequest) {
        let answers: [String: () -> Void] = ["/health/live": answerLive, "/health/ready": answerReady]
        guard let answer = answers[request.path] else {
            return REST.write(.notFound, reply, requestID: request.id)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            reply.set("Allow", "GET, HEAD")
            return REST.write(.methodNotAllowed(request.method), reply, requestID: request.id)
        }
        reply.contentType = REST.json
        answer()
    }

    private func answerLive() { reply.body.append("{\"status\":\"live\"}") }

    private func answerReady() {
        var (status, isUp, schema) = ("ready", true, Int64?.none)
        switch readiness.look() {
        case .ready(let number): schema = number
        case .oldSchema(let number): (status, schema) = ("not ready", number)
        case .refused: status = "not ready"
        case .down: (status, isUp) = ("not ready", false)
        }
        if draining.hasBegun { status = "draining" }
        if status != "ready" {
            reply.status = Fault.Code.unavailable.status
            reply.set("X-Error-Code", Fault.Code.unavailable.rawValue)
            reply.set("Retry-After", "1")
        }
        reply.body.append(
            "{\"status\":\(status.json),\"database\":\"\(isUp ? "up" : "down")\",\"schema\":"
                + "\(schema.map(String.init) ?? "null"),\"version\":\(Version.program.json)}")
    }
}
