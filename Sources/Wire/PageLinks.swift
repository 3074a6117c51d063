import Contract

/// The absolute URLs of other pages of a list: the request's own URL with another `page`.
package struct PageLinks: Sendable {
    let address: String
    /// Every parameter except `page`, in the contract's order: sorted by name.
    let parameters: [(name: String, values: [String])]

    package init(address: String, parameters: [(name: String, value: String)]) {
        self.address = address
        // By code points, since canonically equivalent names are equal Strings and yet two parameters.
        var grouped: [[UInt32]: (name: String, values: [String])] = [:]
        for parameter in parameters where parameter.name != Paging.page.name {
            let codePoints = parameter.name.unicodeScalars.map(\.value)
            grouped[codePoints, default: (parameter.name, [])].values.append(parameter.value)
        }
        self.parameters = grouped.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
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
    /// The text percent-encoded as a form's value (WHATWG URL §5.2, except that `~` stays, as in RFC 3986).
    package var formEncoded: String {
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case _ where Percent.isUnreserved(byte): encoded.append(byte)
            case UInt8(ascii: " "): encoded.append(UInt8(ascii: "+"))
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
