/// Limits besides the size in bytes; each keeps a known slow case of libxml2 fast.
enum XMLLimits {
    static let depth = 32
    static let nodes = 200_000
    /// The most attributes and namespace declarations of one element.
    static let attributes = 64
    /// The longest tag: libxml2 compares each attribute with all others of its tag.
    static let tagBytes = 16_384
}
