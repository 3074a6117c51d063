import CFastCGI
import CShims
import Glibc
import Synchronization

/// Answers requests one after another on one thread, and owns everything that it needs for that.
package protocol Handler: AnyObject {
    func handle(_ request: Request)
}

/// A listening socket and the threads that answer on it, all waiting on one epoll descriptor.
///
/// A thread never waits for the next request of one connection. Connections that nginx keeps open are parked in
/// epoll, so that a few threads serve any number of them, and a new client never waits behind an idle one.
package final class Server: Sendable {
    private let listener: Listener
    private let epoll: Int32
    /// An eventfd that becomes readable, and stays so, when the server must stop.
    private let stop: Int32
    private let limits: Limits
    private let connections = Connections()
    /// Whether new connections stay in the socket's queue because there are too many open ones.
    private let isFull = Atomic(false)
    private let dropped = Atomic<Int>(0)
    private let hasEnded = Atomic(false)

    /// How long a peer may take, and how many connections may be open.
    package struct Limits: Sendable {
        /// The time for a whole request: from the moment the connection is opened, and for each further request from
        /// its first byte.
        package let receiveSeconds: Int
        package let sendSeconds: Int
        /// How long a draining server waits for nginx to close the connections that it keeps.
        package let drainSeconds: Int
        /// The most open connections; more wait in the socket's queue.
        package let connections: Int

        package init(receiveSeconds: Int, sendSeconds: Int, drainSeconds: Int, connections: Int) {
            self.receiveSeconds = receiveSeconds
            self.sendSeconds = sendSeconds
            self.drainSeconds = drainSeconds
            self.connections = connections
        }
    }

    /// A server that accepts connections at once, or only after `startAccepting`.
    package init(_ listener: Listener, limits: Limits, isAccepting: Bool = true) {
        self.listener = listener
        self.limits = limits
        // FCGX_Init installs signal handlers where there are none; they never run, since the signals are blocked.
        FCGX_Init()
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        stop = eventfd(0, Int32(EFD_CLOEXEC))
        guard epoll >= 0 && stop >= 0 else { fatalError("the kernel gives no epoll descriptor and no eventfd") }
        _ = cshims_set_nonblocking(listener.descriptor)
        if isAccepting { startAccepting() }
        watch(stop, as: Self.stopNumber, EPOLLIN.rawValue, isNew: true)
    }

    deinit {
        close(epoll)
        close(stop)
    }

    private static let listenerNumber: Connections.Number = 1
    private static let stopNumber: Connections.Number = 2

    private func watch(_ descriptor: Int32, as number: Connections.Number, _ events: UInt32, isNew: Bool) {
        var event = unsafe epoll_event()
        unsafe event.events = events
        unsafe event.data.u64 = number
        unsafe epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event)
    }

    /// Begins to accept connections.
    package func startAccepting() {
        watch(listener.descriptor, as: Self.listenerNumber, EPOLLIN.rawValue, isNew: true)
    }

    /// Leaves new connections to other processes that listen on the same socket; without any, they are refused at once.
    package func stopAccepting() {
        var none = unsafe epoll_event()
        unsafe epoll_ctl(epoll, EPOLL_CTL_DEL, listener.descriptor, &none)
        listener.close()
    }

    /// Stops accepting, and lets the threads return once the requests in progress are answered.
    package func drain() {
        stopAccepting()
        var one: UInt64 = 1
        unsafe write(stop, &one, 8)
    }

    /// Lets the threads return at once, for a server whose requests never wait.
    package func end() {
        hasEnded.store(true, ordering: .relaxed)
        drain()
    }

    /// The number of requests since the last call that were dropped because their peers had left before they were read.
    package func takeDropped() -> Int { dropped.exchange(0, ordering: .relaxed) }

    /// Ends late connections, and accepts again when there is room; must be called regularly.
    package func tend() {
        connections.endLate(at: cshims_monotonic_milliseconds())
        acceptAgain()
    }
}

// MARK: Threads

extension Server {
    /// Runs the threads until the server has drained. Each thread makes its own handler, and when all have, `isReady`
    /// is called and requests are answered. `meanwhile` runs on the calling thread; `whenDrained` is called when the
    /// last thread has ended, so that `meanwhile` can return.
    package func run(
        threads: Int, makeHandler: @escaping @Sendable () -> any Handler, isReady: @escaping @Sendable () -> Void,
        meanwhile: () -> Void, whenDrained: @escaping @Sendable () -> Void
    ) {
        let starting = Remaining(threads)
        let running = Remaining(threads)
        let start = eventfd(0, Int32(EFD_CLOEXEC))
        defer { close(start) }
        let all = (0..<threads).map { _ in
            Thread {
                let handler = makeHandler()
                if starting.removeOne() {
                    isReady()
                    var one: UInt64 = 1
                    unsafe write(start, &one, 8)
                }
                // The eventfd stays readable, so that every thread sees it.
                var event = pollfd(fd: start, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&event, 1, -1)
                self.serve(handler)
                if running.removeOne() { whenDrained() }
            }
        }
        meanwhile()
        for thread in all { thread.join() }
    }

