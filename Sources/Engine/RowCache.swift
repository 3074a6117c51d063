import Synchronization
import Wire

/// A version of a row.
struct RowVersion: Sendable, Equatable {
    let id: Int64
    /// Increased by the schema's triggers with every change of the row and of the rows embedded in it. Of rows with a
    /// part that is versioned apart, the upper half is that part's revision.
    let revision: Int64
    /// The time of the row's creation as a number, which is only compared: after a TRUNCATE, an id can come back with
    /// revision 1.
    let birth: Int64

    /// Whether two versions differ at most in the part that is versioned apart.
    func isSameBesidesPart(as other: RowVersion) -> Bool {
        id == other.id && birth == other.birth && UInt32(truncatingIfNeeded: revision ^ other.revision) == 0
    }
}

/// Rendered rows, kept by version, so that the database is asked for little more than versions.
///
/// The cache is never stale, since every answer reads the versions anew in its own snapshot. The threads of a process
/// share it behind a lock that is held only for look-ups.
final class RowCache: Sendable {
    private let limit: Int
    private let generations = Mutex(Generations())

    private struct Key: Hashable {
        let view: ObjectIdentifier
        let id: Int64
    }

    /// A name by which a row was asked for.
    fileprivate struct Name: Hashable {
        let view: ObjectIdentifier
        let key: String
        let column: String?

        /// Nil for a name that is an id itself, or none.
        init?(_ name: RowName, in view: ObjectIdentifier) {
            guard case .key(let key, let column) = name else { return nil }
            (self.view, self.key, self.column) = (view, key, column)
        }
    }

    private struct Entry {
        let version: RowVersion
        let rendering: Rendering
    }

    /// Two generations of entries. When the young ones exceed the limit, they become the old ones, and those that were
    /// old and have not been used meanwhile are dropped.
    ///
    /// Where there are far more rows than the cache holds, most are dropped without having been used, and keeping them was
    /// work for nothing. After a generation with few uses, a row is therefore kept only when it is asked for once more.
    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngBytes = 0
        /// The ids of rows by their names. They are only used to guess whether a row is kept, so that a name that has
        /// moved to another row does no harm.
        var youngNames: [Name: Int64] = [:]
        var oldNames: [Name: Int64] = [:]
        /// How many rows have come in since the generation began, and how often one was there when it was asked for.
        private var admitted = 0
        private var used = 0
        /// The rows that were asked for lately; nil while every row is admitted.
        var asked: AskedRows?
        /// What has been dropped and not been freed yet.
        var dropped: [(entries: [Key: Entry], names: [Name: Int64])] = []
        /// Whether the rows of a view that are asked for by a new name are kept, since lists keep rows as well.
        var guesses: [ObjectIdentifier: Guess] = [:]
        /// Whether the rows of other resources are kept that the rows of a view show.
        var guessesInside: [ObjectIdentifier: Guess] = [:]

        /// Keeps a row that was asked for and not there, unless it is not worth it; false if it is not.
        mutating func admit(_ entry: Entry, _ key: Key, limit: Int) -> Bool {
            if asked != nil, self.entry(key) == nil, asked?.note(key.hashValue) == false { return false }
            if keep(entry, key, limit: limit) { admitted += 1 }
            return true
        }

        /// Makes an entry young; false if it replaces one that is.
        @discardableResult
        private mutating func keep(_ entry: Entry, _ key: Key, limit: Int) -> Bool {
            let replaced = young.updateValue(entry, forKey: key)
            youngBytes += entry.rendering.cost - (replaced?.rendering.cost ?? 0)
            renew(limit: limit)
            return replaced == nil
        }

        mutating func note(_ name: Name, _ id: Int64, limit: Int) {
            if youngNames.updateValue(id, forKey: name) == nil { youngBytes += name.cost }
            renew(limit: limit)
        }

        private mutating func renew(limit: Int) {
            guard youngBytes > limit else { return }
            dropped.append((old, oldNames))
            old = young
            oldNames = youngNames
            young = Dictionary(minimumCapacity: old.count)
            youngNames = Dictionary(minimumCapacity: oldNames.count)
            youngBytes = 0
            // With fewer uses, reading the rows would have cost less than keeping them.
            if used * 4 >= admitted {
                asked = nil
            } else if asked == nil {
                asked = AskedRows(about: limit / 1000)
            }
            admitted = 0
            used = 0
        }

        /// The rendering in this version, which stays young by its use.
        mutating func rendering(_ key: Key, _ version: RowVersion, limit: Int) -> Rendering? {
            if let entry = young[key] {
                guard entry.version == version else { return nil }
                used += 1
                return entry.rendering
            }
            guard let entry = old[key], entry.version == version else { return nil }
            used += 1
            keep(entry, key, limit: limit)
            return entry.rendering
        }

        func entry(_ key: Key) -> Entry? { young[key] ?? old[key] }

        /// The rendering in a version that differs at most in the part that is versioned apart.
        mutating func rendering(_ key: Key, besidesPartOf version: RowVersion) -> Rendering? {
            guard let entry = entry(key), entry.version.isSameBesidesPart(as: version) else { return nil }
            used += 1
            return entry.rendering
        }

