import Contract

/// The request to try an operation that writes: in REST a parameter, since a lost header would turn the try into the
/// real thing; in SOAP a header block.
package enum DryRun {
    /// The name of the parameter and of the header block.
    static let name = Operation.dryRun
    /// The header that an answer or a fault of a try has.
    package static let header = (name: "X-Dry-Run", value: "true")

    /// Whether the parameters of an address, or header blocks with these texts, ask for a try. Whatever is not clear is
    /// refused, so that nothing is stored by mistake.
    static func isWanted(
        in query: String, _ parameters: [(name: String, value: String)], blocks: [String] = []
    ) throws(Fault) -> Bool {
        // Parameters beyond the limit are not read, and this one may be among them.
        guard query.utf8.count(where: { $0 == UInt8(ascii: "&") }) < Form.mostFields else { throw Form.tooManyFields }
        let values = blocks + parameters.filter { $0.name == name }.map(\.value)
        guard let first = values.first else { return false }
        guard ["true", "false"].contains(first), values.allSatisfy({ $0 == first }) else {
            throw .fields([FieldProblem([.init(name)], "Must be true or false.", isFromTop: true)])
        }
        return first == "true"
    }
}
