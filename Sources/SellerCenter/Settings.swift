import Glibc
import Logging
import MariaDB
import Wire

/// The settings of the program, from the environment.
struct Settings: Sendable {
    let databaseSocket: String
    let databaseName: String
    let databaseUser: String
    let databasePassword: String?
    let socket: String
    let keyDirectory: String
    let processes: Int
    let threads: Int
    let publicAddress: PublicAddress
    let cacheBytes: Int
    let bodyLimit: Int
    let queueSeconds: Int
    let requestSeconds: Int
    let lockSeconds: Int
    let drainSeconds: Int
    let receiveSeconds: Int
    let sendsTiming: Bool
    let logLevel: String

    /// One setting: its name behind the prefix, its default and its meaning.
    struct Entry: Sendable {
        let name: String
        let initial: String
        let meaning: String
    }

    static let prefix = "SELLER_CENTER_"

    private static let logLevelEntry = Entry(
        name: "LOG_LEVEL", initial: "info", meaning: "trace, debug, info, notice, warning, error or critical.")

    static let table = [
        Entry(name: "DATABASE_SOCKET", initial: ".run/mariadb.sock", meaning: "MariaDB's unix socket."),
        Entry(name: "DATABASE_NAME", initial: "seller_center", meaning: "The database."),
        Entry(name: "DATABASE_USER", initial: "", meaning: "Whom to connect as; empty is the user of the process."),
        Entry(name: "DATABASE_PASSWORD_FILE", initial: "", meaning: "A file that holds the password; empty is none."),
        Entry(
            name: "SOCKET", initial: ".run/fastcgi.sock", meaning: "The unix socket for nginx, when none is inherited."),
        Entry(
            name: "KEY_DIRECTORY", initial: ".run/keys",
            meaning: "Where the site's keys are, which only the user of the process can read."),
        Entry(name: "PROCESSES", initial: "2", meaning: "Worker processes, 1 to 64."),
        Entry(name: "THREADS", initial: "4", meaning: "Threads of each worker, 1 to 64; each has a MariaDB session."),
        Entry(
            name: "PUBLIC_URL", initial: "http://localhost:8080",
            meaning: "Where clients reach the site, for its links; each request's own host replaces a loopback host."),
        Entry(
            name: "CACHE_MEGABYTES", initial: "64",
            meaning: "Memory of each worker for rendered rows, 0 to 65536; 0 keeps none."),
        Entry(name: "BODY_LIMIT", initial: "4194304", meaning: "The largest request body in bytes, up to 64 MiB."),
        Entry(
            name: "QUEUE_SECONDS", initial: "2",
            meaning: "A request that no thread has taken up after so long is refused, 1 to 60."),
        Entry(
            name: "REQUEST_SECONDS", initial: "20",
            meaning: "The deadline of a request, 2 to 24: nginx waits for 30."),
        Entry(
            name: "LOCK_SECONDS", initial: "3",
            meaning: "How long a write waits for a locked row, 1 to 10; it waits once more before it is refused."),
        Entry(
            name: "DRAIN_SECONDS", initial: "25",
            meaning: "How long a stopping worker waits for requests and for nginx, 3 to 40; above REQUEST_SECONDS."),
        Entry(name: "RECEIVE_SECONDS", initial: "10", meaning: "How long a silent peer holds a thread, 1 to 300."),
        Entry(
            name: "SERVER_TIMING", initial: "off",
            meaning: "on: answers tell by the header Server-Timing how long their stages took, but for lists in parts."),
        logLevelEntry,
    ]

    /// All problems of the environment together.
    struct Problems: Error, CustomStringConvertible {
        let lines: [String]

        var description: String { lines.joined(separator: "\n") }
    }

