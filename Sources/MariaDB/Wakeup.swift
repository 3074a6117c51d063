import CShims
import Glibc

/// Lets one thread wait until another one wakes it.
final class Wakeup: Sendable {
    /// An eventfd: writing makes it readable until it is read, also if nobody waits yet.
    private let descriptor = eventfd(0, Int32(EFD_CLOEXEC))

    init() {
        guard descriptor >= 0 else { fatalError("the kernel gives no eventfd") }
    }

    deinit { close(descriptor) }

    func wake() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, MemoryLayout.size(ofValue: one))
    }

    /// False if the time ends before the thread is woken. This program's threads block all signals, so that none ends the
    /// wait early.
    func wait(milliseconds: Int64) -> Bool {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&event, 1, Int32(milliseconds)) == 1 else { return false }
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout.size(ofValue: count))
        return true
    }
}
