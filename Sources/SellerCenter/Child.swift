import Glibc

/// A process of the supervisor's, as the supervisor sees it.
struct Child {
    let pid: pid_t
    let role: Role
    /// The child's number among those of its role, which one that replaces it gets as well.
    let number: Int
    /// The number of the deploy that started the child.
    let generation: Int
    private(set) var state = State.starting
    /// The pipe on which the child says that it is ready, or why not; nil once it is ready or the pipe is closed.
    private(set) var pipe: Int32?
    /// When the child must be ready, or have drained, in milliseconds of the monotonic clock.
    var due: Int64?
    /// Whether the child was not ready in time.
    var isLate = false
    /// Whether the child had a session with MariaDB when it became ready.
    private(set) var isProven = false
    private var words = ""

    /// How far a child has come.
    enum State {
        /// It has not said yet that it is ready.
        case starting
        case ready
        /// It was told to end, and finishes what it has begun.
        case draining
    }

    init(pid: pid_t, _ role: Role, number: Int, generation: Int, pipe: Int32, due: Int64) {
        self.pid = pid
        self.role = role
        self.number = number
        self.generation = generation
        self.pipe = pipe
        self.due = due
    }

    /// Why the child does not become ready, in its own words or the supervisor's; nil if no reason is known.
    var reason: String? {
        if state == .ready { return nil }
        return isLate ? "it was not ready in time" : words.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    /// Reads what the child has said since the last call, and returns whether it has become ready.
    @discardableResult
    mutating func listen() -> Bool {
        guard let pipe else { return false }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = unsafe read(pipe, &bytes, bytes.count)
        // EAGAIN: the child has said nothing new.
        guard count >= 0 else { return false }
        words += String(decoding: bytes[..<count], as: UTF8.self)
        if state == .starting, words == Worker.Startup.ready + "\n" || words == Worker.Startup.readyToWait + "\n" {
            state = .ready
            isProven = words == Worker.Startup.ready + "\n"
            due = nil
        }
        if count == 0 || state == .ready { hangUp() }
        return state == .ready
    }

    /// Notes that the child was told to end, and when it must have ended; the first limit stays.
    mutating func drain(until limit: Int64) {
        guard state != .draining else { return }
        state = .draining
        due = limit
    }

    mutating func hangUp() {
        if let pipe { close(pipe) }
        pipe = nil
    }
}
