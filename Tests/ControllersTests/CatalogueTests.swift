import Contract
import Foundation
import MariaDB
import Testing

@testable import Controllers
@testable import Engine

/// Checks of every declaration, alone and against the schema.
@Suite struct CatalogueTests {
    private let operations = Catalogue.standard.operations

    private var resources: [Resource] {
        var tables: Set<String> = []
        return operations.compactMap(\.resource).filter { tables.insert($0.table).inserted }
    }

    @Test func hasTwentyResourcesAndAllRESTOperations() {
        #expect(resources.count == 20)
        #expect(operations.reduce(0) { $0 + $1.bindings.count } == 142)
    }

    @Test func namesAreUniqueWithinAService() {
        for domain in Domain.allCases {
            let names = operations.filter { $0.domain == domain }.map(\.name)
            #expect(Set(names).count == names.count)
        }
        for resource in resources {
            #expect(Set(resource.fields.map(\.name)).count == resource.fields.count)
        }
    }

    @Test func anOperationNeedsTheScopeOfItsDomainAndEffect() {
        for operation in operations where operation.name != "refund_payment" {
            let own: Scope? =
                operation.name == "get_service_info"
                ? nil : operation.effect == .writing ? .write(operation.domain) : .read(operation.domain)
            #expect(operation.scope == own, "\(operation.name)")
        }
        #expect(operations.first { $0.name == "refund_payment" }?.scope == .financeRefund)
        // A POST that changes nothing.
        #expect(operations.first { $0.name == "validate_discount_code" }?.scope == .read(.promotions))
    }

    /// SOAP has every REST operation, under its own name or another operation's, and REST has every SOAP operation.
    @Test func eachProtocolReachesWhatTheOtherDoes() {
        for operation in operations {
            switch operation.soap {
            case .own:
                let isSOAPOnly = ["get_service_info", "list_active_campaigns"].contains(operation.name)
                #expect(operation.bindings.isEmpty == isSOAPOnly)
            case .through(let other, let note):
                let target = operations.first { $0.name == other && $0.domain == operation.domain }
                #expect(target?.soap == .own)
                // The operation that the note refers to must have the argument that the note names.
                let path = note.split(separator: ".").map(String.init)
                switch target?.request.first(where: { $0.name == path[0] })?.content {
                case .complex(let type)?: #expect(path.count == 2 && type.element(path[1]) != nil)
                case .value?, .long?: #expect(path.count == 1)
                case nil: Issue.record("\(other) takes no \(path[0])")
                }
            }
        }
    }

    @Test func theOriginalsSOAPOperationsKeepTheirNamesAndArguments() {
        let original: [(Domain, String, String?)] = [
            (.products, "get_product", "product_id"), (.products, "list_products", nil),
            (.orders, "get_order", "order_id"),
            (.orders, "list_orders", nil), (.orders, "get_tracking", "order_id"),
            (.logistics, "track_shipment", "tracking_number"), (.logistics, "list_warehouses", nil),
            (.finance, "get_payment", "payment_id"), (.finance, "list_settlements", nil),
            (.promotions, "validate_discount_code", "code"), (.promotions, "list_active_campaigns", nil),
            (.analytics, "get_sales_report", "report_id"), (.analytics, "get_top_products", nil),
            (.analytics, "get_top_customers", nil),
        ]
        for (domain, name, argument) in original {
            let operation = operations.first { $0.domain == domain && $0.name == name && $0.soap == .own }
            #expect(operation != nil, "\(name)")
            #expect(operation?.request.filter(\.isRequired).map(\.name) == (argument.map { [$0] } ?? []), "\(name)")
        }
    }

