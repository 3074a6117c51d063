import CShims
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

        /// A key that is made at this time.
        fileprivate init(_ use: Use, now: String) {
            self.use = use
            id = String(now.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" })
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

    /// The algorithm of a key that signs; nil for the others. Refuses a file that does not hold such a key.
    func algorithm(of key: Key) throws(Failure) -> PrivateKey.Algorithm? {
        guard let text = File.read(file(of: key)) else { throw Failure("\(file(of: key)) cannot be read.") }
        switch key.use {
        case .secrets:
            guard Base64.bytes(of: String(text.prefix { $0 != "\n" }))?.count == Self.secretBytes else {
                throw Failure("\(file(of: key)) does not hold \(Self.secretBytes) bytes in base64.")
            }
            return nil
        case .tokens:
            guard let algorithm = PrivateKey(pem: text)?.algorithm else {
                throw Failure("\(file(of: key)) holds no key of RSA from 2048 bits, EC P-256 or Ed25519.")
            }
            return algorithm
        }
    }

    private static let secretBytes = 32

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

    /// Makes the directory, unless it is there. The one around it must be there.
    func make() throws(Failure) {
        if mkdir(path, 0o700) == 0 { return try sync(path + "/..") }
        guard errno == EEXIST else { throw Failure("\(path) cannot be made: \(Self.reason)") }
    }

    /// Runs a body that makes keys, while no other process does.
    func alone(_ body: () throws(Failure) -> Void) throws(Failure) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Failure("\(path): \(Self.reason)") }
        // "An existing lock is released when … the descriptor is closed" (flock(2)).
        defer { close(directory) }
        guard flock(directory, LOCK_EX) == 0 else { throw Failure("\(path) cannot be locked: \(Self.reason)") }
        try body()
    }

    /// Makes a key for this use, and stores it for good before it returns. It is newer than all others, by its name too.
    func makeKey(for use: Use) throws(Failure) -> Key {
        let newest = try keys().last { $0.use == use }
        var key = Key(use, now: UTC.now())
        var patience = 40
        while let newest, newest.id >= key.id, patience > 0 {
            cshims_sleep_milliseconds(50)
            patience -= 1
            key = Key(use, now: UTC.now())
        }
        if let newest, newest.id >= key.id {
            throw Failure("\(file(of: newest)) is of a time that has not come yet: is the clock right?")
        }
        let text =
            switch use {
            case .secrets: Base64.text(of: RandomBytes.make(Self.secretBytes)) + "\n"
            case .tokens: PrivateKey().pem
            }
        try store(text, as: key)
        return key
    }

    /// Writes a file under another name first: whoever sees the key's own name sees the whole key.
    private func store(_ text: String, as key: Key) throws(Failure) {
        let new = path + "/.new"
        // A process that was killed may have left one.
        unlink(new)
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("\(new): \(Self.reason)") }
        defer { close(descriptor) }
        defer { unlink(new) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure("\(new): \(Self.reason)") }
            rest = rest.dropFirst(count)
        }
        // "If newpath exists, it will not be overwritten" (link(2)).
        guard fsync(descriptor) == 0, link(new, file(of: key)) == 0 else {
            throw Failure("\(file(of: key)): \(Self.reason)")
        }
        try sync(path)
    }

    /// Makes the names in a directory outlive a crash of the machine.
    private func sync(_ path: String) throws(Failure) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Failure("\(path): \(Self.reason)") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw Failure("\(path): \(Self.reason)") }
    }
}
