import CShims
import FastCGI
import Logging

/// Regular work of a worker: late connections, log lines, memory.
final class Housekeeping {
    private let server: Server
    private let notes: Notes
    private let log: Logger
    private var next: Int64 = 0

    init(_ server: Server, _ notes: Notes, _ log: Logger) {
        self.server = server
        self.notes = notes
        self.log = log
    }

    func run(until draining: Draining) {
        while !draining.hasEnded {
            look()
            cshims_sleep_milliseconds(100)
        }
    }

    func look() {
        server.tend()
        let now = cshims_monotonic_milliseconds()
        guard now >= next else { return }
        next = now + 1000
        tell("requests refused: they had waited too long", notes.late.take())
        tell("requests refused: writes wait for rows, or no time was left", notes.refused.take())
        tell("requests dropped: their clients had left", server.takeDropped())
        // malloc keeps freed memory. Trimming it is worthwhile only after a huge answer, which is rare.
        if notes.freed.take() > 0 { malloc_trim(0) }
    }

    private func tell(_ message: Logger.Message, _ count: Int) {
        if count > 0 { log.warning(message, metadata: ["requests": "\(count)"]) }
    }
}