    @Test(.enabled(if: serverSocket != nil, "SELLER_CENTER_TEST_SOCKET names no MariaDB"))
    func everyColumnIsInTheSchemaWithAFittingType() throws {
        let database = try Self.migrated()
        for resource in resources {
            let rows = try database.query(
                """
                SELECT column_name, column_type, is_nullable FROM information_schema.columns \
                WHERE table_schema = DATABASE() AND table_name = \(resource.table)
                """)
            var columns: [String: (type: String, isNullable: Bool)] = [:]
            while rows.next() {
                columns[rows.text(0) ?? ""] = (rows.text(1) ?? "", rows.text(2) == "YES")
            }
            #expect(columns["id"]?.type == "bigint(20)" && columns["revision"]?.type == "bigint(20)")
            for field in resource.fields {
                let column = try #require(columns[field.column], "\(resource.table).\(field.column)")
                // The contract allows 20 characters here. The column keeps its 50, for rows that earlier versions
                // stored.
                let hasRoom = field.column == "payment_status" && column.type == "varchar(50)"
                #expect(column.type == field.kind.columnType || hasRoom, "\(resource.table).\(field.column)")
                #expect(column.isNullable == field.isNullable, "\(resource.table).\(field.column)")
            }
            let triggers = try database.query(
                """
                SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE() \
                AND event_object_table = \(resource.table) AND trigger_name IN \
                (\(resource.table + "_count_insert"), \(resource.table + "_count_delete"))
                """)
            #expect(triggers.next() && triggers.integer(0) == 2, "the count of \(resource.table)")
            let slots = try database.query(
                "SELECT COUNT(*), MAX(slot) + 1 FROM row_counts WHERE table_name = \(resource.table)")
            #expect(slots.next() && slots.integer(0) == Int64(RowCounts.slots))
            #expect(slots.integer(1) == Int64(RowCounts.slots))
            // The values of a filter that has few are counted by triggers as well.
            for case .equals(let field) in resource.filters {
                let values: [Value]
                switch field.kind {
                case .choice(let choices): values = choices.map { .text($0.value) }
                case .boolean: values = [.boolean(false), .boolean(true)]
                default: continue
                }
                for value in values {
                    let counter = try #require(field.counter(of: value, in: resource))
                    let notes = try database.query("SELECT COUNT(*) FROM row_counts WHERE table_name = \(counter)")
                    #expect(notes.next() && notes.integer(0) == Int64(RowCounts.slots), "\(counter)")
                }
                let bodies = try database.query(
                    """
                    SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE() \
                    AND event_object_table = \(resource.table) \
                    AND INSTR(action_statement, \("'\(resource.table).\(field.column)='")) > 0
                    """)
                #expect(bodies.next() && bodies.integer(0) == 3, "\(resource.table).\(field.column)")
            }
            // A duplicate is reported by the name of the index: the column's, or PRIMARY for the single row of a
            // parent, whose primary key is the parent.
            let keys = try database.query(
                """
                SELECT MIN(column_name), index_name FROM information_schema.statistics \
                WHERE table_schema = DATABASE() AND table_name = \(resource.table) AND non_unique = 0 \
                GROUP BY index_name HAVING COUNT(*) = 1 AND MIN(column_name) <> 'id'
                """)
            var names: Set<String> = []
            while keys.next() {
                let column = try #require(keys.text(0))
                names.insert(column)
                let isOfParent = if case .parent(let field) = resource.key { field.column == column } else { false }
                #expect(keys.text(1) == (isOfParent ? "PRIMARY" : column))
            }
            #expect(names == Set(resource.fields.filter(\.isUnique).map(\.column)), "\(resource.table)")
        }
    }

    /// A database with the schema of this repository.
    private static func migrated() throws -> Connection {
        Library.start()
        let settings = {
            ConnectionSettings(socket: serverSocket ?? "", user: NSUserName(), password: nil, database: $0)
        }
        try Connection(settings("mysql")).script(
            "CREATE OR REPLACE DATABASE seller_center_catalogue CHARACTER SET utf8mb4")
        let database = Connection(settings("seller_center_catalogue"))
        let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../sql")
        for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .sorted(by: { $0.path < $1.path }) where file.pathExtension == "sql"
        {
            try database.script(String(contentsOf: file, encoding: .utf8))
        }
        return database
    }
}

extension Kind {
    /// The type by which information_schema describes the column of a field of this kind.
    fileprivate var columnType: String {
        switch self {
        case .text(nil, _): "longtext"
        case .text(let max?, _), .email(let max, _), .url(let max): "varchar(\(max))"
        case .choice: "varchar(20)"
        case .integer: "int(11)"
        case .decimal(_, let digits, let places, _): "decimal(\(digits),\(places))"
        case .boolean: "tinyint(1)"
        case .date: "date"
        case .timestamp: "datetime(6)"
        case .reference: "bigint(20)"
        }
    }
}

private let serverSocket = ProcessInfo.processInfo.environment["SELLER_CENTER_TEST_SOCKET"]
