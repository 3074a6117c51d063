import Contract
import Engine

/// The pictures of a product, of which by the contract several may be primary.
enum ProductImages {
    static let product = Field.reference("product", to: Products.reference, "Product that the image shows.").staying
    static let imageURL = Field.url("image_url", "Address of the image; the server does not look there.")
    static let isPrimary = Field.boolean(
        "is_primary",
        "Whether shops should show the image first. The seller sets it; several images of a product may have it, and it "
            + "does not change their order here."
    ).initially(false)

    static let resource = Resource(
        Reference(resource: "product_image", table: "product_images", key: "id"), in: .products, key: .id,
        about: "REST API ViewSet for Product Images",
        fields: [product, imageURL, isPrimary, .createdAt], filters: [.equals(product)])

    static let endpoints = Endpoint.standard(resource)
}
