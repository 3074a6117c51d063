/// Why bytes are refused as XML.
package enum XMLProblem: Error, Equatable {
    /// Well-formed, but nothing a SOAP message may hold: a DOCTYPE or a processing instruction.
    case forbidden(String)
    case malformed(String)
    /// Larger, deeper or with more parts than allowed.
    case limit(String)
    /// In an encoding that is not accepted, or not in the one it claims.
    case encoding(String)
    case empty
}

extension XMLProblem: CustomStringConvertible {
    /// The reason as a sentence.
    package var description: String {
        switch self {
        case .forbidden(let what): "\(what) is not allowed."
        case .malformed(let what): "The document is not well-formed: \(what)."
        case .limit(let what): "The document has \(what) than allowed."
        case .encoding(let what): "The encoding is not accepted: \(what)."
        case .empty: "The document is empty."
        }
    }
}
