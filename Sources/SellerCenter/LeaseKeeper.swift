import CShims
import FastCGI
import Glibc
import MariaDB
import Synchronization

/// Renews a lease while the session that took it is busy, by another session on a thread of its own.
///
/// When it finds that the lease is another's, it ends the busy session: a file of many statements would go on to its
/// end, beside those of the other.
final class LeaseKeeper: Sendable {
    private let lease: SchemaLease
    private let settings: ConnectionSettings
    /// An eventfd that becomes readable, and stays so, when there is nothing left to keep.
    private let stop = eventfd(0, Int32(EFD_CLOEXEC))
    private let lost = Atomic(false)

    private init(_ lease: SchemaLease, _ settings: ConnectionSettings) {
        self.lease = lease
        var settings = settings
        // Whatever takes longer than until the next renewal is given up for it.
        settings.statementMilliseconds = Int64(lease.seconds) * 1000 / 3
        settings.readTimeoutSeconds = UInt32(lease.seconds / 3 + 1)
        settings.connectTimeoutSeconds = UInt32(lease.seconds / 3)
        self.settings = settings
        guard stop >= 0 else { fatalError("the kernel gives no eventfd") }
    }

    deinit { close(stop) }

    /// Whether another one has, or had, the lease.
    var hasLost: Bool { lost.load(ordering: .acquiring) }

    /// Runs the body while the lease is kept, and gives the lease back, also after an error.
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

    /// The thread from its start to its end.
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
                // Whether the lease is still there, the row says, as soon as it can be asked again. A statement that
                // all nodes of a cluster do at once cannot be ended: the one behind it can.
            }
            pause = Self.soon
        }
        // A session that was lost says nothing about the server: a new one does. What stays runs out.
        if (try? lease.giveBack(database)) == nil { try? lease.giveBack(database) }
    }

    private static let soon: Int32 = 500

    private func isStopped(within milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&poll, 1, milliseconds) == 1
    }
}
