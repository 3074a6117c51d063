import ArgumentParser
import CShims
import FastCGI
import Glibc
import Logging

/// The parent of all other processes. It owns the listening sockets, so that no connection is lost while workers come and
/// go.
///
/// It is one loop over signals, children and time. Nothing in it blocks, so that it reacts to a signal at once,
/// whatever MariaDB and the workers do.
final class Supervisor {
    private let settings: Settings
    private let log: Logger
    private let launcher: Launcher
    private let signals: Int32
    private var children: [Child] = []
    /// The number of the deploy whose workers serve; the next deploy's workers get the next number.
    private var generation = 0
    private var deploy: Int?
    private var isDeployWanted = false
    /// Whether all workers of the first start have become ready.
    private var isServing = false
    private var isStopping = false
    /// Whether all workers of the first start ended without becoming ready.
    private var hasFailed = false
    private var restarts = Restarts()

    /// The time for a worker to become ready: counting large tables takes seconds, and a locked table makes it wait.
    private static let readyMilliseconds: Int64 = 60_000
    /// The time that a worker may exceed its own drain limit by, since it checks the clock only now and then.
    private static let drainSlack: Int64 = 5000

    init(_ settings: Settings, _ log: Logger) throws {
        self.settings = settings
        self.log = log
        Signals.blockAll()
        signals = Signals.descriptor(for: [SIGTERM, SIGINT, SIGHUP, SIGCHLD])
        cshims_raise_descriptor_limit()
        do throws(Listener.Failure) {
            launcher = Launcher(try Sockets.owned(settings, log))
        } catch {
            log.critical("no socket to listen on", metadata: ["error": "\(error)"])
            throw ExitCode(1)
        }
    }

    func run() throws {
        while true {
            let now = cshims_monotonic_milliseconds()
            end(at: now)
            if isStopping {
                guard !children.isEmpty else { break }
            } else {
                advance(at: now)
            }
            wait(from: now)
            // Pipes before signals: a worker that says it is ready and then ends has already served requests.
            for index in children.indices where children[index].listen() { restarts.succeeded() }
            while let signal = Signals.next(of: signals) { hear(signal) }
            reap()
            guard !hasFailed else {
                log.critical("no worker became ready")
                stopAll()
                throw ExitCode(1)
            }
        }
        log.info("stopped")
    }

    /// Waits for a signal, for a message of a child, or until something is due.
    private func wait(from now: Int64) {
        var descriptors = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        for child in children {
            if let pipe = child.pipe { descriptors.append(pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)) }
        }
        var due = children.compactMap(\.due)
        if isShortOfWorkers { due.append(restarts.notBefore) }
        let pause = due.min().map { Int32(clamping: max(0, $0 - now)) } ?? -1
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), pause)
    }

    private func hear(_ signal: Int32) {
        switch signal {
        case SIGCHLD: break
        // A signal that comes during a deploy is acted on after it.
        case SIGHUP: isDeployWanted = true
        default: stopAll()
        }
    }

    private func stopAll() {
        isStopping = true
        launcher.sockets.close()
        for index in children.indices {
            // A child that is not ready yet has nothing in progress.
            if children[index].state == .starting { kill(children[index].pid, SIGKILL) }
            drain(index, by: SIGTERM)
        }
    }

    /// Lets a child finish what it has begun.
    private func drain(_ index: Int, by signal: Int32) {
        kill(children[index].pid, signal)
        let limit = Int64(settings.drainSeconds) * 1000 + Self.drainSlack
        children[index].drain(until: cshims_monotonic_milliseconds() + limit)
    }

    /// Ends the children that have exceeded their time.
    private func end(at now: Int64) {
        for index in children.indices where children[index].due.map({ $0 <= now }) ?? false {
            let child = children[index]
            if child.state == .draining {
                log.error("a \(child.role) does not drain", metadata: ["\(child.role)": "\(child.pid)"])
            } else {
                children[index].isLate = true
            }
            kill(child.pid, SIGKILL)
            children[index].due = nil
        }
    }
}

