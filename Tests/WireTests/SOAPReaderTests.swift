import Contract
import Fuzz
import Testing
import XML

@testable import Wire

/// The SOAP reader on mutated envelopes: each must end in an input or in a fault that is well-formed XML.
@Suite struct SOAPReaderTests {
    private static let domain = Domain.products

    private static let operations: [Contract.Operation] = {
        let key = Field.text("product_id", max: 100, "The key.").unique
        let resource = Resource(
            Reference(resource: "product", table: "products", key: "product_id"), in: domain, key: .own(key),
            about: "Products.",
            fields: [
                key, Field.money("price", "The price."), Field.text("name", max: 255, "The name.").optional,
                .createdAt, .updatedAt,
            ], filters: [.keys])
        return [
            Contract.Operation("update_product", "Update.", .writing, on: .row(resource), body: .update, returns: .row),
            Contract.Operation(
                "create_product", "Create.", .writing, on: .collection(resource), body: .create, returns: .created),
            Contract.Operation("list_products", "List.", .reading, on: .collection(resource), returns: .page),
        ]
    }()

    private static func envelope(_ content: String, _ namespace: String = SOAPVersion.v11.namespace) -> String {
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"\(namespace)\"><s:Header><h s:mustUnderstand=\"0\"/></s:Header>"
            + "<s:Body>\(content)</s:Body></s:Envelope>"
    }

    private static let corpus = [
        envelope(
            "<update_product xmlns=\"http://messo.products.soap/v1\"><product_id>P1</product_id><changes><price>1.50</price>"
                + "<clear_field>name</clear_field><expected_revision>3</expected_revision></changes></update_product>"),
        envelope(
            "<m:create_product xmlns:m=\"http://messo.products.soap/\"><product><product_id>é😀</product_id>"
                + "<name><![CDATA[a&b]]></name><attribute><name>a</name><value>b</value></attribute></product></m:create_product>"
        ),
        envelope("<list_products><query><page>2</page><product_id>A</product_id></query></list_products>"),
        envelope("<list_products/>", SOAPVersion.v12.namespace),
    ]

    /// The server's answer to a body; nil if the server would run the operation.
    private static func answer(_ body: [UInt8], _ type: String) -> (status: Int, body: [UInt8])? {
        let soap = SOAP(operations)
        var request = HTTPRequest()
        request.method = "POST"
        request.contentType = type
        request.body = body
        var exchange = SOAP.Exchange(domain)
        do throws(SOAPProblem) {
            _ = try soap.find(request, &exchange).read(request)
            return nil
        } catch {
            let reply = Reply()
            exchange.write(error, reply, requestID: "id")
            return unsafe (reply.status, reply.body.withBytes { unsafe Array($0) })
        }
    }

    @Test func readsTheCorpus() {
        #expect(Self.corpus.map { Self.answer(Array($0.utf8), "text/xml")?.status } == [nil, nil, nil, 415])
        #expect(Self.answer(Array(Self.corpus[3].utf8), "application/soap+xml") == nil)
    }

    @Test func fuzz() throws {
        try Fuzz.run(inputs: 20_000) { random in
            let bytes = Fuzz.mutate(Self.corpus.randomElement(using: &random)!, using: &random)
            let type = ["text/xml", "application/soap+xml; charset=utf-8"].randomElement(using: &random)!
            guard let answer = Self.answer(bytes, type), answer.status == 500 else { return }
            let fault = try Document.parse(answer.body, charset: nil).root
            #expect(fault.name == "Envelope" && fault.children.last?.children.first?.name == "Fault")
        }
    }
}
