extension Substring.UTF8View {
    /// Whether the byte is in the text; `contains` goes from index to index, which takes five times as long.
    package func has(_ byte: UInt8) -> Bool {
        let bytes = span
        for offset in bytes.indices where bytes[offset] == byte { return true }
        return false
    }
}
