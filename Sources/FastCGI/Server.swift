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
    /// The connections that are open, parked or being answered.
    private let connections = Atomic(0)

    /// Times after which a peer is given up.
    package struct Limits: Sendable {
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
        watch(listener.descriptor, EPOLLIN.rawValue, isNew: true)
        watch(stop, EPOLLIN.rawValue, isNew: true)
    }

    deinit {
        close(epoll)
        close(stop)
    }

    private func watch(_ descriptor: Int32, _ events: UInt32, isNew: Bool) {
        var event = unsafe epoll_event()
        unsafe event.events = events
        unsafe event.data.fd = descriptor
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
    /// What one thread starts with; handed over once.
    private final class Seat {
        let server: Server
        let makeHandler: @Sendable () -> any Handler
        let isSeated: @Sendable () -> Void

        init(
            _ server: Server, _ makeHandler: @escaping @Sendable () -> any Handler,
            _ isSeated: @escaping @Sendable () -> Void
        ) {
            self.server = server
            self.makeHandler = makeHandler
            self.isSeated = isSeated
        }
    }

    /// Runs the threads until the server has drained; each makes its own handler, and `isReady` is called when all
    /// have.
    package func run(
        threads: Int, makeHandler: @escaping @Sendable () -> any Handler, isReady: @escaping @Sendable () -> Void
    ) {
        let remaining = Remaining(threads)
        var handles: [pthread_t] = []
        for _ in 0..<threads {
            var thread = pthread_t()
            let seat = unsafe Unmanaged.passRetained(
                Seat(self, makeHandler) {
                    if remaining.count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { isReady() }
                })
            let failed = unsafe pthread_create(
                &thread, nil,
                { raw in
                    guard let raw = unsafe raw else { return nil }
                    let seat = unsafe Unmanaged<Seat>.fromOpaque(raw).takeRetainedValue()
                    let handler = seat.makeHandler()
                    seat.isSeated()
                    seat.server.serve(handler)
                    return nil
                }, seat.toOpaque())
            precondition(failed == 0, "a thread starts")
            handles.append(thread)
        }
        for thread in handles { pthread_join(thread, nil) }
    }

    /// How many threads are not ready yet.
    private final class Remaining: Sendable {
        let count: Atomic<Int>

        init(_ threads: Int) { count = Atomic(threads) }
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
            let descriptor = unsafe event.data.fd
            if descriptor == stop {
                // Others see it too: it stays readable. What arrives on kept connections is still answered;
                // nginx closes them (keepalive_time), because a connection that we close loses a POST in flight.
                if deadline == nil { deadline = Self.now() + limits.drainSeconds * 1000 }
                if connections.load(ordering: .relaxed) == 0 { return }
                cshims_sleep_milliseconds(2)
                continue
            }
            if descriptor == listener.descriptor {
                acceptConnection()
            } else {
                answer(descriptor, request, handler)
            }
        }
    }

    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// A new connection is parked like a kept one: a peer that connects and says nothing holds no thread.
    private func acceptConnection() {
        let connection = cshims_accept(listener.descriptor)
        guard connection >= 0 else {
            // EAGAIN: another thread was faster. Out of descriptors: wait for some to be closed.
            if errno == EMFILE || errno == ENFILE { cshims_sleep_milliseconds(20) }
            return
        }
        cshims_set_timeouts(connection, Int32(limits.receiveSeconds), Int32(limits.sendSeconds))
        connections.add(1, ordering: .relaxed)
        watch(connection, EPOLLIN.rawValue | EPOLLONESHOT.rawValue, isNew: true)
    }

    private func answer(_ connection: Int32, _ request: Request, _ handler: any Handler) {
        guard request.accept(connection) else {
            request.abandon()
            connections.subtract(1, ordering: .relaxed)
            return
        }
        handler.handle(request)
        let kept = request.finish()
        guard kept >= 0 else {
            connections.subtract(1, ordering: .relaxed)
            return
        }
        watch(kept, EPOLLIN.rawValue | EPOLLONESHOT.rawValue, isNew: false)
    }
}
