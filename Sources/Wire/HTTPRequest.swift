/// What the server looks at of one HTTP request.
package struct HTTPRequest: Sendable {
    package var id = ""
    package var method = "GET"
    /// As it was sent: not decoded, without the query.
    package var path = "/"
    package var query = ""
    package var scheme = "http"
    package var host = ""
    package var accept: String?
    package var contentType: String?
    package var contentEncoding: String?
    package var soapAction: String?
    package var origin: String?
    package var requestedMethod: String?
    package var body: [UInt8] = []
    /// When nginx had it whole and began to send it to us, in milliseconds since 1970; nil when nobody says.
    package var sentAt: Int64?
    /// Whether the client cannot take an answer of unknown length.
    package var isHTTP10 = false

    package init() {}

    /// Whether a browser asks what it may do; answered before any routing.
    package var isPreflight: Bool { method == "OPTIONS" && origin != nil && requestedMethod != nil }
}
