package import Contract
import Wire

/// The views of all resources, made once.
package final class Views: Sendable {
    private let views: [ObjectIdentifier: [View]]

    package init(_ resources: [Resource]) {
        var views: [ObjectIdentifier: [View]] = [:]
        for resource in resources where views[ObjectIdentifier(resource)] == nil {
            views[ObjectIdentifier(resource)] = Format.allCases.map { View(resource, $0) }
        }
        self.views = views
    }

    subscript(resource: Resource, format: Format) -> View {
        guard let pair = views[ObjectIdentifier(resource)] else {
            fatalError("\(resource.name) is not in the catalogue")
        }
        return pair[format.rawValue]
    }
}
