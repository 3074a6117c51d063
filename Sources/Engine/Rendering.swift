import MariaDB
import Wire

/// Rendered rows, with holes for rows of other resources, since those rows change independently.
final class Rendering: Sendable {
    let bytes: [UInt8]
    let holes: [Hole]
    /// Where the part stands that is versioned apart.
    let part: Range<Int>?

    /// A place for a whole row of another view.
    struct Hole: Sendable {
        var offset: Int
        let view: View
        /// The id of the row that belongs there.
        let key: Int64
    }

    init(bytes: [UInt8], holes: [Hole], part: Range<Int>? = nil) {
        self.bytes = bytes
        self.holes = holes
        self.part = part
    }

    /// The rendering with other bytes where the part stands that is versioned apart.
    func replacingPart(by bytes: [UInt8]) -> Rendering {
        guard let part else { fatalError("a rendering in two versions has a part of its own") }
        let growth = bytes.count - part.count
        let moved = holes.map { hole in
            var hole = hole
            if hole.offset >= part.upperBound { hole.offset += growth }
            return hole
        }
        return Rendering(
            bytes: self.bytes[..<part.lowerBound] + bytes + self.bytes[part.upperBound...], holes: moved,
            part: part.lowerBound..<part.upperBound + growth)
    }
}

/// The rows that belong in the holes of others, by view and id.
typealias RowsInHoles = [ObjectIdentifier: [Int64: Rendering]]

/// A buffer for rendering rows while the rows that they refer to are not known yet.
struct Canvas: ~Copyable {
    private(set) var bytes = Bytes(capacity: 4096)
    private(set) var holes: [Rendering.Hole] = []
    private var part: Range<Int>?

    /// Renders the current row. `children` has its many embedded rows, by the number of the view's part.
    mutating func append(_ view: View, _ row: Cells, children: [Fragments?] = []) {
        // A local variable, since the closure cannot use self while self.bytes is written.
        var holes: [Rendering.Hole] = []
        swap(&holes, &self.holes)
        part = Self.append(view, row, children, to: &bytes, &holes)
        swap(&holes, &self.holes)
    }

    /// Renders a row that was just stored, in which no other rows can be yet.
    mutating func append(_ view: View, _ row: NewCells) {
        var holes: [Rendering.Hole] = []
        bytes.append(view.template, row) { number, target in
            let part = view.parts[number]
            guard case .referenced(let column) = part.relation, let key = row.integer(column) else { return false }
            holes.append(Rendering.Hole(offset: target.count, view: part.view, key: key))
            return true
        }
        self.holes += holes
    }

    /// Returns where the part stands that is versioned apart.
    private static func append(
        _ view: View, _ row: Cells, _ children: [Fragments?], to bytes: inout Bytes, _ holes: inout [Rendering.Hole]
    ) -> Range<Int>? {
        var apart: Range<Int>?
        bytes.append(view.template, row) { number, target in
            let part = view.parts[number]
            let start = target.count
            switch part.relation {
            case .many:
                guard let fragments = children.isEmpty ? nil : children[number], let id = row.integer(0) else {
                    return false
                }
                return fragments.copy(id, into: &target, &holes)
            case .one(_, let column):
                let only = row.from(column)
                let isThere = only.integer(0) != nil
                if isThere { _ = append(part.view, only, [], to: &target, &holes) }
                guard view.version?.part == number else { return isThere }
                if !isThere { target.append(view.nothing) }
                apart = start..<target.count
                return true
            case .referenced(let column):
                guard let key = row.integer(column) else { return false }
                holes.append(Rendering.Hole(offset: start, view: part.view, key: key))
                return true
            }
        }
        return apart
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Returns what was rendered since the last call, and empties the canvas.
    mutating func take() -> Rendering {
        let rendering = Rendering(bytes: bytes.array, holes: holes, part: part)
        bytes.truncate(to: 0)
        holes.removeAll(keepingCapacity: true)
        return rendering
    }
}

/// Rendered rows that are embedded in others: one canvas, and the part of it that belongs to each parent.
final class Fragments {
    var canvas = Canvas()
    private var parts: [Int64: Part] = [:]
    private var last: Int64?

    private struct Part {
        var bytes: Range<Int>
        var holes: Range<Int>
    }

    /// Renders a row that belongs to a parent; the rows of one parent must follow one another. The same row in a row is
    /// rendered once: a statement repeats the children of a parent that it finds several times.
    func append(_ row: Cells, of part: View.Part) {
        guard let parent = row.integer(View.Part.parentColumn), let id = row.integer(0), id != last else { return }
        last = id
        let known = parts[parent]
        let (byte, hole) = (canvas.bytes.count, canvas.holes.count)
        if known != nil, part.view.format == .json { canvas.append(UInt8(ascii: ",")) }
        canvas.append(part.view, row)
        parts[parent] = Part(
            bytes: (known?.bytes.lowerBound ?? byte)..<canvas.bytes.count,
            holes: (known?.holes.lowerBound ?? hole)..<canvas.holes.count)
    }

    /// Copies the parent's part; false if there is none.
    func copy(_ parent: Int64, into target: inout Bytes, _ holes: inout [Rendering.Hole]) -> Bool {
        guard let part = parts[parent] else { return false }
        for hole in canvas.holes[part.holes] {
            var moved = hole
            moved.offset += target.count - part.bytes.lowerBound
            holes.append(moved)
        }
        target.append(canvas.bytes, part.bytes)
        return true
    }

    /// A parent's part as a rendering; nil if there is none.
    func rendering(of parent: Int64) -> Rendering? {
        var target = Bytes()
        var holes: [Rendering.Hole] = []
        guard copy(parent, into: &target, &holes) else { return nil }
        return Rendering(bytes: target.array, holes: holes)
    }
}