        func id(_ name: Name) -> Int64? { youngNames[name] ?? oldNames[name] }

        /// Learns whether a row that was asked for by this name was kept, unless the name is known.
        mutating func learn(_ name: Name, wasKept: Bool) {
            if id(name) == nil { guesses[name.view, default: Guess()].learn(wasKept) }
        }
    }

    /// A guess by what was true lately. Two wrong ones in a row change it, so that a single exception does not.
    private struct Guess {
        private(set) var isYes = false
        private var wasWrong = false

        mutating func learn(_ wasYes: Bool) {
            guard wasYes != isYes else { return wasWrong = false }
            if wasWrong { isYes = wasYes }
            wasWrong.toggle()
        }
    }

    /// A cache of at most `bytes`; with 0 it keeps nothing.
    init(bytes: Int) { limit = bytes / 2 }

    /// Runs a body under the lock. What it drops is freed afterwards, since freeing a generation takes milliseconds.
    private func alone<T: Sendable>(_ body: (inout Generations) -> T) -> T {
        let (result, dropped) = generations.withLock { generations in
            let result = body(&generations)
            defer { generations.dropped = [] }
            return (result, generations.dropped)
        }
        withExtendedLifetime(dropped) {}
        return result
    }

    /// Whether the cache keeps anything, so that reading versions first is worthwhile.
    var isOn: Bool { limit > 0 }

    /// The renderings of these versions in a view; nil for each that is not kept.
    func renderings(_ view: View, _ versions: [RowVersion]) -> [Rendering?] {
        return alone { generations in
            versions.map { version in
                generations.rendering(Key(view: ObjectIdentifier(view), id: version.id), version, limit: limit)
            }
        }
    }

    /// The rendering of a row in a version that differs from this one only in the part that is versioned apart; nil if
    /// there is none.
    func rendering(_ view: View, besidesPartOf version: RowVersion) -> Rendering? {
        let key = Key(view: ObjectIdentifier(view), id: version.id)
        return alone { $0.rendering(key, besidesPartOf: version) }
    }

    /// Whether some version of the row that a request names is kept, as far as that can be known.
    func likelyKeeps(_ view: View, _ name: RowName) -> Bool {
        let view = ObjectIdentifier(view)
        return alone { generations in
            if case .id(let id) = name { return generations.entry(Key(view: view, id: id)) != nil }
            guard let name = Name(name, in: view) else { return false }
            guard let id = generations.id(name) else { return generations.guesses[view]?.isYes ?? false }
            // Used names stay as long as used rows.
            if generations.youngNames[name] == nil { generations.note(name, id, limit: limit) }
            return generations.entry(Key(view: view, id: id)) != nil
        }
    }

    /// Whether the rows of other resources are likely to be kept that a row of the view shows.
    func likelyKeepsInside(_ view: View) -> Bool {
        generations.withLock { $0.guessesInside[ObjectIdentifier(view)]?.isYes ?? false }
    }

    /// Notes whether those rows were kept when a row of the view was asked for.
    func note(_ view: View, keepsInside: Bool) {
        generations.withLock { $0.guessesInside[ObjectIdentifier(view), default: Guess()].learn(keepsInside) }
    }

    /// The rendering of the row that a request names, in this version; nil if it is not kept.
    func rendering(_ view: View, _ name: RowName, _ version: RowVersion) -> Rendering? {
        let key = Key(view: ObjectIdentifier(view), id: version.id)
        return alone { generations in
            guard let rendering = generations.rendering(key, version, limit: limit) else { return nil }
            if let name = Name(name, in: key.view), generations.id(name) == nil {
                generations.learn(name, wasKept: true)
                generations.note(name, version.id, limit: limit)
            }
            return rendering
        }
    }

    /// Keeps renderings of committed rows that were not there when they were asked for, as far as that is worth it; `name`
    /// is the one by which a request asked for the only row.
    func keep(_ view: View, _ rows: [(version: RowVersion, rendering: Rendering)], named name: RowName? = nil) {
        let view = ObjectIdentifier(view)
        let name = name.flatMap { Name($0, in: view) }
        alone { generations in
            for (version, rendering) in rows {
                let key = Key(view: view, id: version.id)
                if let name {
                    generations.learn(name, wasKept: generations.entry(key)?.version == version)
                }
                let isKept = generations.admit(Entry(version: version, rendering: rendering), key, limit: limit)
                if let name, isKept { generations.note(name, version.id, limit: limit) }
            }
        }
    }

    /// Forgets everything.
    func removeAll() {
        _ = alone { generations in
            defer { generations = Generations() }
            return generations
        }
    }
}

extension Rendering {
    /// About how many bytes of memory the rendering takes, including its entry in the cache.
    fileprivate var cost: Int { bytes.count + holes.count * MemoryLayout<Hole>.stride + 200 }
}

extension RowCache.Name {
    /// About how many bytes of memory the name takes.
    fileprivate var cost: Int { key.utf8.count + 100 }
}
