import Contract
import Engine

/// The products that the seller offers.
enum Products {
    static let reference = Reference(resource: "product", table: "products", key: "product_id")

    // MARK: Fields

    static let productID = Field.text(
        "product_id", max: 100, "Number that the seller gives the product; no other product has it."
    ).unique
    static let name = Field.text("name", max: 255, "Name of the product, as buyers read it.")
    static let description = Field.text(
        "description", "Description of the product, as buyers read it; may be empty."
    ).optional
    static let sku = Field.text(
        "sku", max: 100, "Stock keeping unit, given by the seller; no other product has it."
    ).unique
    static let price = Field.money("price", "Price of one piece, in the seller's currency.")
    static let stockQuantity = Field.count(
        "stock_quantity",
        "Number of pieces that the seller states; no order and no inventory changes it. The number that sells is the "
            + "inventory's available_quantity."
    ).initially(0)
    /// Whether a product is on sale.
    enum Status: String, ChoiceValue {
        case active, inactive, outOfStock = "out_of_stock"
    }

    static let status = Field<Status>.choice(
        "status", "Whether the product is on sale. The seller sets it; no stock number changes it."
    ).initially(.active)
    static let category = Field.text(
        "category", max: 100, "Category in which the seller shows the product; may be empty."
    ).optional
    static let brand = Field.text(
        "brand", max: 100, "Brand under which the product is sold; may be empty."
    ).optional
    static let weight = Field.weight(
        "weight", "Weight of one piece in kilograms; null or absent: not known."
    ).nullable

    private static let images = Embedded.many(
        "images", "image", of: ProductImages.resource, by: ProductImages.product,
        showing: [ProductImages.imageURL, ProductImages.isPrimary, .createdAt],
        "Images of the product, the oldest first.")
    private static let inventory = Embedded.one(
        "inventory", of: Inventory.resource, by: Inventory.product,
        showing: [
            Inventory.warehouseLocation, Inventory.reservedQuantity, Inventory.availableQuantity,
            Inventory.lastRestockedAt,
        ], isVersionedApart: true, "Stock of the product; null or absent: the seller keeps none.")

    static let resource = Resource(
        reference, in: .products, key: .own(productID),
        about: "REST API ViewSet for Product management\nProvides CRUD operations for products",
        fields: [
            productID, sku, name, description, price, stockQuantity, status, category, brand, weight, .createdAt,
            .updatedAt,
        ],
        embedded: [images, inventory], order: [.descending(.createdAt)],
        filters: [.equals(status), inCategory, matching, .keys])

    // MARK: Operations

    private static let search = Field.text(
        "search", "Only the products with this text in the name or the SKU, in upper or lower case; absent: all.")
    private static let matching = Resource.Filter.contains(search, columns: ["name", "sku"])
    private static let categoryPart = Field.text(
        "category", "Only the products with this text in the category, in upper or lower case; absent: all.")
    private static let inCategory = Resource.Filter.contains(categoryPart, columns: ["category"])

    private static let find = Endpoint.reading(
        "search_products", "Search the products by a text in the name or the SKU, and by category",
        .get("search", options: "Search products by name, sku, or category"), on: .collection(resource),
        takes: .filter(search, rest: "q"), .filter(categoryPart), returns: .list,
        remarks: [.both("A product must match both parameters where both are given. The newest come first.")]
    ) { read, text, category in
        // The shorter texts first: most rows then need no look at the others.
        .list(try read.all(resource).matching(inCategory, category).matching(matching, text))
    }

    private static let listImages = Endpoint.reading(
        "list_images_of_product", "List the images of a product",
        .get("images", options: "Get all images for a specific product"), on: .row(resource), returns: .part(images),
        soap: .through("list_product_images", note: "query.product_id")
    ) { read in
        .part(of: read.named)
    }

    private static let getInventory = Endpoint.reading(
        "get_inventory_of_product", "Return the inventory of a product, by the product's id",
        .get("inventory", options: "Get inventory details for a specific product"), on: .row(resource),
        returns: .part(inventory), soap: .through("get_inventory", note: "product_id")
    ) { read in
        .part(of: read.named, orElse: .refused("Inventory not found for this product", .notFound))
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            list: [
                .soap(
                    "To follow stock, read list_inventory and compare its revisions: a product's revision need not tell of "
                        + "its quantities.")
            ],
            delete: [
                .both(
                    "Its images, its inventory and its promotions are deleted with it. While an order item refers to it, it is "
                        + "refused with IN_USE: set the status to inactive instead.")
            ]) + [find, listImages, getInventory]
}
