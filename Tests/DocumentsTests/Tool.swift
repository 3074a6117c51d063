import Foundation

/// Programs of other authors that check our documents.
enum Tool {
    /// The output of a program, and whether it succeeded.
    struct Verdict {
        let isContent: Bool
        let output: String
    }

    /// Runs a program from the PATH to its end.
    static func run(_ arguments: String...) throws -> Verdict {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Verdict(isContent: process.terminationStatus == 0, output: String(decoding: output, as: UTF8.self))
    }

    /// The Python that has the packages; `Tests/run` sets up its own.
    static let python = ProcessInfo.processInfo.environment["TEST_PYTHON"] ?? "python3"

    /// Whether a test that needs the package can run; in CI it must.
    static func has(_ module: String) -> Bool {
        ProcessInfo.processInfo.environment["CI"] != nil
            || (try? run(python, "-c", "import \(module)").isContent) == true
    }

    /// Lends a temporary folder with these files in it.
    static func withFiles<T>(_ files: [String: String], _ body: (String) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return try body(folder.path + "/")
    }
}
