import Wire

extension Reply {
    /// Writes the head of the answer as CGI has it, up to the empty line. An answer in parts says no length. nginx adds
    /// the headers that every answer has.
    func writeHead(_ head: inout Bytes) {
        head.truncate(to: 0)
        head.append("Status: ")
        head.append(decimal: status)
        head.append(status.reason)
        if let type = contentType {
            head.append("\r\nContent-Type: ")
            head.append(type)
        }
        for (name, value) in headers {
            head.append("\r\n")
            head.append(name)
            head.append(": ")
            head.append(value.asOneLine)
        }
        if status != 204, !isInParts {
            head.append("\r\nContent-Length: ")
            head.append(decimal: body.count)
        }
        head.append("\r\n\r\n")
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
        case 308: " Permanent Redirect"
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
