import CShims
import FastCGI
import Glibc
import MariaDB
import Synchronization

/// Renews a lease while the session that took it is busy, by another session on a thread of its own.
///
/// If another process has taken the lease, the keeper ends the busy session: otherwise a file of many statements
/// would run to its end beside the other process's migration.
final class LeaseKeeper: Sendable {
    private let lease: SchemaLease
    private let settings: ConnectionSettings
    /// An eventfd that becomes readable, and stays so, when the lease is no longer needed.
    private let stop = eventfd(0, Int32(EFD_CLOEXEC))
    private let lost = Atomic(false)

    private init(_ lease: SchemaLease, _ settings: ConnectionSettings) {
        self.lease = lease
        var settings = settings
        // No renewal may take longer than the time until the next one.
        settings.statementMilliseconds = Int64(lease.seconds) * 1000 / 3
        settings.readTimeoutSeconds = UInt32(lease.seconds / 3 + 1)
        settings.connectTimeoutSeconds = UInt32(lease.seconds / 3)
        self.settings = settings
        guard stop >= 0 else { fatalError("the kernel gives no eventfd") }
    }

    deinit { close(stop) }

    /// Whether another process has, or once had, the lease.
    var hasLost: Bool { lost.load(ordering: .acquiring) }

    /// Runs the body while the lease is renewed, and gives the lease back, also after an error.
    static func keeping<T>(
        _ lease: SchemaLease, _ settings: ConnectionSettings, _ body: (LeaseKeeper) throws -> T
    ) rethrows -> T {
        let keeper = LeaseKeeper(lease, settings)
        let thread = Thread { keeper.run() }
        defer {
            var one: UInt64 = 1
            unsafe write(keeper.stop, &one, 8)
            thread.join()
        }
        return try body(keeper)
    }

    /// The body of the keeper's thread.
    private func run() {
        let database = Connection(settings)
        let interval = Int32(lease.seconds) * 1000 / 3
        var pause = Self.soon
        while !isStopped(within: pause) {
            do throws(MariaDBError) {
                if try lease.renew(database) {
                    pause = interval
                    continue
                }
                lost.store(true, ordering: .releasing)
                try lease.endHolder(database)
            } catch {
                // Only the row says whether the lease is still held, so it is asked again soon. If the busy session's
                // statement cannot be ended, because all nodes of a cluster run it at once, the next one of that
                // session can be.
            }
            pause = Self.soon
        }
        // After a lost session one new session is tried. A lease that cannot be given back expires by itself.
        if (try? lease.giveBack(database)) == nil { try? lease.giveBack(database) }
    }

    private static let soon: Int32 = 500

    private func isStopped(within milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&poll, 1, milliseconds) == 1
    }
}
