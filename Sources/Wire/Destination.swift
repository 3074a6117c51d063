package import Contract

/// What a request leads to.
package enum Destination {
    /// Nothing more: the reply is complete.
    case answered
    /// The operation has to run.
    case call(Found)
    /// OPTIONS of a row: its form has to be described, with all fields only if the row exists.
    case describe(Resource, RowName, plain: [UInt8], full: [UInt8])
}
