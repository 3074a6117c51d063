package import Contract
import Wire

/// The views of all resources, made once.
package final class Views: Sendable {
    private let views: [ObjectIdentifier: [View]]
    /// For each resource whose rows are shown inside others, the references to those.
    private let parents: [ObjectIdentifier: [AnyField]]

    package init(_ resources: [Resource]) {
        var views: [ObjectIdentifier: [View]] = [:]
        func make(_ resource: Resource) -> [View] {
            if let made = views[ObjectIdentifier(resource)] { return made }
            // A row that others show is kept once for all of them.
            let made = Format.allCases.map { format in View(resource, format) { make($0)[format.rawValue] } }
            views[ObjectIdentifier(resource)] = made
            return made
        }
        for resource in resources { _ = make(resource) }
        self.views = views
        parents = Dictionary(grouping: resources.flatMap(\.embedded)) { ObjectIdentifier($0.resource) }
            .mapValues { $0.map(\.parent) }
    }

    subscript(resource: Resource, format: Format) -> View {
        guard let pair = views[ObjectIdentifier(resource)] else {
            fatalError("\(resource.name) is not in the catalogue")
        }
        return pair[format.rawValue]
    }

    /// Whether rows are shown inside those of this reference, whose revisions triggers then increase: a statement that
    /// writes the rows may not read the others (1442).
    func showsRows(of resource: Resource, inside reference: AnyField) -> Bool {
        parents[ObjectIdentifier(resource)]?.contains(reference) ?? false
    }
}
