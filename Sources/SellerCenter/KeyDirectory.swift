import Crypto
import Glibc

/// The directory with the keys of the site: files that are made once and never change, and that nobody else can read.
struct KeyDirectory {
    let path: String

    /// What a key is for.
    enum Use: String, CaseIterable {
        /// Clients' secrets: 32 random bytes in base64, from which the keys that hash and seal them are derived.
        case secrets
        /// Access tokens: a PEM with the key that signs them.
        case tokens

        fileprivate var suffix: String { self == .secrets ? "key" : "pem" }
    }

    /// A key, by the name of its file: `tokens-20261125T101500.pem`.
    struct Key: Equatable {
        let use: Use
        /// The UTC time at which it was made.
        let id: String

        var fileName: String { "\(use.rawValue)-\(id).\(use.suffix)" }

        init(_ use: Use, id: String) {
            self.use = use
            self.id = id
        }

        fileprivate init?(fileName: String) {
            guard let use = Use.allCases.first(where: { fileName.hasPrefix($0.rawValue + "-") }) else { return nil }
            id = String(fileName.dropFirst(use.rawValue.count + 1).dropLast(use.suffix.count + 1))
            self.use = use
            guard self.fileName == fileName, id.utf8.count == 15,
                id.utf8.enumerated().allSatisfy({ place, byte in
                    place == 8 ? byte == UInt8(ascii: "T") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                })
            else { return nil }
        }
    }

    /// Why the directory or a key in it cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    // MARK: Reading

    /// All keys, the oldest first. Whatever else is in the directory is not looked at.
    func keys() throws(Failure) -> [Key] {
        try check(path, kind: S_IFDIR, "directory", mode: 0o700)
        guard let names = File.names(in: path) else { throw Failure("\(path): \(Self.reason)") }
        let keys = names.compactMap { Key(fileName: $0) }
        for key in keys { try check(file(of: key), kind: S_IFREG, "file", mode: 0o600) }
        return keys.sorted { ($0.id, $0.use.rawValue) < ($1.id, $1.use.rawValue) }
    }

    /// The algorithm of a key that signs.
    func algorithm(of key: Key) throws(Failure) -> PrivateKey.Algorithm {
        guard let pem = File.read(file(of: key)) else { throw Failure("\(file(of: key)) cannot be read.") }
        guard let algorithm = PrivateKey(pem: pem)?.algorithm else {
            throw Failure("\(file(of: key)) holds no key of RSA from 2048 bits, EC P-256 or Ed25519.")
        }
        return algorithm
    }

    private func file(of key: Key) -> String { path + "/" + key.fileName }

    /// Refuses what others could read or change: a key that somebody may have seen is none.
    private func check(_ path: String, kind: mode_t, _ word: String, mode: mode_t) throws(Failure) {
        var found = stat()
        guard unsafe lstat(path, &found) == 0 else { throw Failure("\(path): \(Self.reason)") }
        guard found.st_mode & S_IFMT == kind else { throw Failure("\(path) is not a \(word).") }
        guard found.st_uid == geteuid() else { throw Failure("\(path) belongs to another user.") }
        guard found.st_mode & 0o777 & ~mode == 0 else {
            throw Failure("\(path) is open to others: chmod \(String(mode, radix: 8)) \(path)")
        }
    }

    private static var reason: String { unsafe String(cString: strerror(errno)) }

    // MARK: Making

    /// Makes the directory, unless it is there.
    func make() throws(Failure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure("\(path): \(Self.reason)") }
    }

    /// Makes a key, and stores it for good before it returns.
    func makeKey(for use: Use) throws(Failure) -> Key {
        let key = Key(use, id: String(UTC.now().prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" }))
        let text =
            switch use {
            case .secrets: Base64.text(of: RandomBytes.make(32)) + "\n"
            case .tokens: PrivateKey().pem
            }
        try store(text, as: key)
        return key
    }

    /// Writes a file under another name first: whoever sees the key's own name sees the whole key.
    private func store(_ text: String, as key: Key) throws(Failure) {
        let new = "\(path)/.\(key.fileName).\(getpid())"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("\(new): \(Self.reason)") }
        defer { unlink(new) }
        var text = text
        let isWritten = text.withUTF8 { bytes in
            unsafe write(descriptor, bytes.baseAddress, bytes.count) == bytes.count && fsync(descriptor) == 0
        }
        let failure = isWritten ? nil : Failure("\(new): \(Self.reason)")
        close(descriptor)
        if let failure { throw failure }
        // "If newpath exists, it will not be overwritten" (link(2)).
        guard link(new, file(of: key)) == 0 else {
            throw Failure(
                errno == EEXIST
                    ? "\(key.fileName) was made in this second by somebody else." : "\(path): \(Self.reason)")
        }
        let directory = open(path, O_RDONLY | O_DIRECTORY)
        guard directory >= 0 else { throw Failure("\(path): \(Self.reason)") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw Failure("\(path): \(Self.reason)") }
    }
}
