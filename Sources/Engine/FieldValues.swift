import Contract

/// Values of a resource's fields, found by the field's number in the resource or by its name; a field may have none.
struct FieldValues {
    private let resource: Resource
    private var values: [Value?]

    init(_ resource: Resource) {
        self.resource = resource
        values = Array(repeating: nil, count: resource.fields.count)
    }

    /// The value of the field with this number.
    subscript(number: Int) -> Value? {
        get { values[number] }
        set { values[number] = newValue }
    }

    /// The value of the field with this name.
    subscript(name: String) -> Value? {
        get { values[number(of: name)] }
        set { values[number(of: name)] = newValue }
    }

    private func number(of name: String) -> Int {
        guard let number = resource.number(of: name) else { fatalError("\(resource.words) has no \(name)") }
        return number
    }
}
