import CShims
import Contract
import Foundation
import MariaDB
import Testing

@testable import Engine

/// Tests of how a session runs work, with a real server, whose socket SELLER_CENTER_TEST_SOCKET names.
@Suite("A session", .serialized, .enabled(if: serverSocket != nil, "SELLER_CENTER_TEST_SOCKET names no MariaDB"))
struct SessionTests {
    private static func connect(_ database: String = "seller_center_engine") -> Connection {
        var settings = ConnectionSettings(
            socket: serverSocket ?? "", user: NSUserName(), password: nil, database: database)
        settings.statementMilliseconds = 2000
        return Connection(settings)
    }

    private static func session() -> Session {
        Session(connect(), Views([]), Session.Shared(cacheBytes: 0, threads: 1))
    }

    private let session: Session
    private var database: Connection { session.database }

    init() throws {
        Library.start()
        try Self.connect("mysql").script(
            """
            CREATE DATABASE IF NOT EXISTS seller_center_engine CHARACTER SET utf8mb4;
            CREATE OR REPLACE TABLE seller_center_engine.t (name VARCHAR(100) NOT NULL PRIMARY KEY, number INT NOT NULL);
            """)
        session = Self.session()
    }

    private func insert(_ name: String) throws {
        _ = try database.execute("INSERT INTO t (name, number) VALUES (\(name), 1)")
    }

    private func count() throws -> Int { try Self.connect().select("SELECT 1 FROM t").count }

    private func killOwnSession() throws {
        let own = try database.query("SELECT CONNECTION_ID()")
        #expect(own.next())
        try Self.connect().script("KILL \(own.integer(0) ?? 0)")
    }

    @Test("stores what was written, but for a dry run")
    func dryRun() throws {
        let isWritten = try session.run(.writing, isDryRun: true) { _ in
            try insert("tried")
            return try database.select("SELECT 1 FROM t").count == 1
        }
        #expect(isWritten)
        #expect(try count() == 0)
        try session.run(.writing) { _ in try insert("kept") }
        #expect(try count() == 1)
    }

    @Test("stores nothing of work that fails")
    func rollsBack() throws {
        #expect(throws: Fault.self) {
            try session.run(.writing) { _ in
                try insert("gone")
                throw Fault.notFound
            }
        }
        #expect(try count() == 0)
    }

    @Test("gives work that reads no way to write")
    func reading() throws {
        try session.run(.reading) { work in #expect(!(work is Writing)) }
        let error = #expect(throws: MariaDBError.self) { try session.run(.reading) { _ in try insert("written") } }
        #expect(error?.number == 1792)
    }

    @Test("does work once more, as a whole, when its session was lost")
    func lostSession() throws {
        var attempts = 0
        try session.run(.writing) { _ in
            attempts += 1
            try insert("first")
            if attempts == 1 { try killOwnSession() }
            try insert("second")
        }
        #expect(attempts == 2)
        #expect(try count() == 2)
    }

    @Test("gives work up that loses every session")
    func lostSessions() throws {
        var attempts = 0
        let error = #expect(throws: MariaDBError.self) {
            try session.run(.writing) { _ in
                attempts += 1
                try insert("first")
                try killOwnSession()
                try insert("second")
            }
        }
        #expect(attempts == 2 && error?.meaning == .passing)
        #expect(try count() == 0)
    }

    @Test("begins no statement that might outlast the deadline, and holds back no COMMIT")
    func deadline() throws {
        let error = #expect(throws: MariaDBError.self) {
            try session.run(.writing, until: cshims_monotonic_milliseconds() + 1900) { _ in try insert("late") }
        }
        #expect(error?.number == 0)
        try session.run(.writing, until: cshims_monotonic_milliseconds() + 4000) { _ in
            try insert("in time")
            database.deadline = 0
        }
        #expect(try count() == 1)
    }

    @Test("reads once more when a table was altered meanwhile")
    func alteredTable() throws {
        try session.run(.writing) { _ in try insert("a") }
        let other = Self.connect()
        try other.script("CREATE OR REPLACE TABLE u (id INT)")
        var attempts = 0
        try session.run(.reading) { _ in
            attempts += 1
            // The snapshot begins with its first read.
            _ = try database.query("SELECT id FROM u")
            if attempts == 1 { try other.script("ALTER TABLE t ADD COLUMN more INT, ALGORITHM = COPY") }
            #expect(try database.query("SELECT name FROM t").count == 1)
        }
        #expect(attempts == 2)
    }

    /// When two transactions lock the same two rows in opposite order, one is rolled back and repeated.
    @Test("repeats work that a deadlock has ended")
    func deadlock() async throws {
        try session.run(.writing) { _ in
            try insert("a")
            try insert("b")
        }
        await withTaskGroup(of: Void.self) { group in
            for (first, second) in [("a", "b"), ("b", "a")] {
                group.addTask {
                    let own = Self.session()
                    for _ in 0..<25 {
                        try? own.run(.writing) { _ in
                            for name in [first, second] {
                                _ = try own.database.execute("UPDATE t SET number = number + 1 WHERE name = \(name)")
                            }
                        }
                    }
                }
            }
        }
        let rows = try database.select("SELECT SUM(number) FROM t")
        #expect(rows.next() && rows.text(0) == "102")
    }
}

private let serverSocket = ProcessInfo.processInfo.environment["SELLER_CENTER_TEST_SOCKET"]
