/// What a caller must know about an operation besides its summary: an unexpected effect, or an effect that is missing
/// and what to do instead.
package struct Remark: Sendable, Equatable {
    /// One sentence or two.
    package let text: String
    private let side: Side?

    /// The protocols that documents describe.
    package enum Side: Sendable { case rest, soap }

    package static func both(_ text: String) -> Remark { Remark(text: text, side: nil) }
    package static func rest(_ text: String) -> Remark { Remark(text: text, side: .rest) }
    package static func soap(_ text: String) -> Remark { Remark(text: text, side: .soap) }
}

extension [Remark] {
    /// The texts for the readers of one protocol.
    package func texts(for side: Remark.Side) -> [String] { filter { $0.applies(to: side) }.map(\.text) }
}

extension Remark {
    fileprivate func applies(to side: Side) -> Bool { self.side.map { $0 == side } ?? true }
}
