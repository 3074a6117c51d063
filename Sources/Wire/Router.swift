package import Contract

/// Finds the target of a REST request; built once from the operations, then only read.
package struct Router: Sendable {
    /// A collection, a row or one of their actions, with its methods.
    package struct Place: Sendable {
        package let resource: Resource
        package let isRow: Bool
        package let action: String?
        /// The operation of each method, as an index into the catalogue.
        package var operations: [Operation.Method: Int] = [:]
        /// The answer to OPTIONS in two forms: without and with the list of fields.
        package var description: (plain: [UInt8], full: [UInt8]) = ([], [])
        /// The value of the `Allow` header.
        package var allow = ""
    }

    /// The target of a path.
    package enum Match: Sendable {
        case index
        case root(Domain, suffix: String?)
        case place(Int, id: String?, suffix: String?)
        /// The path exists with a slash at its end.
        case redirect
        case nothing
    }

    /// The places under one path, as indexes into `places`.
    private struct Collection {
        var itself: Int?
        var actions: [String: Int] = [:]
        var row: Int?
        var rowActions: [String: Int] = [:]

        subscript(isRow isRow: Bool, action: String?) -> Int? {
            get {
                guard let action else { return isRow ? row : itself }
                return isRow ? rowActions[action] : actions[action]
            }
            set {
                switch (isRow, action) {
                case (false, nil): itself = newValue
                case (true, nil): row = newValue
                case (false, let action?): actions[action] = newValue
                case (true, let action?): rowActions[action] = newValue
                }
            }
        }
    }

    package let places: [Place]
    private let collections: [Domain: [String: Collection]]

    package init(_ operations: [Operation]) {
        var places: [Place] = []
        var collections: [Domain: [String: Collection]] = [:]
        for (number, operation) in operations.enumerated() {
            guard let resource = operation.resource else { continue }
            for binding in operation.bindings {
                let isRow = operation.isOnRow
                var collection = collections[resource.domain]?[resource.path] ?? Collection()
                let place = collection[isRow: isRow, binding.action] ?? places.count
                if place == places.count {
                    places.append(Place(resource: resource, isRow: isRow, action: binding.action))
                    collection[isRow: isRow, binding.action] = place
                    collections[resource.domain, default: [:]][resource.path] = collection
                }
                guard places[place].operations.updateValue(number, forKey: binding.method) == nil else {
                    let action = binding.action ?? ""
                    fatalError("\(binding.method.rawValue) of \(resource.name) \(action) is declared twice")
                }
            }
        }
        for number in places.indices { places[number].describe(operations) }
        self.places = places
        self.collections = collections
    }
}

// MARK: Matching

extension Router {
    package func match(_ path: String) -> Match {
        guard path.utf8.first == UInt8(ascii: "/") else { return .nothing }
        if path == "/" { return .index }
        var segments = path.dropFirst().parts(separatedBy: UInt8(ascii: "/"))
        let hasSlash = segments.last?.isEmpty == true
        if hasSlash { segments.removeLast() }
        guard segments.count >= 2, segments[1] == "api", let domain = Domain(rawValue: String(segments[0])),
            let collections = collections[domain]
        else { return .nothing }
        let found: (match: Match, hasSuffix: Bool)
        switch segments.count {
        case 2: found = (.root(domain, suffix: nil), false)
        case 3:
            let (name, suffix) = Self.split(segments[2])
            found =
                name.isEmpty && suffix != nil
                ? (.root(domain, suffix: suffix), true)
                : Self.match(collections[String(name)]?.itself, suffix)
        case 4:
            guard let collection = collections[String(segments[2])] else { return .nothing }
            found = Self.matchMember(collection, segments[3])
        case 5:
            guard let collection = collections[String(segments[2])], Self.isID(segments[3]) else { return .nothing }
            let (name, suffix) = Self.split(segments[4])
            found = Self.match(collection.rowActions[String(name)], id: segments[3], suffix)
        default: return .nothing
        }
        if case .nothing = found.match { return .nothing }
        return hasSlash || found.hasSuffix ? found.match : .redirect
    }

    /// An action of the collection or, for any other segment, a row.
    private static func matchMember(_ collection: Collection, _ segment: Substring) -> (Match, Bool) {
        let (name, suffix) = split(segment)
        if let place = collection.actions[String(name)] { return match(place, suffix) }
        return isID(name) ? match(collection.row, id: name, suffix) : (.nothing, false)
    }

    private static func isID(_ segment: Substring) -> Bool {
        !segment.isEmpty && !segment.utf8.has(UInt8(ascii: "."))
    }

    private static func match(_ place: Int?, id: Substring? = nil, _ suffix: String?) -> (Match, Bool) {
        guard let place else { return (.nothing, false) }
        return (.place(place, id: id.map { Percent.decoded($0) }, suffix: suffix), suffix != nil)
    }

    /// Splits `products.json` into name and suffix; a suffix has lower-case letters and digits only.
    private static func split(_ segment: Substring) -> (Substring, String?) {
        guard let dot = segment.utf8.lastIndex(of: UInt8(ascii: ".")) else { return (segment, nil) }
        let suffix = segment[segment.index(after: dot)...]
        let isSuffix =
            !suffix.isEmpty
            && suffix.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        return isSuffix ? (segment[..<dot], String(suffix)) : (segment, nil)
    }
}
