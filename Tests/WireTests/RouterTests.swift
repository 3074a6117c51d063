import Contract
import Testing

@testable import Wire

@Suite struct RouterTests {
    private static let router = {
        let resource = Resource(
            Reference(resource: "product", table: "products", key: "id"), in: .products, key: .id, about: "",
            fields: [])
        func operation(_ name: String, _ target: Operation.Target, _ binding: Operation.Binding) -> Operation {
            Operation(name, "", .reading, on: target, [binding], returns: .row)
        }
        return Router([
            operation("list", .collection(resource), .get), operation("create", .collection(resource), .post),
            operation("search", .collection(resource), .get("search", options: "")),
            operation("get", .row(resource), .get), operation("images", .row(resource), .get("images", options: "")),
        ])
    }()

    @Test(arguments: [
        ("/", "index"), ("", "nothing"), ("//", "nothing"), ("/products/api/", "root"), ("/products/api", "redirect"),
        ("/products/api/.json", "root .json"), ("/orders/api/", "nothing"), ("/products/soap/", "nothing"),
        ("/products/api/products/", "collection"), ("/products/api/products", "redirect"),
        ("/products/api/products.json", "collection .json"), ("/products/api/products.JSON", "nothing"),
        ("/products/api//", "nothing"), ("/products/api/others/", "nothing"), ("/products/api/others/7/", "nothing"),
        ("/products/api/products/search/", "search"), ("/products/api/products/search.json", "search .json"),
        ("/products/api/products/7/", "row 7"), ("/products/api/products/7", "redirect"),
        ("/products/api/products/7.json", "row 7 .json"), ("/products/api/products/7.5.json", "nothing"),
        ("/products/api/products/%37/", "row 7"), ("/products/api/products//", "nothing"),
        ("/products/api/products/7/images/", "images 7"), ("/products/api/products/7/images.json", "images 7 .json"),
        ("/products/api/products//images/", "nothing"), ("/products/api/products/7/search/", "nothing"),
        ("/products/api/products/7/images/1/", "nothing"),
    ])
    func match(_ path: String, _ expected: String) {
        let found =
            switch Self.router.match(path) {
            case .index: "index"
            case .nothing: "nothing"
            case .redirect: "redirect"
            case .root(_, let suffix): "root" + Self.told(nil, suffix)
            case .place(let number, let id, let suffix):
                (Self.router.places[number].action ?? (Self.router.places[number].isRow ? "row" : "collection"))
                    + Self.told(id, suffix)
            }
        #expect(found == expected)
    }

    private static func told(_ id: String?, _ suffix: String?) -> String {
        (id.map { " " + $0 } ?? "") + (suffix.map { " ." + $0 } ?? "")
    }

    @Test func methodsOfAPlaceShareIt() {
        let place = Self.router.places.first { !$0.isRow && $0.action == nil }
        #expect(place?.operations == [.get: 0, .post: 1])
        #expect(place?.allow == "GET, HEAD, OPTIONS, POST")
    }
}
