package import Contract

/// Why a SOAP request gets no answer.
package enum SOAPProblem: Error, Sendable {
    case fault(Fault)
    /// A header block that the sender insists on and that this server does not know.
    case mustUnderstand(name: String, namespace: String)
    case versionMismatch
    /// Refused before SOAP begins: a plain HTTP answer without an envelope.
    case plain(status: Int)

    static func fault(_ code: Fault.Code, _ text: String) -> SOAPProblem { .fault(Fault(code, text)) }
}
