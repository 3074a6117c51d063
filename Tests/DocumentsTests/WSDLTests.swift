import Contract
import Documents
import FoundationXML
import Testing

/// Rules beyond the standard, each because a toolkit failed on a WSDL that broke it.
@Suite("WSDL house rules")
struct WSDLTests {
    @Test("nothing is nillable, and no number is xsd:decimal", arguments: Domain.allCases)
    func types(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        #expect(try wsdl.count("//@nillable") == 0)
        let known = ["string", "int", "long", "boolean", "date", "dateTime"].map { "xsd:" + $0 }
        for type in try wsdl.values("//@type[starts-with(., 'xsd:')] | //@base") {
            #expect(known.contains(type), "\(type)")
        }
    }

    @Test("every reference leads to a type of the one schema", arguments: Domain.allCases)
    func references(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        #expect(try wsdl.count("//xsd:schema") == 1)
        #expect(try wsdl.count("//xsd:import | //xsd:include | //xsd:choice | //xsd:any | //xsd:attribute") == 0)
        #expect(try wsdl.values("//xsd:schema/@elementFormDefault") == ["qualified"])
        let types = try wsdl.values("//xsd:schema/xsd:complexType/@name | //xsd:schema/xsd:simpleType/@name")
        #expect(Set(types).count == types.count)
        for type in try wsdl.values("//xsd:element/@type[starts-with(., 'tns:')]") {
            #expect(types.contains(String(type.dropFirst(4))), "\(type)")
        }
    }

    @Test("each message has one part", arguments: Domain.allCases)
    func messages(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        let messages = try wsdl.count("//wsdl:message")
        #expect(try wsdl.count("//wsdl:message[count(wsdl:part) = 1]") == messages)
        #expect(try wsdl.count("//wsdl:part[@name = 'parameters']") == messages - 1)
        #expect(try wsdl.count("//wsdl:message[@name = 'ServiceFaultMessage']/wsdl:part[@name = 'fault']") == 1)
        let elements = try wsdl.values("//xsd:schema/xsd:element/@name")
        for element in try wsdl.values("//wsdl:part/@element") {
            #expect(elements.contains(String(element.dropFirst(4))), "\(element)")
        }
    }

    @Test("each answer is one result", arguments: Domain.allCases)
    func answers(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        let answer = "//xsd:schema/xsd:element[contains(@name, 'Response')]"
        #expect(
            try wsdl.count("\(answer)//xsd:element[@name = 'result' and not(@minOccurs)]") == wsdl.count(answer))
        #expect(try wsdl.count("\(answer)//xsd:element") == wsdl.count(answer))
    }

    @Test("each operation says which scope it needs", arguments: Domain.allCases)
    func scopes(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        for operation in Published.operations where operation.domain == domain && operation.soap == .own {
            let text = try wsdl.values("//wsdl:portType/wsdl:operation[@name = '\(operation.name)']/wsdl:documentation")
            #expect(text.count == 1 && text[0].hasSuffix(" Scope: \(operation.scope?.name ?? "any")."), "\(text)")
        }
    }

    @Test("every operation is in the port type and in both bindings", arguments: Domain.allCases)
    func operations(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        let names = Published.operations.filter { $0.domain == domain && $0.soap == .own }.map(\.name)
        #expect(names.contains("get_service_info"))
        for place in ["portType", "binding[1]", "binding[2]"] {
            #expect(try wsdl.values("//wsdl:\(place)/wsdl:operation/@name") == names, "\(place)")
        }
        for action in try wsdl.values("//@soapAction") {
            #expect(names.map { "\(domain.namespace)/\($0)" }.contains(action))
        }
        #expect(try wsdl.count("//wsdl:portType/wsdl:operation[not(wsdl:documentation/text())]") == 0)
    }

    @Test("SOAP 1.1 comes first, 1.2 has no faults, and both have one address", arguments: Domain.allCases)
    func ports(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        #expect(try wsdl.count("//wsdl:binding[1]/soap:binding") == 1)
        #expect(try wsdl.count("//wsdl:binding[2]/soap12:binding") == 1)
        #expect(try wsdl.count("//wsdl:binding[2]//wsdl:fault") == 0)
        #expect(try wsdl.count("//wsdl:binding[1]/wsdl:operation[not(wsdl:fault/soap:fault)]") == 0)
        #expect(try wsdl.values("//wsdl:port[1]/soap:address/@location") == [Published.address(domain)])
        #expect(try wsdl.values("//wsdl:port[2]/soap12:address/@location") == [Published.address(domain)])
    }

    @Test("without SOAP 1.2 nothing of it is left", arguments: Domain.allCases)
    func oldVersion(_ domain: Domain) {
        let wsdl = Published.wsdl(domain, .wsdl11)
        #expect(!wsdl.contains("soap12"))
        #expect(!wsdl.contains("Soap12"))
    }

    @Test("no name breaks generated code", arguments: Domain.allCases)
    func names(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        let forbidden = ["message", "faultcode", "faultstring", "detail", "class", "return", "namespace"]
        for name in try wsdl.values("//xsd:complexType//xsd:element/@name") {
            #expect(name.utf8.count > 1 && !forbidden.contains(name), "\(name)")
            #expect(!name.contains { !"abcdefghijklmnopqrstuvwxyz0123456789_".contains($0) }, "\(name)")
        }
    }

    @Test(".NET chooses a serializer that leaves out what is absent", arguments: Domain.allCases)
    func repeatedElements(_ domain: Domain) throws {
        let wsdl = try Description(domain)
        let plain = "//xsd:complexType[substring(@name, string-length(@name) - %d) = '%@']"
        for (suffix, length) in [("Input", 4), ("Changes", 6)] {
            let types = plain.replacing("%d", with: String(length)).replacing("%@", with: suffix)
            #expect(try wsdl.count("\(types)[not(.//xsd:element[@maxOccurs = 'unbounded'])]") == 0)
        }
    }
}

/// The parts of a WSDL that a toolkit reads.
private struct Description {
    private let document: XMLDocument

    init(_ domain: Domain) throws { document = try XMLDocument(xmlString: Published.wsdl(domain)) }

    func values(_ path: String) throws -> [String] {
        try document.nodes(forXPath: path).map { $0.stringValue ?? "" }
    }

    func count(_ path: String) throws -> Int { try document.nodes(forXPath: path).count }
}
