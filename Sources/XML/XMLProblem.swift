/// Why bytes are refused as XML.
package enum XMLProblem: Error, Equatable {
    /// The document is well-formed, but has what no SOAP message may have: a DOCTYPE or a processing instruction.
    case forbidden(String)
    case malformed(String)
    /// The document is larger, deeper or has more parts than allowed.
    case limit(String)
    /// The document's encoding is not accepted, or is not the one it declares.
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
