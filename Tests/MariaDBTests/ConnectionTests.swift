import CShims
import Foundation
import Testing

@testable import MariaDB

/// Tests of the wrapper with a real server, whose socket SELLER_CENTER_TEST_SOCKET names.
@Suite(.serialized, .enabled(if: serverSocket != nil, "SELLER_CENTER_TEST_SOCKET names no MariaDB"))
struct ConnectionTests {
    private static func connect(_ database: String = "seller_center_test") -> Connection {
        var settings = ConnectionSettings(
            socket: serverSocket ?? "", user: NSUserName(), password: nil, database: database)
        settings.statementMilliseconds = 2000
        return Connection(settings)
    }

    private let database: Connection

    init() throws {
        Library.start()
        try Self.connect("mysql").script(
            """
            CREATE DATABASE IF NOT EXISTS seller_center_test CHARACTER SET utf8mb4;
            CREATE OR REPLACE TABLE seller_center_test.t (
                id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, price DECIMAL(10,2), small TINYINT(1),
                number INT, day DATE, time DATETIME(6), note LONGTEXT, UNIQUE KEY name (name),
                CONSTRAINT t_price CHECK (price >= 0)) CHARACTER SET utf8mb4;
            """)
        database = Self.connect()
    }

    private func insert(_ name: String) throws {
        _ = try database.execute("INSERT INTO t (name, price, number) VALUES (\(name), '1.00', 1)")
    }

    @Test func bothProtocolsGiveTheSameText() throws {
        let long = String(repeating: "é😀'\\?", count: 40_000)
        _ = try database.execute(
            """
            INSERT INTO t (name, price, small, number, day, time, note) VALUES (\("O'Brien \\ ?"), '-0.00', 1, \(Int64(-5)), \
            '2026-02-28', '2026-02-28 01:02:03.000400', \(long))
            """)
        let columns: SQL = "id, name, price, small, number, day, time, note, NULL"
        let expected = ["1", "O'Brien \\ ?", "0.00", "1", "-5", "2026-02-28", "2026-02-28 01:02:03.000400", long, nil]
        for rows in [
            try database.select("SELECT \(columns) FROM t"),
            try database.query("SELECT \(columns) FROM t WHERE name = \("O'Brien \\ ?")"),
        ] {
            #expect(rows.count == 1 && rows.next())
            #expect((0..<9).map { rows.text($0) } == expected)
            #expect([0, 3, 4, 1, 8].map { rows.integer($0) } == [1, 1, -5, nil, nil])
            #expect(rows.fingerprint(6) == 2_026_022_801_020_300_040 &* 10)
            #expect(rows.fingerprint(8) == 0)
            #expect(!rows.next())
        }
    }

    @Test func aResultOutlivesTheNextRunOfItsStatement() throws {
        try insert("a")
        try insert("b")
        let select: (String) -> SQL = { "SELECT name FROM t WHERE name = \($0)" }
        let first = try database.select(select("a"))
        let second = try database.select(select("b"))
        #expect(first.next() && first.text(0) == "a")
        #expect(second.next() && second.text(0) == "b")
        first.rewind()
        #expect(first.next() && first.text(0) == "a")
    }

    @Test func namesWhatTheSchemaRefuses() throws {
        try insert("it's 'x' for key")
        let duplicate = #expect(throws: MariaDBError.self) { try insert("it's 'x' for key") }
        #expect(duplicate?.duplicateKey == "name")
        let negative = #expect(throws: MariaDBError.self) {
            _ = try database.execute("INSERT INTO t (name, price) VALUES ('n', '-1.00')")
        }
        #expect(negative?.violatedConstraint == "t_price")
    }

    @Test func aKilledSessionIsReplaced() throws {
        try insert("kept")
        let own = try database.query("SELECT CONNECTION_ID()")
        #expect(own.next())
        _ = try Self.connect().query("SELECT 1")
        try Self.connect().script("KILL \(own.integer(0) ?? 0)")
        let rows = try database.select("SELECT name FROM t")
        #expect(rows.count == 1)
    }

    @Test func aTransactionBeginsWithItsFirstStatement() throws {
        func isInTransaction() throws -> Bool {
            let rows = try database.selectAlone("SELECT @@in_transaction")
            return rows.next() && rows.integer(0) == 1
        }
        try database.transact(isWriting: true) {
            #expect(try !isInTransaction())
            try insert("seen")
            #expect(try isInTransaction())
        }
        #expect(try !isInTransaction())
        #expect(try database.select("SELECT 1 FROM t").count == 1)
    }

    @Test func aTransactionIsNotKeptThatOnlyReadsOrIsNotToBeKept() throws {
        try database.transact(isWriting: true, isKept: false) { try insert("tried") }
        #expect(try database.select("SELECT 1 FROM t").count == 0)
        let error = #expect(throws: MariaDBError.self) {
            try database.transact(isWriting: false) { try insert("written") }
        }
        #expect(error?.number == 1792)
        #expect(try database.select("SELECT 1 FROM t").count == 0)
    }

    @Test func aStatementWhoseTransactionCouldNotBeginDoesNotRunOutsideIt() throws {
        struct Stop: Error {}
        let own = try database.query("SELECT CONNECTION_ID()")
        #expect(own.next())
        try Self.connect().script("KILL \(own.integer(0) ?? 0)")
        #expect(throws: Stop.self) {
            try database.transact(isWriting: true) {
                var isRefused = false
                do { try insert("first") } catch { isRefused = error is MariaDBError }
                #expect(isRefused)
                try insert("second")
                throw Stop()
            }
        }
        #expect(try database.select("SELECT 1 FROM t").count == 0)
    }

    @Test func theRestOfATransactionDoesNotRunWithoutItsBeginning() throws {
        #expect(throws: MariaDBError.self) {
            try database.transact(isWriting: true) {
                try insert("first")
                let own = try database.query("SELECT CONNECTION_ID()")
                #expect(own.next())
                try Self.connect().script("KILL \(own.integer(0) ?? 0)")
                _ = try? insert("second")
                try insert("third")
            }
        }
        #expect(try database.select("SELECT 1 FROM t").count == 0)
    }

    @Test func noStatementBeginsThatMightOutlastTheDeadline() throws {
        try insert("a")
        database.deadline = cshims_monotonic_milliseconds() + 1900
        var error = #expect(throws: MariaDBError.self) { try database.select("SELECT 1") }
        #expect(error?.number == 0 && error?.meaning == .passing)
        error = #expect(throws: MariaDBError.self) { try database.transact(isWriting: true) { try insert("b") } }
        #expect(error?.number == 0)
        database.deadline = cshims_monotonic_milliseconds() + 4000
        try database.transact(isWriting: true) {
            try insert("c")
            // The deadline does not hold back COMMIT.
            database.deadline = 0
        }
        database.deadline = nil
        #expect(try database.select("SELECT 1 FROM t").count == 2)
    }

    @Test func rollsBack() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try database.transact(isWriting: true) {
                try insert("gone")
                throw Stop()
            }
        }
        #expect(try database.select("SELECT 1 FROM t").count == 0)
    }

    @Test func aSlowStatementEndsAndTheConnectionLives() throws {
        let error = #expect(throws: MariaDBError.self) {
            try database.select("SELECT SLEEP(10) FROM t RIGHT JOIN (SELECT 1) one ON TRUE")
        }
        #expect(error?.number == 1969)
        #expect(try database.select("SELECT 1").count == 1)
    }
}

private let serverSocket = ProcessInfo.processInfo.environment["SELLER_CENTER_TEST_SOCKET"]
