import Wire

extension Reply {
    /// Writes the head of the answer in CGI's form, up to the empty line. An answer in parts has no length. nginx adds
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
    /// The text without line breaks, since a header's value must be one line. Nearly all values are plain ASCII, which
    /// a check of the bytes finds out faster than one of Characters.
    fileprivate var asOneLine: String {
        utf8.allSatisfy { (0x20...0x7E).contains($0) } ? self : filter { !$0.isNewline }
    }
}

extension Int {
    /// The reason phrase of a status, which nginx does not add.
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
