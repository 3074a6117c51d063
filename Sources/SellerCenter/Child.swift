import Glibc

/// A worker process, from its start to its end.
struct Child {
    let pid: pid_t
    /// Which of the deploys started it.
    let generation: Int
    /// Where it says that it is ready, or why not; nil when it has.
    private(set) var pipe: Int32?
    /// Until when it must have become ready, or have drained, in milliseconds of the monotonic clock.
    var due: Int64?
    private var words = ""
    /// Why it will not become ready, in its own words or ours; nil while there are none.
    var reason: String? {
        if isReady { return nil }
        return isLate ? "it was not ready in time" : words.split(whereSeparator: \.isNewline).first.map(String.init)
    }
    /// Whether it took too long to become ready.
    var isLate = false
    private(set) var isReady = false
    /// Whether it had MariaDB when it became ready.
    private(set) var isProven = false
    var isDraining = false

    init(pid: pid_t, generation: Int, pipe: Int32, due: Int64) {
        self.pid = pid
        self.generation = generation
        self.pipe = pipe
        self.due = due
    }

    /// Hears what it has said since the last time; whether it has become ready.
    @discardableResult
    mutating func listen() -> Bool {
        guard let pipe else { return false }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = unsafe read(pipe, &bytes, bytes.count)
        // EAGAIN: nothing yet.
        guard count >= 0 else { return false }
        words += String(decoding: bytes[..<count], as: UTF8.self)
        if !isDraining, words == Worker.Startup.ready + "\n" || words == Worker.Startup.readyToWait + "\n" {
            isReady = true
            isProven = words == Worker.Startup.ready + "\n"
            due = nil
        }
        if count == 0 || isReady { hangUp() }
        return isReady
    }

    mutating func hangUp() {
        if let pipe { close(pipe) }
        pipe = nil
    }
}
