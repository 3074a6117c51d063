package import Contract

/// Where REST requests go: built once from the operations, then only read.
package struct Router: Sendable {
    /// A collection, a row or one of their actions, with what can be done there.
    package struct Place: Sendable {
        package let resource: Resource
        package let isRow: Bool
        package let action: String?
        /// The operation of each method, by its index in the catalogue.
        package var operations: [Operation.Method: Int] = [:]
        /// The answer to OPTIONS, in two forms: without and with the fields of the actions.
        package var description: (plain: [UInt8], full: [UInt8]) = ([], [])
        /// What `Allow` says.
        package var allow = ""
    }

    /// What a path leads to.
    package enum Match: Sendable {
        case index
        case root(Domain, suffix: String?)
        case place(Int, id: String?, suffix: String?)
        /// The same path with a slash at its end exists.
        case redirect
        case nothing
    }

    package let places: [Place]
    /// `products/products`, then `products/products/*` for rows and `…/images` for actions.
    private let index: [String: Int]
    private let domains: [String: Domain]

    package init(_ operations: [Operation]) {
        var places: [Place] = []
        var index: [String: Int] = [:]
        for (number, operation) in operations.enumerated() {
            guard let resource = operation.resource else { continue }
            for binding in operation.bindings {
                let isRow = operation.target == .row
                let key = Self.key(resource.domain.rawValue, resource.path, isRow: isRow, binding.action)
                let place = index[key] ?? places.count
                if place == places.count {
                    places.append(Place(resource: resource, isRow: isRow, action: binding.action))
                    index[key] = place
                }
                precondition(
                    places[place].operations.updateValue(number, forKey: binding.method) == nil,
                    "\(binding.method.rawValue) \(key) is declared twice")
            }
        }
        for number in places.indices { places[number].describe(operations) }
        self.places = places
        self.index = index
        domains = Dictionary(uniqueKeysWithValues: Domain.allCases.map { ($0.rawValue, $0) })
    }

    private static func key(
        _ domain: some StringProtocol, _ path: some StringProtocol, isRow: Bool, _ action: (some StringProtocol)?
    ) -> String {
        "\(domain)/\(path)" + (isRow ? "/*" : "") + (action.map { "/\($0)" } ?? "")
    }

    private static func key(_ domain: some StringProtocol, _ path: some StringProtocol, isRow: Bool) -> String {
        key(domain, path, isRow: isRow, String?.none)
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
        guard segments.count >= 2, segments[1] == "api", let domain = domains[String(segments[0])] else {
            return .nothing
        }
        let found: (match: Match, hasSuffix: Bool)
        switch segments.count {
        case 2: found = (.root(domain, suffix: nil), false)
        case 3: found = matchCollection(domain, segments[2])
        case 4: found = matchMember(domain, segments[2], segments[3])
        case 5: found = matchRowAction(domain, segments[2], segments[3], segments[4])
        default: return .nothing
        }
        if case .nothing = found.match { return .nothing }
        return hasSlash || found.hasSuffix ? found.match : .redirect
    }

    private func matchCollection(_ domain: Domain, _ segment: Substring) -> (Match, Bool) {
        let (name, suffix) = Self.split(segment)
        if name.isEmpty, let suffix { return (.root(domain, suffix: suffix), true) }
        guard let place = index[Self.key(domain.rawValue, name, isRow: false)] else { return (.nothing, false) }
        return (.place(place, id: nil, suffix: suffix), suffix != nil)
    }

    /// An action of the collection, or else a row.
    private func matchMember(_ domain: Domain, _ path: Substring, _ segment: Substring) -> (Match, Bool) {
        let (name, suffix) = Self.split(segment)
        if let place = index[Self.key(domain.rawValue, path, isRow: false, name)] {
            return (.place(place, id: nil, suffix: suffix), suffix != nil)
        }
        guard !name.isEmpty, !name.contains("."), let place = index[Self.key(domain.rawValue, path, isRow: true)] else {
            return (.nothing, false)
        }
        return (.place(place, id: Percent.decoded(name), suffix: suffix), suffix != nil)
    }

    private func matchRowAction(
        _ domain: Domain, _ path: Substring, _ id: Substring, _ segment: Substring
    ) -> (Match, Bool) {
        let (name, suffix) = Self.split(segment)
        guard !id.isEmpty, !id.contains("."), let place = index[Self.key(domain.rawValue, path, isRow: true, name)]
        else { return (.nothing, false) }
        return (.place(place, id: Percent.decoded(id), suffix: suffix), suffix != nil)
    }

    /// `products.json` as its name and its suffix; a suffix is lower-case letters and digits.
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
