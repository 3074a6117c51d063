/// One allowed value of a closed list, with its label for people.
package struct Choice: Sendable, Equatable {
    package let value: String
    package let label: String
}

/// The type of a field's values, from a closed list over which every document, check and writer switches.
package enum Kind: Sendable, Equatable {
    /// At most `max` code points; nil is unlimited. `blank` says whether "" is a value.
    case text(max: Int?, blank: Bool)
    case email(max: Int, blank: Bool)
    case url(max: Int)
    case choice([Choice])
    case integer(ClosedRange<Int64>)
    /// An exact number of some measure: `digits` in all, `places` after the point, as DECIMAL(digits, places).
    case decimal(Measure, digits: Int, places: Int, range: ClosedRange<Decimal>?)
    case boolean
    case date
    case timestamp
    /// Another row: REST names it by numeric id, SOAP by its business key.
    case reference(Reference)
}

/// What an exact number measures.
package enum Measure: Sendable { case money, weight, percentage, number }

/// Where a reference points.
package struct Reference: Sendable, Equatable {
    /// The resource referred to, in the singular: `product`.
    package let resource: String
    package let table: String
    /// The column of the business key in that table, which is also its SOAP name: `product_id`.
    package let key: String

    package init(resource: String, table: String, key: String) {
        self.resource = resource
        self.table = table
        self.key = key
    }
}

extension Kind {
    /// The range of a 32-bit column, which the contract applies to every integer.
    package static let int32: ClosedRange<Int64> = Int64(Int32.min)...Int64(Int32.max)
}
