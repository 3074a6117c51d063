import FastCGI
import Glibc
import Wire

extension HTTPRequest {
    /// Makes a request from its CGI parameters, with the length of its body if nginx knows it.
    static func read(_ exchange: Request) -> (HTTPRequest, length: Int?) {
        var request = HTTPRequest()
        var length: Int?
        exchange.forEachParameter { name, value in
            switch unsafe name {
            case "REQUEST_METHOD": request.method = unsafe text(value)
            case "REQUEST_URI": request.read(target: unsafe text(value))
            case "REQUEST_ID": request.id = unsafe text(value)
            case "REQUEST_SCHEME": request.scheme = unsafe text(value)
            case "REQUEST_MSEC": request.sentAt = unsafe milliseconds(value)
            case "SERVER_PROTOCOL": request.isHTTP10 = unsafe "HTTP/1.0" ~= value
            case "CONTENT_LENGTH": length = Int(unsafe text(value))
            case "CONTENT_TYPE": if !value.isEmpty { request.contentType = unsafe text(value) }
            case "HTTP_HOST": request.host = unsafe text(value)
            case "HTTP_ACCEPT": request.accept = unsafe text(value)
            case "HTTP_CONTENT_ENCODING": request.contentEncoding = unsafe text(value)
            case "HTTP_SOAPACTION": request.soapAction = unsafe text(value)
            default: break
            }
        }
        return (request, length)
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// The time in nginx's `$msec`, which has seconds with three decimals; nil for any other text.
    private static func milliseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard (5...17).contains(text.count), unsafe text[text.count - 4] == UInt8(ascii: ".") else { return nil }
        var number: Int64 = 0
        for (index, byte) in unsafe text.enumerated() where index != text.count - 4 {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return number
    }
}

/// Whether bytes are those of a literal: a request has a dozen parameters, and most of them are not needed.
private func ~= (literal: StaticString, bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count == literal.utf8CodeUnitCount, let start = bytes.baseAddress else { return false }
    return unsafe memcmp(start, literal.utf8Start, bytes.count) == 0
}
