import Glibc

/// Signals, waited for instead of handled.
enum Signals {
    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        return set
    }

    /// Blocks every signal in this thread and in those it starts.
    static func blockAll() {
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    }

    /// The next of these signals to arrive.
    static func wait(for signals: [Int32]) -> Int32 {
        var set = set(signals)
        var signal: Int32 = 0
        while unsafe sigwait(&set, &signal) != 0 {}
        return signal
    }

    /// The next of these signals, or nil when none comes within the time.
    static func wait(for signals: [Int32], milliseconds: Int) -> Int32? {
        var set = set(signals)
        var pause = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        let signal = unsafe sigtimedwait(&set, nil, &pause)
        return signal > 0 ? signal : nil
    }

    private final class Watch {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs the body on a thread of its own when SIGTERM or SIGINT arrives.
    static func onTermination(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let watch = Unmanaged.passRetained(Watch(body))
        let failed = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let watch = unsafe Unmanaged<Watch>.fromOpaque(raw).takeRetainedValue()
                _ = Signals.wait(for: [SIGTERM, SIGINT])
                watch.body()
                return nil
            }, watch.toOpaque())
        precondition(failed == 0, "a thread starts")
        pthread_detach(thread)
    }
}
