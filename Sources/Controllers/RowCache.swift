import Synchronization

/// One state of one row.
struct RowVersion: Sendable, Equatable {
    let id: Int64
    /// Goes up with every change of the row and of the rows embedded in it: the schema's triggers see to it.
    let revision: Int64
    /// When the row was created, as a number that says nothing but whether it is the same: TRUNCATE lets an id come
    /// back with its first revision.
    let birth: Int64
}

/// Rows as they were rendered, kept by their version, so that the database is asked for little more than versions.
///
/// It is never stale, because a version is read anew each time, in the snapshot of the answer. The threads of a
/// process share it, behind a lock that is held for look-ups alone.
final class RowCache: Sendable {
    private let limit: Int
    private let generations = Mutex(Generations())

    private struct Key: Hashable {
        let view: ObjectIdentifier
        let id: Int64
    }

    private struct Entry {
        let version: RowVersion
        let rendering: Rendering
    }

    /// What was used since the last turn, and before that: a turn forgets what was not used for a whole generation.
    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngBytes = 0

        mutating func keep(_ entry: Entry, _ key: Key, limit: Int) {
            if let replaced = young.updateValue(entry, forKey: key) { youngBytes -= replaced.rendering.cost }
            youngBytes += entry.rendering.cost
            guard youngBytes > limit else { return }
            old = young
            young = [:]
            youngBytes = 0
        }
    }

    /// A cache of at most `bytes`; none keeps nothing.
    init(bytes: Int) { limit = bytes / 2 }

    /// Whether it keeps anything, so that it is worth asking for versions first.
    var isOn: Bool { limit > 0 }

    /// The renderings of these versions in a view; nil for those that are not kept.
    func renderings(_ view: View, _ versions: [RowVersion]) -> [Rendering?] {
        return generations.withLock { generations in
            versions.map { version in
                let key = Key(view: ObjectIdentifier(view), id: version.id)
                if let entry = generations.young[key] { return entry.version == version ? entry.rendering : nil }
                guard let entry = generations.old[key], entry.version == version else { return nil }
                generations.keep(entry, key, limit: limit)
                return entry.rendering
            }
        }
    }

    /// Keeps what was rendered from committed rows.
    func keep(_ view: View, _ rows: [(version: RowVersion, rendering: Rendering)]) {
        generations.withLock { generations in
            for (version, rendering) in rows {
                let key = Key(view: ObjectIdentifier(view), id: version.id)
                generations.keep(Entry(version: version, rendering: rendering), key, limit: limit)
            }
        }
    }

    /// Forgets everything.
    func removeAll() { generations.withLock { $0 = Generations() } }
}

extension Rendering {
    /// About how many bytes of memory it takes, with its place in the cache.
    fileprivate var cost: Int { bytes.count + holes.count * MemoryLayout<Hole>.stride + 200 }
}
