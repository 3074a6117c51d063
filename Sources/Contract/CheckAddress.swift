/// Whether a text is an e-mail address by the rules of Django's EmailValidator.
func isEmail(_ text: String) -> Bool {
    guard !text.hasMoreScalars(than: 320) else { return false }
    let scalars = text[...].unicodeScalars
    guard let at = scalars.lastIndex(of: "@") else { return false }
    let user = scalars[..<at]
    let domain = scalars[scalars.index(after: at)...]
    guard isDotAtom(user) || isQuotedString(user) else { return false }
    if domain.elementsEqual("localhost".unicodeScalars) { return true }
    if domain.first == "[", domain.last == "]" {
        let address = domain.dropFirst().dropLast()
        return isIPv4(address) || address.count <= longestIPv6 && isIPv6(address)
    }
    return isHostName(domain)
}

/// Whether a user is written as words joined by single dots: `jane.o'neil`.
private func isDotAtom(_ user: Scalars) -> Bool {
    user.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
        !word.isEmpty && word.allSatisfy { $0.isASCIIAlphanumeric || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains($0) }
    }
}

/// Whether a user is in quotes, `"jane@home"`: almost any ASCII, with spaces only behind a backslash.
private func isQuotedString(_ user: Scalars) -> Bool {
    guard user.count >= 2, user.first == "\"", user.last == "\"" else { return false }
    var isEscaped = false
    for scalar in user.dropFirst().dropLast() {
        switch (scalar.value, isEscaped) {
        case (0, _), (0x0A, _), (0x0D, _), (0x80..., _): return false
        case (_, true): isEscaped = false
        case (0x5C, false): isEscaped = true
        case (0x09, false), (0x20, false), (0x22, false): return false
        default: break
        }
    }
    return !isEscaped
}

/// Whether a text is a URL by the rules of Django's URLValidator: ftp, ftps, http or https and a full host name.
func isURL(_ text: String) -> Bool {
    guard !text.hasMoreScalars(than: 2048) else { return false }
    let parts = text[...].unicodeScalars.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].starts(with: "//".unicodeScalars),
        ["ftp", "ftps", "http", "https"].contains(String(parts[0]).lowercased())
    else { return false }
    let rest = parts[1].dropFirst(2)
    // Django applies a pattern and then Python's urlsplit, which ends the host at the first of these characters.
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains(where: \.hidesDelimiter) else { return false }
    // An @ may end a user or belong to what follows the host: http://a.co?x@y. Either reading may be valid.
    return isLocation(afterUserIn: rest) || isLocation(rest, longestIPv6: longestIPv6)
}

/// Whether a text is `user:password@` and a location.
private func isLocation(afterUserIn rest: Scalars) -> Bool {
    guard let at = rest.firstIndex(of: "@") else { return false }
    let user = rest[..<at].split(separator: ":", omittingEmptySubsequences: false)
    guard user.count <= 2, let name = user.first?.first, name != "?", name != "#",
        !rest[..<at].contains(where: { $0.isSpace || "/[]".unicodeScalars.contains($0) })
    else { return false }
    return isLocation(rest[rest.index(after: at)...], longestIPv6: .max)
}

/// Whether a text is `host:port/path`.
private func isLocation(_ rest: Scalars, longestIPv6: Int) -> Bool {
    var rest = rest
    if rest.first == "[" {
        guard let end = rest.firstIndex(of: "]") else { return false }
        let address = rest[..<end].dropFirst()
        guard address.count <= longestIPv6, isIPv6(address) else { return false }
        rest = rest[rest.index(after: end)...]
    } else {
        let host = rest.prefix { !":/?#".unicodeScalars.contains($0) }
        guard host.count <= 253, isIPv4(host) || isHostName(host, mayEndInDot: true) || isLocalhost(host) else {
            return false
        }
        rest = rest[host.endIndex...]
    }
    if rest.first == ":" {
        let port = rest.dropFirst().prefix(while: \.isASCIIDigit)
        guard (1...5).contains(port.count) else { return false }
        rest = rest[port.endIndex...]
    }
    guard let first = rest.first else { return true }
    return "/?#".unicodeScalars.contains(first) && !rest.contains(where: \.isSpace)
}

private func isLocalhost(_ host: Scalars) -> Bool {
    host.count == 9 && String(host).lowercased() == "localhost"
}

extension Unicode.Scalar {
    /// Whether compatibility normalisation makes one of `/ ? # @ :` of the character, which would move the host's end.
    fileprivate var hidesDelimiter: Bool {
        switch value {
        case 0x2047...0x2049, 0x2100, 0x2101, 0x2105, 0x2106, 0x2A74, 0xFE13, 0xFE16, 0xFE55, 0xFE56, 0xFE5F, 0xFE6B,
            0xFF03, 0xFF0F, 0xFF1A, 0xFF1F, 0xFF20:
            true
        default: false
        }
    }
}
