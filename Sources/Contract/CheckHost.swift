/// Part of a text by code points, which is how lengths in names and addresses are counted.
typealias Scalars = Substring.UnicodeScalarView

/// The longest IPv6 address that Django's own check accepts: eight groups of four digits.
let longestIPv6 = 39

/// Whether a text is a full host name, `shop.example.com`: labels of at most 63 characters, the last one without
/// digits unless it is punycode. Letters are ASCII's and everything from U+00A1 to U+FFFF.
func isHostName(_ host: Scalars, mayEndInDot: Bool = false) -> Bool {
    var labels = host.split(separator: ".", omittingEmptySubsequences: false)
    if mayEndInDot, labels.last?.isEmpty == true { labels.removeLast() }
    guard labels.count >= 2, let top = labels.popLast() else { return false }
    return labels.allSatisfy { isLabel($0) } && isTopLabel(top)
}

private func isLabel(_ label: Scalars) -> Bool {
    (1...63).contains(label.count) && label.first != "-" && label.last != "-"
        && label.allSatisfy { $0 == "-" || $0.isASCIIDigit || $0.isHostLetter }
}

private func isTopLabel(_ label: Scalars) -> Bool {
    guard isLabel(label), label.count >= 2 else { return false }
    if !label.contains(where: \.isASCIIDigit) { return true }
    let prefix = String(label.prefix(4)).lowercased()
    return prefix == "xn--" && label.count > 4 && label.dropFirst(4).allSatisfy(\.isASCIIAlphanumeric)
}

/// Whether a text is an IPv4 address, `127.0.0.1`: four numbers up to 255 without leading zeros.
func isIPv4(_ address: Scalars) -> Bool {
    let octets = address.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4
        && octets.allSatisfy { octet in
            (1...3).contains(octet.count) && octet.allSatisfy(\.isASCIIDigit)
                && (octet.count == 1 || octet.first != "0")
                && Int(String(octet)).map { $0 <= 255 } == true
        }
}

/// Whether a text is an IPv6 address: eight groups, of which one `::` may replace a run of zeros, and the last two
/// may be written as IPv4.
package func isIPv6(_ address: Substring.UnicodeScalarView) -> Bool {
    let groups = address.split(separator: ":", omittingEmptySubsequences: false)
    guard (3...9).contains(groups.count), let last = groups.last else { return false }
    let endsInIPv4 = last.contains(".")
    if endsInIPv4, !isIPv4(last) { return false }
    let hextets = endsInIPv4 ? groups.dropLast() : groups[...]
    guard hextets.allSatisfy({ $0.count <= 4 && $0.allSatisfy(\.isASCIIHexDigit) }) else { return false }
    let count = hextets.count { !$0.isEmpty } + (endsInIPv4 ? 2 : 0)
    let gaps = groups.indices.dropFirst().dropLast().count { groups[$0].isEmpty }
    // An empty first or last group is only valid as part of a `::` at that end.
    if groups[0].isEmpty, !groups[1].isEmpty { return false }
    if last.isEmpty, !groups[groups.count - 2].isEmpty { return false }
    return gaps == 1 ? count <= 7 : gaps == 0 && count == 8
}

extension Unicode.Scalar {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }

    var isASCIIAlphanumeric: Bool { isASCIIDigit || ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

    var isASCIIHexDigit: Bool { isASCIIDigit || ("a"..."f").contains(self) || ("A"..."F").contains(self) }

    var isHostLetter: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || (0xA1...0xFFFF).contains(value)
    }
}
