import ArgumentParser
import Crypto
import Glibc

/// Makes and lists the keys of the site.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make and list the keys by which the site will keep secrets and sign tokens.",
        discussion:
            "They are files in \(Settings.prefix)KEY_DIRECTORY, made once and never changed. Without them nothing in a "
            + "database will be opened that they keep: back them up, apart from it.",
        subcommands: [Create.self, Rotate.self, List.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the directory, with the first key for secrets and the first for tokens.")

        func run() throws {
            try KeysCommand.inDirectory { (directory) throws(KeyDirectory.Failure) in
                try directory.make()
                try directory.alone { () throws(KeyDirectory.Failure) in
                    let keys = try directory.keys()
                    let missing = KeyDirectory.Use.allCases.filter { use in !keys.contains { $0.use == use } }
                    guard !missing.isEmpty else {
                        throw KeyDirectory.Failure("\(directory.path) has its keys. keys rotate makes further ones.")
                    }
                    for use in missing { KeysCommand.tell(of: try directory.makeKey(for: use), in: directory) }
                }
            }
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a further key, by which what is new is kept; the older ones stay.")

        @Flag(help: "A key that signs tokens, not one for secrets.")
        var tokens = false

        func run() throws {
            try KeysCommand.inDirectory { (directory) throws(KeyDirectory.Failure) in
                let use: KeyDirectory.Use = tokens ? .tokens : .secrets
                try directory.alone { () throws(KeyDirectory.Failure) in
                    guard try directory.keys().contains(where: { $0.use == use }) else {
                        throw KeyDirectory.Failure(
                            "\(directory.path) has no key for \(use.rawValue). keys create makes one.")
                    }
                    KeysCommand.tell(of: try directory.makeKey(for: use), in: directory)
                }
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, the oldest first.")

        func run() throws {
            try KeysCommand.inDirectory { (directory) throws(KeyDirectory.Failure) in
                for key in try directory.keys() {
                    let algorithm = try directory.algorithm(of: key).map { " " + $0.rawValue } ?? ""
                    KeysCommand.say("\(key.id) \(key.use.rawValue)\(algorithm)")
                }
            }
        }
    }

    /// Runs a command on the directory of the settings; if it fails, the reason is told and the exit code is 1.
    private static func inDirectory(_ body: (KeyDirectory) throws(KeyDirectory.Failure) -> Void) throws {
        let (settings, _) = try settings()
        do throws(KeyDirectory.Failure) {
            try body(KeyDirectory(path: settings.keyDirectory))
        } catch {
            say("keys: \(error)", on: STDERR_FILENO)
            throw ExitCode.failure
        }
    }

    private static func tell(of key: KeyDirectory.Key, in directory: KeyDirectory) {
        say("made \(directory.path)/\(key.fileName)")
    }
}
