import Glibc
import Synchronization

/// The open connections of a process, and until when each must have sent a whole request.
///
/// libfcgi has no limit of its own: a peer that stalls, or that sends a byte now and then, would hold a thread for
/// ever. It also closes descriptors by itself, so a connection that is late is ended through a second descriptor of
/// the same socket, which nobody else closes and whose number is therefore never another's.
final class Connections: Sendable {
    /// A connection's number in this process, never used again; what epoll knows it by.
    typealias Number = UInt64

    private struct Connection {
        let descriptor: Int32
        let lifeline: Int32
        /// In milliseconds of the monotonic clock; nil while nothing is due.
        var deadline: Int?
    }

    private struct Table {
        var connections: [Number: Connection] = [:]
        var next = firstNumber
    }

    /// Lower numbers are for what is no connection.
    static let firstNumber: Number = 16

    private let table = Mutex(Table())

    var isEmpty: Bool { table.withLock { $0.connections.isEmpty } }

    func add(_ descriptor: Int32, deadline: Int) -> Number {
        let lifeline = dup(descriptor)
        return table.withLock { table in
            defer { table.next += 1 }
            table.connections[table.next] = Connection(descriptor: descriptor, lifeline: lifeline, deadline: deadline)
            return table.next
        }
    }

    /// Forgets a connection whose own descriptor is closed.
    func remove(_ number: Number) {
        if let connection = table.withLock({ $0.connections.removeValue(forKey: number) }) {
            close(connection.lifeline)
        }
    }

    func descriptor(of number: Number) -> Int32? { table.withLock { $0.connections[number]?.descriptor } }

    /// Sets until when a request must have come, or that none is due.
    func setDeadline(_ deadline: Int?, of number: Number) {
        table.withLock { $0.connections[number]?.deadline = deadline }
    }

    /// Ends the connections that are late: a read that waits returns, and so does epoll.
    func endLate(at now: Int) {
        table.withLock { table in
            for (number, connection) in table.connections {
                guard let deadline = connection.deadline, deadline <= now else { continue }
                table.connections[number]?.deadline = nil
                shutdown(connection.lifeline, Int32(SHUT_RDWR))
            }
        }
    }
}
