import ArgumentParser
import Glibc
import Logging
import MariaDB

/// The command line.
@main
struct SellerCenter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seller-center",
        abstract: "The seller hub between storefronts (REST) and ERPs (SOAP), as FastCGI behind nginx.",
        discussion: "Settings come from the environment:\n\n" + settings,
        version: Version.program,
        subcommands: [
            ServeCommand.self, WorkerCommand.self, MigrateCommand.self, KeysCommand.self, CheckSettingsCommand.self,
        ])

    private static var settings: String {
        Settings.table.map { entry in
            "  \(Settings.prefix)\(entry.name) (\(entry.initial.isEmpty ? "empty" : entry.initial)): \(entry.meaning)"
        }.joined(separator: "\n")
    }
}

extension ParsableCommand {
    /// The settings of this process. If any are wrong, all problems are told, by default on standard error, and the
    /// process ends with exit code 2.
    static func settings(
        tell: (Settings.Problems) -> Void = { say($0.description, on: STDERR_FILENO) }
    ) throws -> (Settings, Logger) {
        do throws(Settings.Problems) {
            let settings = try Settings.current()
            let level = Logger.Level(rawValue: settings.logLevel) ?? .info
            return (settings, Logger(label: "seller-center") { _ in JSONLog(level) })
        } catch {
            tell(error)
            throw ExitCode(2)
        }
    }

    /// Writes a line at once, since a line that `print` still buffers is lost when the process is killed.
    static func say(_ line: String, on descriptor: Int32 = STDOUT_FILENO) {
        _ = (line + "\n").withCString { unsafe write(descriptor, $0, strlen($0)) }
    }
}

/// Checks the settings.
struct CheckSettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-settings",
        abstract: "Check the settings; print every problem and exit with 2 if there are any.")

    func run() throws {
        _ = try Self.settings()
        print("The settings are in order.")
    }
}

/// Runs the site until it is stopped.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Listen, and keep the worker processes running.",
        discussion:
            "SIGTERM and SIGINT finish what is in flight and stop. SIGHUP starts new workers, of the program that "
            + "now stands at this path, and then drains the old ones.")

    func run() throws {
        let (settings, log) = try Self.settings()
        try Supervisor(settings, log).run()
    }
}

/// Answers requests in one process; started by the supervisor, by systemd or by spawn-fcgi.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Role.worker.rawValue, abstract: "Answer requests on an inherited socket, in one process.")

    @Option(help: "The listening socket's file descriptor: 0 as spawn-fcgi passes it, 3 as systemd does.")
    var descriptor: Int32 = 0

    @Option(help: "The file descriptor of the socket that health is asked on; without it, the worker binds one.")
    var desk: Int32?

    @Option(help: "A file descriptor to write a line to: ready, or why this worker ends.")
    var ready: Int32?

    @Flag(help: "End, with the reason, when requests could not be answered; else begin and say 503.")
    var needsDatabase = false

    func run() throws {
        let startup = Worker.Startup(pipe: ready, needsDatabase: needsDatabase)
        let (settings, log) =
            try ready == nil ? Self.settings() : Self.settings { startup.tell($0.lines.joined(separator: " ")) }
        let sockets = try Sockets.inherited(requests: descriptor, desk: desk, settings, log)
        Worker(settings, log, startup, number: Launcher.numberOfThisProcess).run(sockets)
    }
}

/// Brings the database's schema up to date.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Apply the migrations that the database does not have yet.",
        discussion:
            "Safe to run twice and from two processes at once, on two nodes of a cluster as well: one waits and then "
            + "finds nothing to do. Refuses when an applied file was changed or is gone. Exits with 1 when it fails.")

    @Option(help: "Where the numbered .sql files are.")
    var directory = "sql"

    @Option(help: "Seconds after which another migrate takes over from one that was killed, 3 to 59.")
    var leaseSeconds = 30

    func validate() throws {
        guard (3...59).contains(leaseSeconds) else { throw ValidationError("--lease-seconds must be from 3 to 59.") }
    }

    func run() throws {
        let (settings, _) = try Self.settings()
        Library.start()
        do throws(Migrations.Failure) {
            try Migrations(directory: directory).apply(settings.database, leaseSeconds: leaseSeconds) {
                Self.say($0)
            } warn: {
                Self.say("migrate: \($0)", on: STDERR_FILENO)
            }
        } catch {
            Self.say("migrate: \(error)", on: STDERR_FILENO)
            throw ExitCode.failure
        }
    }
}
