/// The two versions of SOAP, which share every URL.
package enum SOAPVersion: Sendable, CaseIterable {
    case v11, v12

    /// The namespace of the envelope, by which the versions are recognised.
    package var namespace: String {
        switch self {
        case .v11: "http://schemas.xmlsoap.org/soap/envelope/"
        case .v12: "http://www.w3.org/2003/05/soap-envelope"
        }
    }

    package var mediaType: String {
        switch self {
        case .v11: "text/xml"
        case .v12: "application/soap+xml"
        }
    }

    /// The attribute that names the recipient of a header block, and its values that name this server.
    var audience: (attribute: String, us: [String]) {
        switch self {
        case .v11: ("actor", ["", "http://schemas.xmlsoap.org/soap/actor/next"])
        case .v12: ("role", ["", "\(namespace)/role/next", "\(namespace)/role/ultimateReceiver"])
        }
    }

    /// The version that a media type announces; `application/xml` counts as 1.1.
    static func announced(by essence: String) -> SOAPVersion? {
        switch essence {
        case "text/xml", "application/xml": .v11
        case "application/soap+xml": .v12
        default: nil
        }
    }
}
