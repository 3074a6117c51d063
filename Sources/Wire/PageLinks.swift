import Contract

/// The absolute URLs of other pages of a list: the request's own URL with another `page`.
package struct PageLinks: Sendable {
    let address: String
    /// Every parameter but `page`, in the contract's order: sorted by name.
    let parameters: [(name: String, values: [String])]

    package init(address: String, parameters: [(name: String, value: String)]) {
        self.address = address
        var grouped: [String: [String]] = [:]
        for parameter in parameters where parameter.name != Paging.page.name {
            grouped[parameter.name, default: []].append(parameter.value)
        }
        self.parameters = grouped.map { (name: $0.key, values: $0.value) }
            .sorted { $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars) }
    }

    package func url(page: Int64) -> String {
        var pairs: [(String, String)] = []
        var isPlaced = page == 1
        for (name, values) in parameters {
            if !isPlaced, Paging.page.name.unicodeScalars.lexicographicallyPrecedes(name.unicodeScalars) {
                pairs.append((Paging.page.name, String(page)))
                isPlaced = true
            }
            for value in values { pairs.append((name, value)) }
        }
        if !isPlaced { pairs.append((Paging.page.name, String(page))) }
        let query = pairs.map { "\($0.0.formEncoded)=\($0.1.formEncoded)" }.joined(separator: "&")
        return query.isEmpty ? address : "\(address)?\(query)"
    }
}

extension String {
    /// Percent-encoded as a form's value (WHATWG URL §5.2, with the `~` of RFC 3986 left as it is).
    package var formEncoded: String {
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                encoded.append(byte)
            case UInt8(ascii: " "): encoded.append(UInt8(ascii: "+"))
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