    init(_ environment: [String: String]) throws(Problems) {
        var problems: [String] = []
        func text(_ name: String) -> String {
            guard let entry = Self.table.first(where: { $0.name == name }) else {
                fatalError("\(name) is no setting")
            }
            return environment[Self.prefix + name] ?? entry.initial
        }
        func number(_ name: String, _ range: ClosedRange<Int>) -> Int {
            if let number = Int(text(name)), range.contains(number) { return number }
            problems.append(
                "\(Self.prefix)\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
            return range.lowerBound
        }
        for name in environment.keys.sorted() where name.hasPrefix(Self.prefix) {
            if !Self.table.contains(where: { Self.prefix + $0.name == name }) {
                problems.append("\(name) is no setting.")
            }
        }
        databaseSocket = text("DATABASE_SOCKET")
        databaseName = text("DATABASE_NAME")
        databaseUser = text("DATABASE_USER").isEmpty ? Self.currentUser : text("DATABASE_USER")
        socket = text("SOCKET")
        for name in ["DATABASE_SOCKET", "SOCKET"] where text(name).isEmpty || text(name).utf8.count > 107 {
            problems.append("\(Self.prefix)\(name) must be a path of 1 to 107 bytes.")
        }
        if Self.deskSocket(beside: socket) == socket || Self.deskSocket(beside: socket).utf8.count > 107 {
            problems.append("\(Self.prefix)SOCKET must leave room for the socket \(Self.deskName) beside it.")
        }
        if databaseName.isEmpty { problems.append("\(Self.prefix)DATABASE_NAME must not be empty.") }
        keyDirectory = text("KEY_DIRECTORY")
        if keyDirectory.isEmpty { problems.append("\(Self.prefix)KEY_DIRECTORY must not be empty.") }
        processes = number("PROCESSES", 1...64)
        threads = number("THREADS", 1...64)
        cacheBytes = number("CACHE_MEGABYTES", 0...65536) * 1024 * 1024
        bodyLimit = number("BODY_LIMIT", 1024...64 * 1024 * 1024)
        queueSeconds = number("QUEUE_SECONDS", 1...60)
        requestSeconds = number("REQUEST_SECONDS", 2...24)
        lockSeconds = number("LOCK_SECONDS", 1...10)
        let problemsBefore = problems.count
        drainSeconds = number("DRAIN_SECONDS", 3...40)
        if problems.count == problemsBefore, drainSeconds <= requestSeconds {
            problems.append("\(Self.prefix)DRAIN_SECONDS must be more than REQUEST_SECONDS: it would cut requests off.")
        }
        receiveSeconds = number("RECEIVE_SECONDS", 1...300)
        sendsTiming = text("SERVER_TIMING") == "on"
        if !["on", "off"].contains(text("SERVER_TIMING")) {
            problems.append("\(Self.prefix)SERVER_TIMING must be on or off.")
        }
        let address = PublicAddress(text("PUBLIC_URL"))
        if address == nil {
            problems.append(
                "\(Self.prefix)PUBLIC_URL must be http:// or https:// with a host, and perhaps a port or a path.")
        }
        let logLevelEntry = Self.logLevelEntry
        logLevel = text(logLevelEntry.name)
        if Logger.Level(rawValue: logLevel) == nil {
            problems.append(
                "\(Self.prefix)\(logLevelEntry.name) must be a level: \(logLevelEntry.meaning)")
        }
        let passwordFile = text("DATABASE_PASSWORD_FILE")
        var password: String?
        if !passwordFile.isEmpty {
            password = File.read(passwordFile).map { String($0.prefix { !$0.isNewline }) }
            if password == nil {
                problems.append("\(Self.prefix)DATABASE_PASSWORD_FILE names a file that cannot be read.")
            }
        }
        databasePassword = password
        guard problems.isEmpty, let address else { throw Problems(lines: problems) }
        publicAddress = address
    }

    private static var currentUser: String {
        guard let entry = unsafe getpwuid(geteuid()) else { return "root" }
        return unsafe String(cString: entry.pointee.pw_name)
    }

    /// How a worker's threads use MariaDB. A statement's limit is short enough that no request's deadline cuts it off.
    var database: ConnectionSettings {
        var settings = ConnectionSettings(
            socket: databaseSocket, user: databaseUser, password: databasePassword, database: databaseName)
        let limit = min(settings.statementMilliseconds ?? .max, Int64(requestSeconds) * 400)
        settings.statementMilliseconds = limit
        settings.readTimeoutSeconds = UInt32((limit + 999) / 1000) + 1
        // Below the statement's limit, so that MariaDB reports a wait for a row as such: the write is then tried once
        // more.
        settings.lockSeconds = max(1, min(lockSeconds, Int(limit / 1000) - 1))
        return settings
    }

    /// How a worker's desk asks MariaDB for its state.
    var deskDatabase: ConnectionSettings {
        var settings = database
        settings.connectTimeoutSeconds = 1
        settings.readTimeoutSeconds = 1
        return settings
    }

    /// The path of the unix socket on which the desks answer.
    var deskSocket: String { Self.deskSocket(beside: socket) }

    private static func deskSocket(beside socket: String) -> String {
        (socket.lastIndex(of: "/").map { String(socket[...$0]) } ?? "") + deskName
    }

    private static let deskName = "desk.sock"
}

extension Settings {
    /// The settings of this process.
    static func current() throws(Problems) -> Settings {
        var environment: [String: String] = [:]
        var entry = unsafe environ
        while let line = unsafe entry.pointee {
            let parts = unsafe String(cString: line).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
            unsafe entry += 1
        }
        return try Settings(environment)
    }
}
