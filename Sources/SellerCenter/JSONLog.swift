import Glibc
import Logging
import Wire

/// Writes log records as JSON lines on standard error, each by one write, so that lines of many processes do not mix.
struct JSONLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(_ level: Logger.Level) { logLevel = level }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "{\"time\":\"\(UTC.now())\",\"level\":\"\(event.level)\",\"message\":\("\(event.message)".json)"
        line += ",\"process\":\(getpid())"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += ",\(key.json):\("\(value)".json)" }
        line += "}\n"
        var text = line
        text.withUTF8 { bytes in
            // A log that cannot be written must not stop the program.
            _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
