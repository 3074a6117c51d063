import CShims
import FastCGI
import Glibc

/// Signals, which this program waits for instead of handling them.
enum Signals {
    /// Sent to a worker that others replace, also when its supervisor has died. The worker drains as after SIGTERM, and
    /// its desk stops answering at once.
    static let replaced = SIGUSR2

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        return set
    }

    /// Blocks every signal in this thread and in those it starts, except the signals of a crash, which are reported.
    static func blockAll() {
        cshims_report_crashes()
        cshims_block_signals()
    }

    /// Waits for one of these signals.
    static func wait(for signals: [Int32]) -> Int32 {
        var set = set(signals)
        var signal: Int32 = 0
        while unsafe sigwait(&set, &signal) != 0 {}
        return signal
    }

    /// A descriptor that becomes readable when one of these signals arrives.
    static func descriptor(for signals: [Int32]) -> Int32 {
        var set = set(signals)
        return unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    }

    /// The next signal that such a descriptor has; nil when there is none.
    static func next(of descriptor: Int32) -> Int32? {
        var arrived = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        return unsafe read(descriptor, &arrived, size) == size ? Int32(arrived.ssi_signo) : nil
    }

    /// Runs the body on a thread of its own when this process is told to end, with the signal that said so.
    static func onTermination(_ body: @escaping @Sendable (Int32) -> Void) {
        Thread { while true { body(wait(for: [SIGTERM, SIGINT, replaced])) } }.detach()
    }
}
