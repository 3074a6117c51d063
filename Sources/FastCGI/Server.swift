import CFastCGI
import CShims
import Glibc
import Synchronization

/// Answers one request after another on one thread, and owns everything that this takes.
package protocol Handler: AnyObject {
    func handle(_ request: Request)
}

/// The threads of one worker process, all waiting on one epoll descriptor.
///
/// A thread never waits for the next request of one connection: connections that nginx keeps open are parked in
/// epoll, so any number of them is served by a few threads, and a new client never waits for an idle one.
package final class Server: Sendable {
    private let listener: Listener
    private let epoll: Int32
    /// An eventfd that becomes readable, and stays so, when the server is to stop.
    private let stop: Int32
    private let limits: Limits
    private let connections = Connections()

    /// Times after which a peer is given up.
    package struct Limits: Sendable {
        /// How long a connection may take for a whole request: from the moment it is opened, and then from the first
        /// byte of each.
        package var receiveSeconds = 30
        package var sendSeconds = 30
        /// How long a draining server waits for nginx to close the connections that it keeps.
        package var drainSeconds = 10

        package init() {}
    }

    package init(_ listener: Listener, limits: Limits) {
        self.listener = listener
        self.limits = limits
        // FCGX_Init installs signal handlers where there are none; the signals are blocked here, so they never run.
        FCGX_Init()
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        stop = eventfd(0, Int32(EFD_CLOEXEC))
        precondition(epoll >= 0 && stop >= 0, "the kernel gives an epoll descriptor and an eventfd")
        _ = cshims_set_nonblocking(listener.descriptor)
        watch(listener.descriptor, as: Self.listenerNumber, EPOLLIN.rawValue, isNew: true)
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

    /// Accepts nothing more and lets `run` return once the requests in flight are answered.
    package func drain() {
        var none = unsafe epoll_event()
        unsafe epoll_ctl(epoll, EPOLL_CTL_DEL, listener.descriptor, &none)
        var one: UInt64 = 1
        unsafe write(stop, &one, 8)
    }
}

// MARK: Threads

extension Server {
    /// What one thread does from its start to its end; handed over once.
    private final class Seat {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    /// Runs the threads until the server has drained; each makes its own handler, and `isReady` is called when all
    /// have.
    package func run(
        threads: Int, makeHandler: @escaping @Sendable () -> any Handler, isReady: @escaping @Sendable () -> Void
    ) {
        let starting = Remaining(threads)
        let running = Remaining(threads)
        let ended = eventfd(0, Int32(EFD_CLOEXEC))
        defer { close(ended) }
        var handles: [pthread_t] = []
        for _ in 0..<threads {
            var thread = pthread_t()
            let seat = unsafe Unmanaged.passRetained(
                Seat {
                    let handler = makeHandler()
                    if starting.removeOne() { isReady() }
                    self.serve(handler)
                    var one: UInt64 = 1
                    if running.removeOne() { unsafe write(ended, &one, 8) }
                })
            let failed = unsafe pthread_create(
                &thread, nil,
                { raw in
                    guard let raw = unsafe raw else { return nil }
                    unsafe Unmanaged<Seat>.fromOpaque(raw).takeRetainedValue().work()
                    return nil
                }, seat.toOpaque())
            precondition(failed == 0, "a thread starts")
            handles.append(thread)
        }
        endLateConnections(until: ended)
        for thread in handles { pthread_join(thread, nil) }
    }

    /// Looks for late connections now and then, until the threads have ended.
    private func endLateConnections(until ended: Int32) {
        var poll = pollfd(fd: ended, events: Int16(POLLIN), revents: 0)
        while unsafe Glibc.poll(&poll, 1, Self.lateCheckMilliseconds) == 0 { connections.endLate(at: Self.now()) }
    }

    private static let lateCheckMilliseconds: Int32 = 200

    /// How many threads have not come so far yet.
    private final class Remaining: Sendable {
        private let count: Atomic<Int>

        init(_ threads: Int) { count = Atomic(threads) }

        /// Counts one thread that has; whether it was the last.
        func removeOne() -> Bool { count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
    }

    /// One thread's loop.
    private func serve(_ handler: any Handler) {
        let request = Request()
        var deadline: Int?
        while true {
            var event = unsafe epoll_event()
            // While draining, wake up now and then to see whether the time is over.
            let count = unsafe epoll_wait(epoll, &event, 1, deadline == nil ? -1 : 100)
            if let deadline, Self.now() >= deadline { return }
            guard count == 1 else { continue }
            let number = unsafe event.data.u64
            if number == Self.stopNumber {
                // Others see it too: it stays readable. What arrives on kept connections is still answered;
                // nginx closes them (keepalive_time), because a connection that we close loses a POST in flight.
                if deadline == nil { deadline = Self.now() + limits.drainSeconds * 1000 }
                if connections.isEmpty { return }
                cshims_sleep_milliseconds(2)
                continue
            }
            if number == Self.listenerNumber {
                acceptConnections()
            } else {
                answer(number, request, handler)
            }
        }
    }

    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// A new connection is parked like a kept one: a peer that connects and says nothing holds no thread.
    ///
    /// All that wait are taken: with one for each turn of epoll, a new connection would wait behind every kept one that
    /// is ready.
    private func acceptConnections() {
        while true {
            let connection = cshims_accept(listener.descriptor)
            guard connection >= 0 else {
                // EAGAIN: none is left, or another thread was faster. Out of descriptors: wait for some to be closed.
                if errno == EMFILE || errno == ENFILE { cshims_sleep_milliseconds(20) }
                return
            }
            // Receiving has a deadline; this is for a connection that came by itself to wait without one.
            cshims_set_timeouts(connection, Int32(limits.receiveSeconds + 1), Int32(limits.sendSeconds))
            let number = connections.add(connection, deadline: Self.now() + limits.receiveSeconds * 1000)
            watch(connection, as: number, EPOLLIN.rawValue | EPOLLONESHOT.rawValue, isNew: true)
        }
    }

    private func answer(_ number: Connections.Number, _ request: Request, _ handler: any Handler) {
        let deadline = Self.now() + limits.receiveSeconds * 1000
        guard let connection = connections.take(number, deadline: deadline) else { return }
        guard request.accept(connection, whenReceived: { [connections] in connections.received(number) }) else {
            request.abandon()
            connections.remove(number)
            return
        }
        handler.handle(request)
        let kept = request.finish()
        guard kept >= 0 else {
            connections.remove(number)
            return
        }
        connections.park(number)
        watch(kept, as: number, EPOLLIN.rawValue | EPOLLONESHOT.rawValue, isNew: false)
    }
}
