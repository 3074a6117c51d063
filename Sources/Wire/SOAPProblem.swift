package import Contract

/// Why a SOAP request is refused.
package enum SOAPProblem: Error, Sendable {
    case fault(Fault)
    /// A header block that the sender marks as mandatory and that this server does not know.
    case mustUnderstand(name: String, namespace: String)
    case versionMismatch
    /// A refusal before SOAP begins: a plain HTTP answer without an envelope, whose text says what to do.
    case plain(Fault.Code, String)

    /// The refusal of a request by another method than POST.
    static let notPosted = plain(.methodNotAllowed, "Send SOAP requests by POST. The WSDL is at ?wsdl.")

    /// The refusal of a media type; the text names the accepted ones.
    static func unsupported(_ text: String) -> SOAPProblem { .plain(.unsupportedMediaType, text) }

    static func fault(_ code: Fault.Code, _ text: String) -> SOAPProblem { .fault(Fault(code, text)) }
}
