import Contract

/// The address of the site for clients, with which every link and every document begins.
package struct PublicAddress: Sendable {
    /// Scheme and host, and possibly a path, without a slash at its end.
    package let url: String
    /// Whether the address names only this machine: then no public address is configured, and the Host header is used.
    private let isLoopback: Bool

    /// Nil unless the text is `http://host` or `https://host`, optionally with a port or a path.
    package init?(_ text: String) {
        let url = Array(text.utf8.last == UInt8(ascii: "/") ? text.utf8.dropLast() : text.utf8[...])
        guard let scheme = ["http://", "https://"].first(where: { url.starts(with: $0.utf8) }) else { return nil }
        let rest = url.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        guard let host = Authority(authority), rest.dropFirst(authority.count).allSatisfy(Self.isPathByte) else {
            return nil
        }
        self.url = String(decoding: url, as: UTF8.self)
        isLoopback = host.isLoopback
    }

    private static func isPathByte(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || Percent.isUnreserved(byte) }

    /// The beginning of the links in the answer to a request. Since a client can forge the Host header, and pages with
    /// it may be shown to others, the header is used only without a configured address, and only if it is valid.
    package func base(for request: HTTPRequest) -> String {
        guard isLoopback, Authority(request.host.utf8) != nil else { return url }
        return "\(request.scheme)://\(request.host)"
    }
}

/// A host with or without a port (RFC 3986 §3.2), of characters that need no escape in JSON, XML or HTML.
private struct Authority {
    let isLoopback: Bool

    init?(_ text: some Collection<UInt8>) {
        var host = Array(text)
        guard host.count <= 300 else { return nil }
        let isBracketed = host.first == UInt8(ascii: "[")
        // The colons inside an IPv6 address do not begin a port.
        if let colon = host.lastIndex(of: UInt8(ascii: ":")), !isBracketed || host[..<colon].last == UInt8(ascii: "]") {
            guard Self.isPort(host[(colon + 1)...]) else { return nil }
            host.removeSubrange(colon...)
        }
        if isBracketed {
            let address = String(decoding: host.dropFirst().dropLast(), as: UTF8.self)
            guard host.last == UInt8(ascii: "]"), isIPv6(Substring(address).unicodeScalars) else { return nil }
            isLoopback = address == "::1"
        } else {
            guard !host.isEmpty, host.allSatisfy(Percent.isUnreserved) else { return nil }
            let name = String(decoding: host, as: UTF8.self).lowercased()
            let isIPv4 = host.allSatisfy {
                $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            isLoopback = name == "localhost" || name.hasSuffix(".localhost") || isIPv4 && name.hasPrefix("127.")
        }
    }

    /// Whether the text after the colon is a port; it may be empty.
    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.isEmpty
            || digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                && UInt16(String(decoding: digits, as: UTF8.self)) != nil
    }
}
