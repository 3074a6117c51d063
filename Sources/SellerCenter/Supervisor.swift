import ArgumentParser
import CShims
import FastCGI
import Glibc
import Logging

/// The parent of the workers: it owns the listening socket, so that no connection is lost while workers come and go.
final class Supervisor {
    private let settings: Settings
    private let log: Logger
    private let listener: Listener
    /// Where this program was started from. A deploy puts a new program there, and SIGHUP must start that one:
    /// /proc/self/exe would still be the old.
    private let program: String
    private var workers: [Child] = []
    private var pause = Supervisor.shortestPause

    /// A running worker process.
    private struct Child {
        let pid: pid_t
        let startedAt: Int
    }

    private static let shortestPause = 100
    private static let longestPause = 10_000
    /// A worker that lived this long makes the next pause short again.
    private static let provenMilliseconds = 30_000
    /// Counting large tables takes seconds, and waiting for a locked one as long as a statement may.
    private static let readyMilliseconds = 60_000

    init(_ settings: Settings, _ log: Logger) throws {
        self.settings = settings
        self.log = log
        do throws(Listener.Failure) {
            if let passed = try Listener.passed() {
                listener = passed
            } else {
                listener = try Self.bind(settings)
            }
        } catch {
            log.critical("no socket to listen on", metadata: ["error": "\(error)"])
            throw ExitCode(1)
        }
        program = Self.path(of: CommandLine.arguments[0])
    }

    /// Binds the socket; orphans of a supervisor that was killed may still drain on it.
    private static func bind(_ settings: Settings) throws(Listener.Failure) -> Listener {
        let deadline = now() + (settings.drainSeconds + 1) * 1000
        while true {
            do throws(Listener.Failure) {
                return try Listener(path: settings.socket)
            } catch {
                guard error.isInUse, now() < deadline else { throw error }
                cshims_sleep_milliseconds(100)
            }
        }
    }

    /// The absolute path of a program as the shell found it. A symbolic link stays one: a deploy may move it.
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

    func run() throws {
        Signals.blockAll()
        _ = cshims_set_close_on_exec(listener.descriptor, true)
        workers = startAll() ?? []
        guard !workers.isEmpty else {
            log.critical("no worker became ready")
            throw ExitCode(1)
        }
        log.info("serving", metadata: ["processes": "\(workers.count)", "socket": "\(settings.socket)"])
        while true {
            switch Signals.wait(for: [SIGTERM, SIGINT, SIGHUP, SIGCHLD]) {
            case SIGHUP: replaceAll()
            case SIGCHLD: restartDead()
            default:
                stop(workers)
                log.info("stopped")
                return
            }
        }
    }
}

// MARK: Starting

extension Supervisor {
    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// Starts as many workers as are set; nil when one of them does not become ready.
    private func startAll() -> [Child]? {
        var started: [Child] = []
        for _ in 0..<settings.processes {
            guard let child = start() else {
                stop(started)
                return nil
            }
            started.append(child)
        }
        return started
    }

    /// Starts one worker and waits until it is ready.
    private func start() -> Child? {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        _ = cshims_set_close_on_exec(ends[0], true)
        _ = cshims_set_close_on_exec(ends[1], true)
        let arguments = [program, "worker", "--descriptor", "3", "--ready", "4"]
        var pid = pid_t()
        let failed = spawn(arguments, ready: ends[1], &pid)
        close(ends[1])
        guard failed == 0 else {
            log.error("a worker does not start", metadata: ["error": "\(unsafe String(cString: strerror(failed)))"])
            return nil
        }
        var poll = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard unsafe Glibc.poll(&poll, 1, Int32(Self.readyMilliseconds)) == 1, unsafe read(ends[0], &byte, 1) == 1
        else {
            log.error("a worker does not become ready", metadata: ["worker": "\(pid)"])
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            return nil
        }
        return Child(pid: pid, startedAt: Self.now())
    }

    private func spawn(_ arguments: [String], ready: Int32, _ pid: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // First out of the way of one another: dup2 onto itself would keep close-on-exec.
        unsafe posix_spawn_file_actions_adddup2(&actions, listener.descriptor, 103)
        unsafe posix_spawn_file_actions_adddup2(&actions, ready, 104)
        unsafe posix_spawn_file_actions_adddup2(&actions, 103, 3)
        unsafe posix_spawn_file_actions_adddup2(&actions, 104, 4)
        unsafe posix_spawn_file_actions_addclose(&actions, 103)
        unsafe posix_spawn_file_actions_addclose(&actions, 104)
        var raw = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for argument in unsafe raw { unsafe free(argument) } }
        // The socket is passed by its number; systemd's variables are for this process alone.
        unsafe unsetenv("LISTEN_FDS")
        return unsafe posix_spawn(&pid, program, &actions, nil, &raw, environ)
    }
}

// MARK: Replacing

extension Supervisor {
    /// New workers first; the old ones stop only when all new ones are ready.
    private func replaceAll() {
        log.info("replacing the workers")
        guard let new = startAll() else {
            log.error("the new workers do not become ready; the old ones stay")
            return
        }
        let old = workers
        workers = new
        stop(old)
        log.info("replaced the workers")
    }

    /// Lets workers finish what they have, and ends those that do not within the limit.
    private func stop(_ children: [Child]) {
        for child in children { kill(child.pid, SIGTERM) }
        let deadline = Self.now() + (settings.drainSeconds + settings.receiveSeconds) * 1000
        var running = children
        while !running.isEmpty, Self.now() < deadline {
            running.removeAll { waitpid($0.pid, nil, WNOHANG) != 0 }
            if !running.isEmpty { cshims_sleep_milliseconds(5) }
        }
        for child in running {
            log.error("a worker does not drain", metadata: ["worker": "\(child.pid)"])
            kill(child.pid, SIGKILL)
            waitpid(child.pid, nil, 0)
        }
    }

    /// Replaces workers that ended by themselves, ever more slowly while they keep ending.
    private func restartDead() {
        for (index, child) in workers.enumerated().reversed() {
            var status: Int32 = 0
            guard unsafe waitpid(child.pid, &status, WNOHANG) == child.pid else { continue }
            workers.remove(at: index)
            log.error("a worker ended", metadata: ["worker": "\(child.pid)", "code": "\(cshims_exit_code(status))"])
            if Self.now() - child.startedAt >= Self.provenMilliseconds { pause = Self.shortestPause }
        }
        while workers.count < settings.processes {
            // A signal to stop must not wait for the pause.
            if let signal = Signals.wait(for: [SIGTERM, SIGINT], milliseconds: pause) {
                kill(getpid(), signal)
                return
            }
            pause = min(pause * 2, Self.longestPause)
            if let child = start() { workers.append(child) }
        }
    }
}
