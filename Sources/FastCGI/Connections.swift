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
        /// -1 where there was no descriptor left for one.
        let lifeline: Int32
        /// In milliseconds of the monotonic clock; nil while nothing is due.
        var deadline: Int64?
        var state = State.waiting

        /// What the connection can be ended by; nil while libfcgi may close, or has closed, the only descriptor.
        var handle: Int32? { lifeline >= 0 ? lifeline : state == .waiting ? descriptor : nil }

        /// Closes what belongs to us of a connection that nobody reads from.
        func closeAll() {
            close(descriptor)
            if lifeline >= 0 { close(lifeline) }
        }
    }

    private enum State {
        /// Until a thread takes it.
        case waiting
        case taken
        /// By us: the peer knows, so what it sent must not be done any more.
        case ended
    }

    private struct Table {
        var connections: [Number: Connection] = [:]
        var next = firstNumber
    }

    /// Lower numbers are for what is no connection.
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

    /// Forgets a connection whose own descriptor is closed.
    func remove(_ number: Number) {
        if let connection = table.withLock({ $0.connections.removeValue(forKey: number) }) {
            if connection.lifeline >= 0 { close(connection.lifeline) }
        }
    }

    /// Closes a connection that waits and whose peer has left; whether a request was there that is now not read.
    func drop(_ number: Number) -> Bool {
        table.withLock { table in
            guard let connection = table.connections.removeValue(forKey: number) else { return false }
            defer { connection.closeAll() }
            return Self.hasData(connection.descriptor)
        }
    }

    /// Takes a connection that waits, whose request must have come by the deadline; nil when it was ended, which
    /// closes it.
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

    /// Notes that a request has come whole; false when that was too late.
    func received(_ number: Number) -> Bool {
        table.withLock { table in
            table.connections[number]?.deadline = nil
            return table.connections[number]?.state == .taken
        }
    }

    /// Lets a connection wait for its next request, however long that takes.
    func park(_ number: Number) {
        table.withLock { table in
            // One that was ended meanwhile stays so.
            if table.connections[number]?.state == .taken { table.connections[number]?.state = .waiting }
        }
    }

    /// Ends the connections that are late: a read that waits returns, and so does epoll.
    func endLate(at now: Int64) {
        table.withLock { table in
            for (number, connection) in table.connections {
                guard let deadline = connection.deadline, deadline <= now else { continue }
                // Its peer is in time, and waits for one of our threads.
                if connection.state == .waiting, Self.hasData(connection.descriptor) { continue }
                // Without a handle it is left to the time-out of each read.
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
