import ArgumentParser
import CShims
import FastCGI
import Glibc
import Logging

/// The parent of the workers: it owns the listening sockets, so that no connection is lost while workers come and go.
///
/// It is one loop over signals, children and time in which nothing blocks, so that a signal is heard at once, whatever
/// MariaDB and the workers do.
final class Supervisor {
    private let settings: Settings
    private let log: Logger
    private let launcher: Launcher
    private let signals: Int32
    private var children: [Child] = []
    /// The number of the workers that serve; a deploy starts those of the next.
    private var generation = 0
    private var deploy: Int?
    private var isDeployWanted = false
    /// Whether all workers of the first start have become ready.
    private var isServing = false
    private var isStopping = false
    /// Whether the first start came to nothing: each of its workers ended.
    private var hasFailed = false
    private var restarts = Restarts()

    /// Counting large tables takes seconds, and waiting for a locked one as long as a statement may.
    private static let readyMilliseconds: Int64 = 60_000
    /// What a worker may take beyond its own limit, since it looks at the time now and then.
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
            // First what they said: one that is ready has requests already.
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

    /// Waits for a signal, for a word of a child, or until something is due.
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
        // One that comes while a deploy is under way is done after it.
        case SIGHUP: isDeployWanted = true
        default: stopAll()
        }
    }

    private func stopAll() {
        isStopping = true
        launcher.sockets.close()
        for index in children.indices {
            // One that has not become ready has nothing in flight.
            if children[index].pipe != nil { kill(children[index].pid, SIGKILL) }
            drain(index, by: SIGTERM)
        }
    }

    /// Lets a worker finish what it has.
    private func drain(_ index: Int, by signal: Int32) {
        kill(children[index].pid, signal)
        guard !children[index].isDraining else { return }
        let limit = Int64(settings.drainSeconds) * 1000 + Self.drainSlack
        children[index].isDraining = true
        children[index].due = cshims_monotonic_milliseconds() + limit
    }

    /// Ends the children whose time is over.
    private func end(at now: Int64) {
        for index in children.indices where children[index].due.map({ $0 <= now }) ?? false {
            let child = children[index]
            if child.isDraining {
                log.error("a worker does not drain", metadata: ["worker": "\(child.pid)"])
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
        children.filter { $0.generation == generation && !$0.isDraining }
    }

    private var isShortOfWorkers: Bool { !isStopping && workers(of: generation).count < settings.processes }

    private func advance(at now: Int64) {
        if let deploy {
            if workers(of: deploy).count(where: \.isReady) == settings.processes { finishDeploy(deploy) }
        } else if isDeployWanted, isServing {
            isDeployWanted = false
            log.info("replacing the workers")
            deploy = generation + 1
            for _ in 0..<settings.processes where deploy != nil { start(generation + 1, needsDatabase: true) }
        }
        while isShortOfWorkers, now >= restarts.notBefore {
            // Where no other could answer, one that says 503 is better than none, and it is there when MariaDB is.
            start(generation, needsDatabase: children.contains(where: \.isProven))
        }
        if !isServing, workers(of: generation).count(where: \.isReady) == settings.processes {
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
            let (pid, pipe) = try launcher.start(needsDatabase: needsDatabase)
            let due = cshims_monotonic_milliseconds() + Self.readyMilliseconds
            children.append(Child(pid: pid, generation: generation, pipe: pipe, due: due))
        } catch {
            fail(generation, "\(error)")
        }
    }

    /// A worker did not become ready: a deploy ends with it, and another start comes later.
    private func fail(_ generation: Int, _ reason: String) {
        if generation == deploy {
            deploy = nil
            log.error("deploy failed", metadata: ["reason": "\(reason)"])
            // Those that are ready have requests already; the others end.
            for index in children.indices where children[index].generation == generation {
                drain(index, by: children[index].isReady ? Signals.replaced : SIGKILL)
            }
        } else {
            log.error("a worker does not become ready", metadata: ["reason": "\(reason)"])
            restarts.failed(at: cshims_monotonic_milliseconds())
            hasFailed = !isServing && !isStopping && workers(of: generation).isEmpty
        }
    }

    private func finishDeploy(_ new: Int) {
        for index in children.indices where children[index].generation != new {
            drain(index, by: children[index].isReady ? Signals.replaced : SIGKILL)
        }
        generation = new
        deploy = nil
        log.info("replaced the workers")
    }

    /// Takes note of the children that have ended.
    private func reap() {
        for pid in children.map(\.pid) {
            var status: Int32 = 0
            guard unsafe waitpid(pid, &status, WNOHANG) == pid,
                let index = children.firstIndex(where: { $0.pid == pid })
            else { continue }
            var child = children.remove(at: index)
            // What it said last may have come after the last look.
            child.listen()
            child.hangUp()
            guard !child.isDraining else { continue }
            let code = cshims_exit_code(status)
            if child.isReady {
                log.error("a worker ended", metadata: ["worker": "\(pid)", "code": "\(code)"])
            }
            if child.isReady, child.generation != deploy {
                restarts.died(at: cshims_monotonic_milliseconds(), isLast: workers(of: generation).isEmpty)
            } else {
                fail(child.generation, child.reason ?? "it ended with code \(code)")
            }
        }
    }
}
