/// Where clients reach the site, as every link and every document says it.
package struct PublicAddress: Sendable {
    /// Scheme and host, perhaps with a path, without a slash at its end.
    package let url: String
    /// Whether it names this machine alone: then nobody has said where clients reach the site, and requests tell.
    private let isLoopback: Bool

    /// Nil where the text is no `http://host` or `https://host`, with a port or a path or without.
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

    /// What links in the answer to a request begin with. A Host header can be forged, and then stands in pages that
    /// others get to see: it counts only where nothing better is known, and only if it is one by the grammar.
    package func base(for request: HTTPRequest) -> String {
        guard isLoopback, Authority(request.host.utf8) != nil else { return url }
        return "\(request.scheme)://\(request.host)"
    }
}

/// A host with a port or without (RFC 3986 §3.2), of characters that need no escape in JSON, XML or HTML.
private struct Authority {
    let isLoopback: Bool

    init?(_ text: some Collection<UInt8>) {
        var host = Array(text)
        guard host.count <= 300 else { return nil }
        let isBracketed = host.first == UInt8(ascii: "[")
        // The colons of an IPv6 address are no port's.
        if let colon = host.lastIndex(of: UInt8(ascii: ":")), !isBracketed || host[..<colon].last == UInt8(ascii: "]") {
            guard Self.isPort(host[(colon + 1)...]) else { return nil }
            host.removeSubrange(colon...)
        }
        if isBracketed {
            guard host.count > 4, host.removeLast() == UInt8(ascii: "]"),
                host.dropFirst().allSatisfy({
                    $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || Percent.value(ofHexDigit: $0) != nil
                })
            else { return nil }
            isLoopback = host.elementsEqual("[::1".utf8)
        } else {
            guard !host.isEmpty, host.allSatisfy(Percent.isUnreserved) else { return nil }
            let name = String(decoding: host, as: UTF8.self).lowercased()
            let isIPv4 = host.allSatisfy {
                $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            isLoopback = name == "localhost" || name.hasSuffix(".localhost") || isIPv4 && name.hasPrefix("127.")
        }
    }

    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.count <= 5 && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
