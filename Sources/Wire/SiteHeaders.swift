/// The headers that every answer of the site carries.
package enum SiteHeaders {
    package static func add(to reply: Reply, method: String, origin: String?) {
        if reply.status != 301 { reply.set("X-Frame-Options", "DENY") }
        reply.set("X-Content-Type-Options", "nosniff")
        reply.set("Referrer-Policy", "same-origin")
        reply.set("Cross-Origin-Opener-Policy", "same-origin")
        reply.set("Vary", "Accept, origin, Cookie")
        guard origin != nil else { return }
        reply.set("Access-Control-Allow-Origin", "*")
        guard method == "OPTIONS" else { return }
        reply.set(
            "Access-Control-Allow-Headers",
            "accept, authorization, content-type, soapaction, user-agent, x-csrftoken, x-requested-with")
        reply.set("Access-Control-Allow-Methods", "DELETE, GET, OPTIONS, PATCH, POST, PUT")
        reply.set("Access-Control-Max-Age", "86400")
    }
}
