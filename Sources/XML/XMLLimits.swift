/// How much a document may hold, whatever its size in bytes; each bound keeps a known slow case of libxml2 fast.
enum XMLLimits {
    static let depth = 32
    static let nodes = 200_000
    /// Attributes and namespace declarations of one element.
    static let attributes = 64
    /// libxml2 compares each attribute with all others of its tag.
    static let tagBytes = 16_384
}
