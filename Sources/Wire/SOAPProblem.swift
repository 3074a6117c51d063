package import Contract

/// Why a SOAP request gets no answer.
package enum SOAPProblem: Error, Sendable {
    case fault(Fault)
    /// A header block that the sender insists on and that this server does not know.
    case mustUnderstand(name: String, namespace: String)
    case versionMismatch
    /// Refused before SOAP begins: a plain HTTP answer without an envelope, whose text says what to do.
    case plain(Fault.Code, String)

    /// Not a request that SOAP is bound to.
    static let notPosted = plain(.methodNotAllowed, "Send SOAP requests by POST.")

    /// The text names what is accepted.
    static func unsupported(_ text: String) -> SOAPProblem { .plain(.unsupportedMediaType, text) }

    static func fault(_ code: Fault.Code, _ text: String) -> SOAPProblem { .fault(Fault(code, text)) }
}