    /// Counts the threads that have not reached a point yet.
    private final class Remaining: Sendable {
        private let count: Atomic<Int>

        init(_ threads: Int) { count = Atomic(threads) }

        /// Counts one thread that has reached it, and returns whether that was the last one.
        func removeOne() -> Bool { count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
    }

    /// Answers on this thread until the server has drained; `nowAndThen` is called regularly, even without requests.
    package func serve(_ handler: any Handler, nowAndThen: (() -> Void)? = nil) {
        let request = Request()
        var deadline: Int64?
        var next: Int64 = 0
        while true {
            if let nowAndThen, cshims_monotonic_milliseconds() >= next {
                nowAndThen()
                next = cshims_monotonic_milliseconds() + Self.pause
            }
            var event = unsafe epoll_event()
            // While draining, the thread wakes up regularly to see whether the time is over.
            let isWatching = nowAndThen != nil || deadline != nil
            let count = unsafe epoll_wait(epoll, &event, 1, isWatching ? Int32(Self.pause) : -1)
            if let deadline, cshims_monotonic_milliseconds() >= deadline { return }
            guard count == 1 else { continue }
            let number = unsafe event.data.u64
            if number == Self.stopNumber {
                // The other threads see the stop as well, since the eventfd stays readable. Requests on kept
                // connections are still answered until nginx closes them (keepalive_time): closing one from this side
                // would lose a POST in flight.
                if deadline == nil { deadline = cshims_monotonic_milliseconds() + Int64(limits.drainSeconds) * 1000 }
                if connections.count == 0 || hasEnded.load(ordering: .relaxed) { return }
                cshims_sleep_milliseconds(2)
            } else if number == Self.listenerNumber {
                acceptConnections()
            } else if unsafe event.events & EPOLLHUP.rawValue != 0 {
                // "EPOLLHUP … the peer closed its end" (epoll_ctl(2)): nobody waits for the answer, so the request is
                // dropped.
                if connections.drop(number) { dropped.add(1, ordering: .relaxed) }
                acceptAgain()
            } else {
                answer(number, request, handler)
            }
        }
    }

    /// The time between two looks, in milliseconds.
    private static let pause: Int64 = 100
}

// MARK: Connections

extension Server {
    /// Accepts and parks all waiting connections; a peer that connects and sends nothing holds no thread.
    ///
    /// Taking only one per turn of epoll would make a new connection wait behind every kept one that is ready.
    private func acceptConnections() {
        while connections.count < limits.connections {
            let connection = cshims_accept(listener.descriptor)
            guard connection >= 0 else {
                // EAGAIN: no connection is left, or another thread took it.
                if errno != EMFILE && errno != ENFILE { return }
                break
            }
            // Reads have a deadline of their own; the time-out is for connections that have no second descriptor to end
            // them.
            cshims_set_timeouts(connection, Int32(limits.receiveSeconds + 1), Int32(limits.sendSeconds))
            let number = connections.add(connection, deadline: receiveDeadline)
            watch(connection, as: number, EPOLLIN.rawValue | EPOLLONESHOT.rawValue, isNew: true)
        }
        // The listening socket stays readable, so without this change every thread would return here at once. The order
        // matters: a thread that finds the flag set afterwards re-enables the socket.
        watch(listener.descriptor, as: Self.listenerNumber, 0, isNew: false)
        isFull.store(true, ordering: .sequentiallyConsistent)
    }

    private func acceptAgain() {
        // The flag is read first, since it is rarely set, and the count needs a lock.
        guard isFull.load(ordering: .sequentiallyConsistent), connections.count < limits.connections,
            isFull.exchange(false, ordering: .sequentiallyConsistent)
        else { return }
        watch(listener.descriptor, as: Self.listenerNumber, EPOLLIN.rawValue, isNew: false)
    }

    private var receiveDeadline: Int64 { cshims_monotonic_milliseconds() + Int64(limits.receiveSeconds) * 1000 }

    private func answer(_ number: Connections.Number, _ request: Request, _ handler: any Handler) {
        guard let connection = connections.take(number, deadline: receiveDeadline) else { return }
        guard request.accept(connection, whenReceived: { [connections] in connections.received(number) }) else {
            request.abandon()
            return forget(number)
        }
        handler.handle(request)
        let kept = request.finish()
        guard kept >= 0 else { return forget(number) }
        connections.park(number)
        watch(kept, as: number, EPOLLIN.rawValue | EPOLLONESHOT.rawValue, isNew: false)
    }

    private func forget(_ number: Connections.Number) {
        connections.remove(number)
        acceptAgain()
    }
}
