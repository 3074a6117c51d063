import Glibc

/// A worker process, as its supervisor sees it.
struct Child {
    let pid: pid_t
    /// The number of the deploy that started the worker.
    let generation: Int
    /// The pipe on which the worker says that it is ready, or why not; nil once it is ready or the pipe is closed.
    private(set) var pipe: Int32?
    /// When the worker must be ready, or have drained, in milliseconds of the monotonic clock.
    var due: Int64?
    private var words = ""
    /// Why the worker does not become ready, in its own words or the supervisor's; nil if no reason is known.
    var reason: String? {
        if isReady { return nil }
        return isLate ? "it was not ready in time" : words.split(whereSeparator: \.isNewline).first.map(String.init)
    }
    /// Whether the worker was not ready in time.
    var isLate = false
    private(set) var isReady = false
    /// Whether the worker had a session with MariaDB when it became ready.
    private(set) var isProven = false
    var isDraining = false

    init(pid: pid_t, generation: Int, pipe: Int32, due: Int64) {
        self.pid = pid
        self.generation = generation
        self.pipe = pipe
        self.due = due
    }

    /// Reads what the worker has said since the last call, and returns whether it has become ready.
    @discardableResult
    mutating func listen() -> Bool {
        guard let pipe else { return false }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = unsafe read(pipe, &bytes, bytes.count)
        // EAGAIN: the worker has said nothing new.
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
