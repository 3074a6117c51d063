package import Contract

/// The description of a SOAP service: document/literal-wrapped, with both SOAP versions on one URL.
package enum WSDL {
    /// The forms in which the WSDL of a service is published, by their names in paths and queries.
    package enum Form: String, Sendable, CaseIterable {
        case wsdl
        /// Without the port of SOAP 1.2, for toolkits that know 1.1 alone.
        case wsdl11

        /// The form that a query's names ask for, in the spellings of the toolkits: `?wsdl`, `?WSDL`, `?wsdl=1`, and
        /// .NET's `?singleWsdl`, which means a WSDL without imports: neither form has any.
        package init?(names: [String]) {
            let names = names.map { $0.lowercased() }
            if names.contains(Form.wsdl11.rawValue) {
                self = .wsdl11
            } else if names.contains(Form.wsdl.rawValue) || names.contains("singlewsdl") {
                self = .wsdl
            } else {
                return nil
            }
        }

        /// The path of the form for a domain's service.
        package func path(of domain: Domain) -> String { "\(domain.soapPath)\(rawValue)/" }
    }

    /// The WSDL of a domain's service.
    package static func document(
        for domain: Domain, operations: [Operation], address: String, _ form: Form
    ) -> String {
        let operations = operations.inService(of: domain)
        let versions: [Version] = form == .wsdl ? [.soap11, .soap12] : [.soap11]
        var definitions = Markup(
            "wsdl:definitions", ["name": domain.serviceName, "targetNamespace": domain.namespace],
            [
                Markup("wsdl:documentation", [:], "Messo Seller Center, \(domain.rawValue), contract v1."),
                Markup("wsdl:types", [:], [XSD.schema(for: domain, operations: operations)]),
            ] + messages(operations) + [portType(domain, operations)]
                + versions.map { binding($0, domain, operations) } + [service(domain, address, versions)])
        definitions.set("xmlns:wsdl", "http://schemas.xmlsoap.org/wsdl/")
        for version in versions { definitions.set("xmlns:" + version.rawValue, version.namespace) }
        definitions.set("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
        definitions.set("xmlns:tns", domain.namespace)
        return definitions.document
    }

    /// A SOAP version by the prefix of its binding elements.
    private enum Version: String {
        case soap11 = "soap", soap12

        var namespace: String { "http://schemas.xmlsoap.org/wsdl/\(rawValue)/" }

        var name: String { self == .soap11 ? "Soap11" : "Soap12" }
    }

    private static let faultMessage = "ServiceFaultMessage"

    private static func messages(_ operations: [Operation]) -> [Markup] {
        operations.flatMap { operation in
            [
                message(operation.name + "Request", part: "parameters", element: operation.name),
                message(operation.answerName, part: "parameters", element: operation.answerName),
            ]
        } + [message(faultMessage, part: "fault", element: Element.serviceFault)]
    }

    private static func message(_ name: String, part: String, element: String) -> Markup {
        Markup("wsdl:message", ["name": name], [Markup("wsdl:part", ["name": part, "element": "tns:" + element])])
    }

    private static func portType(_ domain: Domain, _ operations: [Operation]) -> Markup {
        Markup(
            "wsdl:portType", ["name": domain.serviceName + "PortType"],
            operations.map { operation in
                Markup(
                    "wsdl:operation", ["name": operation.name],
                    [
                        Markup("wsdl:documentation", [:], operation.documentation),
                        Markup("wsdl:input", ["message": "tns:\(operation.name)Request"]),
                        Markup("wsdl:output", ["message": "tns:" + operation.answerName]),
                        Markup("wsdl:fault", ["name": Element.serviceFault, "message": "tns:" + faultMessage]),
                    ])
            })
    }

    private static func binding(_ version: Version, _ domain: Domain, _ operations: [Operation]) -> Markup {
        let prefix = version.rawValue
        let body = [Markup(prefix + ":body", ["use": "literal"])]
        // Axis 1.4 fails on a fault in a binding of SOAP 1.2, and no other tested toolkit needs it there.
        let faults =
            version == .soap12
            ? []
            : [
                Markup(
                    "wsdl:fault", ["name": Element.serviceFault],
                    [Markup(prefix + ":fault", ["name": Element.serviceFault, "use": "literal"])])
            ]
        // Both SOAP versions name the same transport, since toolkits know no other.
        let style = Markup(
            prefix + ":binding", ["style": "document", "transport": "http://schemas.xmlsoap.org/soap/http"])
        return Markup(
            "wsdl:binding",
            ["name": domain.serviceName + version.name + "Binding", "type": "tns:\(domain.serviceName)PortType"],
            [style]
                + operations.map { operation in
                    let action = domain.namespace + "/" + operation.name
                    return Markup(
                        "wsdl:operation", ["name": operation.name],
                        [
                            Markup(prefix + ":operation", ["soapAction": action, "style": "document"]),
                            Markup("wsdl:input", [:], body), Markup("wsdl:output", [:], body),
                        ] + faults)
                })
    }

    private static func service(_ domain: Domain, _ address: String, _ versions: [Version]) -> Markup {
        Markup(
            "wsdl:service", ["name": domain.serviceName],
            versions.map { version in
                Markup(
                    "wsdl:port",
                    [
                        "name": domain.serviceName + version.name + "Port",
                        "binding": "tns:\(domain.serviceName)\(version.name)Binding",
                    ],
                    [Markup(version.rawValue + ":address", ["location": address])])
            })
    }
}

extension Domain {
    /// The name of the SOAP service, from which toolkits make class names: `ProductService`.
    package var serviceName: String {
        let noun =
            switch self {
            case .products: "product"
            case .orders: "order"
            case .promotions: "promotion"
            case .logistics, .finance, .analytics: rawValue
            }
        return noun.capitalized + "Service"
    }
}
