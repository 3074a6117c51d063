/// One of the six parts of a seller's business: a REST root, a SOAP service and a folder of Controllers.
package enum Domain: String, Sendable, CaseIterable {
    case products, orders, logistics, finance, promotions, analytics

    /// Where the REST collections are.
    package var restPath: String { "/\(rawValue)/api/" }

    /// Where the SOAP service is.
    package var soapPath: String { "/\(rawValue)/soap/" }

    /// The SOAP target namespace of service and version, which never changes once published.
    package var namespace: String { "http://messo.\(rawValue).soap/v1" }

    /// The namespace of the original service, which old clients still use.
    package var legacyNamespace: String { "http://messo.\(rawValue).soap/" }
}
