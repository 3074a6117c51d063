import Glibc
import Synchronization

/// The open connections of a process, and the deadline of each for sending a whole request.
///
/// libfcgi has no such limit: a peer that stalls, or sends a byte now and then, would hold a thread for ever. libfcgi
/// also closes descriptors by itself. A late connection is therefore ended through a second descriptor of the same
/// socket, which only this class closes, so that its number cannot belong to another connection.
final class Connections: Sendable {
    /// A connection's number in this process, which is never reused; epoll reports events by it.
    typealias Number = UInt64

    private struct Connection {
        let descriptor: Int32
        /// -1 if no descriptor was left for it.
        let lifeline: Int32
        /// In milliseconds of the monotonic clock; nil while nothing is due.
        var deadline: Int64?
        var state = State.waiting

        /// The descriptor by which to end the connection; nil while libfcgi may close, or has closed, the only one.
        var handle: Int32? { lifeline >= 0 ? lifeline : state == .waiting ? descriptor : nil }

        /// Closes this class's descriptors of a connection that nobody reads from.
        func closeAll() {
            close(descriptor)
            if lifeline >= 0 { close(lifeline) }
        }
    }

    private enum State {
        /// No thread has taken the connection yet.
        case waiting
        case taken
        /// Ended by this server. The peer knows that, so its request must not be carried out any more.
        case ended
    }

    private struct Table {
        var connections: [Number: Connection] = [:]
        var next = firstNumber
    }

    /// Lower numbers are for the other descriptors in epoll.
    static let firstNumber: Number = 16

    private let table = Mutex(Table())

    var count: Int { table.withLock { $0.connections.count } }

    func add(_ descriptor: Int32, deadline: Int64) -> Number {
        let lifeline = dup(descriptor)
        return table.withLock { table in
            defer { table.next += 1 }
            table.connections[table.next] = Connection(descriptor: descriptor, lifeline: lifeline, deadline: deadline)
            return table.next
        }
    }

    /// Forgets a connection whose own descriptor is already closed.
    func remove(_ number: Number) {
        if let connection = table.withLock({ $0.connections.removeValue(forKey: number) }) {
            if connection.lifeline >= 0 { close(connection.lifeline) }
        }
    }

    /// Closes a waiting connection whose peer has left, and returns whether it had sent a request that is now dropped.
    func drop(_ number: Number) -> Bool {
        table.withLock { table in
            guard let connection = table.connections.removeValue(forKey: number) else { return false }
            defer { connection.closeAll() }
            return Self.hasData(connection.descriptor)
        }
    }

    /// Takes a waiting connection, whose request must arrive by the deadline; nil when the connection was ended, and it
    /// is then closed.
    func take(_ number: Number, deadline: Int64) -> Int32? {
        table.withLock { table in
            guard let connection = table.connections[number] else { return nil }
            guard connection.state != .ended else {
                connection.closeAll()
                table.connections[number] = nil
                return nil
            }
            table.connections[number]?.state = .taken
            table.connections[number]?.deadline = deadline
            return connection.descriptor
        }
    }

    /// Notes that a request has arrived completely; false when that was too late.
    func received(_ number: Number) -> Bool {
        table.withLock { table in
            table.connections[number]?.deadline = nil
            return table.connections[number]?.state == .taken
        }
    }

    /// Lets a connection wait for its next request without a deadline.
    func park(_ number: Number) {
        table.withLock { table in
            // A connection that was ended meanwhile stays ended.
            if table.connections[number]?.state == .taken { table.connections[number]?.state = .waiting }
        }
    }

    /// Ends the late connections, which makes a waiting read return and wakes epoll.
    func endLate(at now: Int64) {
        table.withLock { table in
            for (number, connection) in table.connections {
                guard let deadline = connection.deadline, deadline <= now else { continue }
                // The peer was in time, and its request waits for a free thread.
                if connection.state == .waiting, Self.hasData(connection.descriptor) { continue }
                // A connection without a handle is ended by the time-out of its reads.
                guard let handle = connection.handle else { continue }
                table.connections[number]?.deadline = nil
                table.connections[number]?.state = .ended
                shutdown(handle, Int32(SHUT_RDWR))
            }
        }
    }

    private static func hasData(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 1
    }
}
