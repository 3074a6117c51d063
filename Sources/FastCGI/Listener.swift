import CShims
import Glibc

/// The unix socket that nginx connects to. It outlives every worker, since the process that binds it passes it on.
package struct Listener: Sendable {
    package let descriptor: Int32

    /// Why there is no listening socket.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        /// Whether another process listens on the path; it may be about to end.
        package var isInUse = false
    }

    /// Takes over a socket that is already open: from this program's supervisor, from systemd or from spawn-fcgi.
    package init(inherited descriptor: Int32) throws(Failure) {
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0
        else {
            throw Failure(description: "file descriptor \(descriptor) is no listening socket")
        }
        self.descriptor = descriptor
    }

    /// The sockets that a service manager passed, if any, with their names. By systemd's protocol they begin at
    /// descriptor 3, and the names have the same order (sd_listen_fds(3)).
    package static func passed() throws(Failure) -> [(name: String, listener: Listener)] {
        guard let count = unsafe getenv("LISTEN_FDS"), let pid = unsafe getenv("LISTEN_PID"),
            unsafe atoi(pid) == getpid()
        else { return [] }
        let names = unsafe getenv("LISTEN_FDNAMES").map { unsafe String(cString: $0) } ?? ""
        let parts = names.split(separator: ":", omittingEmptySubsequences: false)
        var passed: [(name: String, listener: Listener)] = []
        for index in 0..<max(0, Int(unsafe atoi(count))) {
            let name = index < parts.count ? String(parts[index]) : ""
            passed.append((name, try Listener(inherited: 3 + Int32(index))))
        }
        return passed
    }

    /// Binds a socket file. A file that another process still answers on is left alone; a stale one is replaced.
    package init(path: String) throws(Failure) {
        var address = sockaddr_un()
        guard unsafe cshims_unix_address(path, &address) == 0 else {
            throw Failure(description: "the socket path \(path) is longer than 107 bytes")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket", path) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isAnswered = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size) == 0
            }
        }
        Glibc.close(descriptor)
        guard !isAnswered else {
            throw Failure(description: "another process listens on \(path)", isInUse: true)
        }
        unsafe unlink(path)
        let new = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        // Only the user and the group may connect, since a peer can crash libfcgi (what CVE-2025-23016's fix left
        // open).
        let mask = umask(0o117)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(new, $0, size) == 0 }
        }
        umask(mask)
        // With a short backlog nginx would answer 502 at once, since connect on a unix socket does not wait.
        guard isBound, listen(new, 4096) == 0 else { throw Self.failure("bind", path) }
        self.descriptor = new
    }

    /// Stops listening in this process.
    ///
    /// The descriptor's number stays in use, because another thread may be about to accept on it.
    package func close() {
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        dup2(nothing, descriptor)
        Glibc.close(nothing)
    }

    private static func failure(_ call: String, _ path: String) -> Failure {
        Failure(description: "\(call) \(path): \(unsafe String(cString: strerror(errno)))")
    }
}
