import Contract
import Controllers
import Engine
import Logging
import MariaDB
import Wire

/// The life of one request. Every operation of both protocols passes through `answer`, and what has to happen around
/// operations happens there.
struct Pipeline {
    let site: Site
    let session: Session
    let reply: Reply
    let log: Logger
    /// Nil if stages are not measured.
    let timing: Timing?

    /// Answers a request that has waited for so many milliseconds, until the deadline of the monotonic clock.
    func answer(_ request: HTTPRequest, queued milliseconds: Int64, until deadline: Int64) {
        timing?.begin(queued: milliseconds)
        var exchange = site.exchange(for: request)
        do {
            switch try site.find(request, &exchange, reply) {
            case .answered: break
            case .describe(let resource, let row, let plain, let full):
                let exists = try session.run(.reading, until: deadline) { work in try work.has(row, in: resource) }
                reply.body.append(exists ? full : plain)
            case .call(let found):
                // A fault keeps the headers that were set before it.
                if found.isDryRun { reply.set(DryRun.header.name, DryRun.header.value) }
                exchange.open(reply)
                timing?.end(.find)
                let input = found.read(request)
                timing?.end(.read)
                try run(site.catalogue.endpoints[found.number], input, until: deadline, isDryRun: found.isDryRun)
                exchange.close(reply)
            }
        } catch let problem as SOAPProblem {
            exchange.write(problem, reply, requestID: request.id)
        } catch {
            // If a part of the answer was sent, no fault can follow it.
            reply.isBrokenOff = reply.isPartlySent
            let fault = fault(for: error, request)
            if !reply.isPartlySent { exchange.write(fault, reply, requestID: request.id) }
        }
        // The length of a list in parts is not known before its end, nor are its times.
        if !reply.isInParts { timing?.write(to: reply) }
    }

    /// Runs an operation and writes its answer, both perhaps several times: what counts is the last.
    private func run(_ endpoint: Endpoint, _ input: Input, until deadline: Int64? = nil, isDryRun: Bool = false) throws
    {
        try session.run(endpoint.operation.effect, until: deadline, isDryRun: isDryRun) { work in
            reply.rewind()
            let answer = try endpoint.run(work, input)
            try Renderer(work, reply, input.format).write(answer, of: endpoint.operation)
            timing?.end(.render)
        }
    }

    /// Reads the first page of every list, so that the first requests find the session, the prepared statements, the
    /// counts and the newest rows ready. The first list that fails ends it, for instance because its table is being
    /// altered.
    func warm() throws {
        for endpoint in site.catalogue.endpoints where endpoint.operation.reply == .page {
            for notation in [Notation.json, .xml] {
                defer { reply.reset() }
                try run(endpoint, Input(notation))
            }
        }
    }
}

// MARK: Failures

extension Pipeline {
    /// The fault that a client sees for an error; errors that are not the client's are logged with the same request id.
    private func fault(for error: any Error, _ request: HTTPRequest) -> Fault {
        switch error {
        case let fault as Fault where fault.code != .internal: return fault
        case let interrupted as Interrupted: return self.fault(for: interrupted.cause, request)
        case is ClientLeft: return .unavailable
        case let error as MariaDBError where error.isRefusal:
            site.notes.refused.add(1)
            return .unavailable
        case let error as MariaDBError:
            log.log(
                level: error.meaning == .refused ? .critical : .error, "MariaDB failed",
                metadata: [
                    "request_id": "\(request.id)", "number": "\(error.number)", "error": "\(error.message)",
                    "sql": "\(error.sql ?? "")", "path": "\(request.path)",
                ])
            switch error.meaning {
            case .passing, .refused: return .unavailable
            // The client must not repeat the request blindly: an order item, for instance, might be stored twice.
            case .unknown: return .outcomeUnknown
            case .ours: return Fault(.internal, "Internal error.")
            }
        default:
            log.error(
                "request failed",
                metadata: ["request_id": "\(request.id)", "error": "\(error)", "path": "\(request.path)"])
            return Fault(.internal, "Internal error.")
        }
    }
}
