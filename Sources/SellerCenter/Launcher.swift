import CShims
import FastCGI
import Glibc

/// Starts the supervisor's processes.
struct Launcher {
    let sockets: Sockets
    /// The path from which this program was started. SIGHUP must start the program that a deploy has put there, while
    /// /proc/self/exe is still the old one.
    private let program: String

    /// The variable with the child's number. An option would keep a deploy from going back to a program that does not
    /// know it.
    static let number = "WORKER_NUMBER"

    /// Why no process was started.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let number: Int32

        var description: String { "\(call): \(unsafe String(cString: strerror(number)))" }
    }

    /// The number that a supervisor gave this process; nil without one.
    static var numberOfThisProcess: Int? {
        unsafe getenv(number).flatMap { unsafe UInt16(String(cString: $0)) }.map(Int.init)
    }

    init(_ sockets: Sockets) {
        self.sockets = sockets
        program = Self.path(of: CommandLine.arguments[0])
        for listener in [sockets.requests, sockets.desk].compactMap({ $0 }) {
            _ = cshims_set_close_on_exec(listener.descriptor, true)
        }
    }

    /// The absolute path of a program as the shell found it. Symbolic links are not resolved, since a deploy may move
    /// them.
    private static func path(of name: String) -> String {
        if name.hasPrefix("/") { return name }
        if name.contains("/"), let directory = unsafe getcwd(nil, 0) {
            defer { unsafe free(directory) }
            return "\(unsafe String(cString: directory))/\(name)"
        }
        guard let program = unsafe realpath("/proc/self/exe", nil) else { return name }
        defer { unsafe free(program) }
        return unsafe String(cString: program)
    }

    /// Starts a child, and returns its pid and the end of the pipe on which it says that it is ready.
    func start(_ role: Role, number: Int, needsDatabase: Bool) throws(Failure) -> (pid: pid_t, pipe: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Failure(call: "pipe", number: errno) }
        defer { close(ends[1]) }
        for end in ends { _ = cshims_set_close_on_exec(end, true) }
        _ = cshims_set_nonblocking(ends[0])
        var arguments = [program, role.rawValue]
        var inherited: [Int32] = []
        func pass(_ descriptor: Int32, _ option: String) {
            arguments += [option, "\(3 + inherited.count)"]
            inherited.append(descriptor)
        }
        pass(sockets.requests.descriptor, "--descriptor")
        pass(ends[1], "--ready")
        if let desk = sockets.desk { pass(desk.descriptor, "--desk") }
        if needsDatabase { arguments.append("--needs-database") }
        var pid = pid_t()
        unsafe setenv(Self.number, "\(number)", 1)
        let failed = spawn(arguments, inherited, &pid)
        guard failed == 0 else {
            close(ends[0])
            throw Failure(call: program, number: failed)
        }
        return (pid, ends[0])
    }

    /// Starts the program with these descriptors, numbered from 3 on.
    private func spawn(_ arguments: [String], _ inherited: [Int32], _ pid: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // The descriptors are first moved out of the way, since dup2 of one onto itself would keep close-on-exec: past
        // all of them and past the numbers that they get.
        let aside = inherited.reduce(2 + Int32(inherited.count), max) + 1
        for (index, descriptor) in inherited.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, aside + Int32(index))
        }
        for index in inherited.indices {
            unsafe posix_spawn_file_actions_adddup2(&actions, aside + Int32(index), 3 + Int32(index))
            unsafe posix_spawn_file_actions_addclose(&actions, aside + Int32(index))
        }
        var raw = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for argument in unsafe raw { unsafe free(argument) } }
        // The child gets the sockets by number; systemd's variables are only for this process.
        for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { unsafe unsetenv(name) }
        return unsafe posix_spawn(&pid, program, &actions, nil, &raw, environ)
    }
}
