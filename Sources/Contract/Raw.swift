/// A value as a client sent it, before any check.
package enum Raw: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number as its digits, so that it never passes through a Double.
    case number(String)
    case string(String)
    /// A JSON string with a lone surrogate, which no Swift String can hold; the message shows the code unit.
    case loneSurrogate(UInt16)
    case array(isEmpty: Bool)
    case object(isEmpty: Bool)
    /// A file part of a multipart form.
    case file

    /// Python's name of the type, which the contract's messages show.
    package var typeName: String {
        switch self {
        case .null: "NoneType"
        case .boolean: "bool"
        case .number(let digits):
            digits.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } ? "float" : "int"
        case .string, .loneSurrogate: "str"
        case .array: "list"
        case .object: "dict"
        case .file: "InMemoryUploadedFile"
        }
    }
}

/// The notation of a raw value: the three differ in what an empty text and a blank mean.
package enum Notation: Sendable {
    case json
    case form
    case xml
}
