import Contract
import Controllers
import FastCGI
import Logging
import MariaDB
import Wire

/// The life of one request on one thread: read, find, run, send.
final class RequestHandler: Handler {
    private let site: Site
    private let call: Call
    private let reply = Reply()
    private let bodyLimit: Int
    private let log: Logger
    private var head = Bytes(capacity: 2048)

    init(_ site: Site, _ settings: Settings, _ log: Logger) {
        self.site = site
        self.log = log
        bodyLimit = settings.bodyLimit
        call = Call(
            database: Connection(settings.database), reply: reply, catalogue: site.catalogue, cache: site.cache,
            counts: site.counts, starts: site.starts)
        do {
            try call.warm(site.catalogue)
        } catch {
            // Requests will say 503 until MariaDB is there.
            log.warning("started without MariaDB", metadata: ["error": "\(error)"])
        }
    }

    func handle(_ exchange: Request) {
        reply.reset()
        var (request, length) = HTTPRequest.read(exchange)
        do throws(Request.BodyProblem) {
            request.body = try exchange.readBody(length: length, limit: bodyLimit)
            site.answer(request, call, log)
        } catch {
            let isTooLarge = error == .tooLarge
            REST.write(
                Fault(
                    isTooLarge ? .tooLarge : .validation,
                    isTooLarge ? "The body is too large." : "The body is incomplete."),
                reply, requestID: request.id)
        }
        send(exchange, request)
    }

    private func send(_ exchange: Request, _ request: HTTPRequest) {
        SiteHeaders.add(to: reply, for: request)
        head.truncate(to: 0)
        head.append("Status: ")
        head.append(decimal: reply.status)
        head.append(reply.status.reason)
        if let type = reply.contentType {
            head.append("\r\nContent-Type: ")
            head.append(type)
        }
        for (name, value) in reply.headers {
            head.append("\r\n")
            head.append(name)
            head.append(": ")
            head.append(value.asOneLine)
        }
        if reply.status != 204 {
            head.append("\r\nContent-Length: ")
            head.append(decimal: reply.body.count)
        }
        head.append("\r\n\r\n")
        let isBodiless = request.method == "HEAD" || reply.status == 204
        if isBodiless { reply.body.truncate(to: 0) }
        unsafe head.withBytes { head in unsafe reply.body.withBytes { unsafe exchange.send(head, $0) } }
    }
}

extension String {
    /// Without line breaks: a header's value is one line, whatever it was made from. Nearly all are plain ASCII, and
    /// bytes tell that sooner than Characters.
    fileprivate var asOneLine: String {
        utf8.allSatisfy { (0x20...0x7E).contains($0) } ? self : filter { !$0.isNewline }
    }
}

extension Int {
    /// The phrase behind a status; nginx adds none of its own.
    fileprivate var reason: StaticString {
        switch self {
        case 200: " OK"
        case 201: " Created"
        case 204: " No Content"
        case 301: " Moved Permanently"
        case 400: " Bad Request"
        case 404: " Not Found"
        case 405: " Method Not Allowed"
        case 406: " Not Acceptable"
        case 409: " Conflict"
        case 413: " Content Too Large"
        case 415: " Unsupported Media Type"
        case 500: " Internal Server Error"
        case 503: " Service Unavailable"
        default: " Unknown"
        }
    }
}

extension HTTPRequest {
    /// A request out of its CGI parameters, and the length of its body when nginx knows it.
    static func read(_ exchange: Request) -> (HTTPRequest, length: Int?) {
        var request = HTTPRequest()
        var length: Int?
        exchange.forEachParameter { name, value in
            switch unsafe String(decoding: name, as: UTF8.self) {
            case "REQUEST_METHOD": request.method = value()
            case "REQUEST_URI":
                let parts = value().parts(separatedBy: UInt8(ascii: "?"), maxSplits: 1)
                request.path = String(parts[0])
                if parts.count > 1 { request.query = String(parts[1]) }
            case "REQUEST_ID": request.id = value()
            case "REQUEST_SCHEME": request.scheme = value()
            case "CONTENT_LENGTH": length = Int(value())
            case "CONTENT_TYPE":
                let type = value()
                if !type.isEmpty { request.contentType = type }
            case "HTTP_HOST": request.host = value()
            case "HTTP_ACCEPT": request.accept = value()
            case "HTTP_CONTENT_ENCODING": request.contentEncoding = value()
            case "HTTP_SOAPACTION": request.soapAction = value()
            case "HTTP_ORIGIN": request.origin = value()
            case "HTTP_ACCESS_CONTROL_REQUEST_METHOD": request.requestedMethod = value()
            default: break
            }
        }
        return (request, length)
    }
}