// MARK: Starting and replacing

extension Supervisor {
    private func workers(of generation: Int) -> [Child] {
        children.filter { $0.role == .worker && $0.generation == generation && $0.state != .draining }
    }

    private func readyWorkers(of generation: Int) -> Int { workers(of: generation).count { $0.state == .ready } }

    private var isShortOfWorkers: Bool { !isStopping && workers(of: generation).count < settings.processes }

    private func advance(at now: Int64) {
        if let deploy {
            if readyWorkers(of: deploy) == settings.processes { finishDeploy(deploy) }
        } else if isDeployWanted, isServing {
            isDeployWanted = false
            log.info("replacing the workers")
            deploy = generation + 1
            for _ in 0..<settings.processes where deploy != nil { start(generation + 1, needsDatabase: true) }
        }
        while isShortOfWorkers, now >= restarts.notBefore {
            // A worker may start without MariaDB only if no other has it: one that answers 503 is better than none.
            start(generation, needsDatabase: children.contains(where: \.isProven))
        }
        if !isServing, readyWorkers(of: generation) == settings.processes {
            isServing = true
            log.info(
                "serving",
                metadata: [
                    "processes": "\(settings.processes)", "socket": "\(launcher.sockets.name)",
                    "version": "\(Version.program)",
                ])
        }
    }

    private func start(_ generation: Int, needsDatabase: Bool) {
        do throws(Launcher.Failure) {
            let taken = workers(of: generation).map(\.number)
            let number = (0...taken.count).first { !taken.contains($0) } ?? taken.count
            let (pid, pipe) = try launcher.start(.worker, number: number, needsDatabase: needsDatabase)
            let due = cshims_monotonic_milliseconds() + Self.readyMilliseconds
            children.append(
                Child(pid: pid, .worker, number: number, generation: generation, pipe: pipe, due: due))
        } catch {
            fail(generation, "\(error)")
        }
    }

    /// Handles a worker that did not become ready: its deploy is given up, or another start follows later.
    private func fail(_ generation: Int, _ reason: String) {
        if generation == deploy {
            deploy = nil
            log.error("deploy failed", metadata: ["reason": "\(reason)"])
            // Workers that are ready have requests already and drain; the others are ended.
            for index in children.indices where children[index].generation == generation {
                drain(index, by: children[index].state == .ready ? Signals.replaced : SIGKILL)
            }
        } else {
            log.error("a worker does not become ready", metadata: ["reason": "\(reason)"])
            restarts.failed(at: cshims_monotonic_milliseconds())
            hasFailed = !isServing && !isStopping && workers(of: generation).isEmpty
        }
    }

    private func finishDeploy(_ new: Int) {
        for index in children.indices where children[index].generation != new {
            drain(index, by: children[index].state == .ready ? Signals.replaced : SIGKILL)
        }
        generation = new
        deploy = nil
        log.info("replaced the workers")
    }

    /// Collects the children that have ended.
    private func reap() {
        for pid in children.map(\.pid) {
            var status: Int32 = 0
            guard unsafe waitpid(pid, &status, WNOHANG) == pid,
                let index = children.firstIndex(where: { $0.pid == pid })
            else { continue }
            var child = children.remove(at: index)
            // Its last message may have come after the last read.
            child.listen()
            child.hangUp()
            guard child.state != .draining else { continue }
            let code = cshims_exit_code(status)
            if child.state == .ready {
                log.error("a \(child.role) ended", metadata: ["\(child.role)": "\(pid)", "code": "\(code)"])
            }
            if child.state == .ready, child.generation != deploy {
                restarts.died(at: cshims_monotonic_milliseconds(), isLast: workers(of: generation).isEmpty)
            } else {
                fail(child.generation, child.reason ?? "it ended with code \(code)")
            }
        }
    }
}
