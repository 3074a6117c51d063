import Contract
import Documents
import Testing

/// The published samples are valid by the published schemas, as validators of other authors find.
@Suite("Samples")
struct SampleTests {
    @Test("of messages fit the schema", arguments: Domain.allCases)
    func messages(_ domain: Domain) throws {
        let operations = Published.operations.filter { $0.domain == domain && $0.soap == .own }
        var files = ["schema.xsd": XSD.document(for: domain, operations: operations)]
        for message in ServicePage.sampleMessages(for: domain, operations: operations) {
            files["\(message.name).xml"] = message.document
        }
        #expect(files.count == 1 + 2 * operations.count)
        try Tool.withFiles(files) { folder in
            let verdict = try Tool.run("sh", "-c", "cd \(folder) && xmllint --noout --nonet --schema schema.xsd *.xml")
            #expect(verdict.isContent, "\(verdict.output)")
        }
    }

    @Test("that are wrong are refused by the schema")
    func wrongMessages() throws {
        let samples = ServicePage.sampleMessages(for: .products, operations: Published.operations)
        let sample = try #require(samples.first { $0.name == "create_product" }).document
        let mistakes = [
            ("99.90", "99,90"), ("99.90", "99.9"), ("<price>99.90</price>", ""), ("<name>", "<name/><name>"),
            ("<stock_quantity>1<", "<stock_quantity>many<"), (" xmlns=\"\(Domain.products.namespace)\"", ""),
        ]
        for (right, wrong) in mistakes {
            #expect(sample.contains(right))
            let files = [
                "schema.xsd": XSD.document(for: .products, operations: Published.operations),
                "sample.xml": sample.replacing(right, with: wrong),
            ]
            try Tool.withFiles(files) { folder in
                let verdict = try Tool.run(
                    "xmllint", "--noout", "--schema", folder + "schema.xsd", folder + "sample.xml")
                #expect(!verdict.isContent, "\(wrong) passed")
            }
        }
    }
}
