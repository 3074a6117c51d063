package import Contract

/// One answer; each worker thread has one and uses it again and again.
///
/// It is rendered whole before any of it is sent, so that a failure can still become a fault. A list too long for that
/// is sent in parts.
package final class Reply {
    package var status = 200
    package var body = Bytes(capacity: 64 * 1024)
    package private(set) var headers: [(name: String, value: String)] = []
    /// The media type of the body; nil when there is none.
    package var contentType: String?
    /// REST's links to other pages; nil where the answer has none.
    package var links: PageLinks?
    /// What sends an answer in parts.
    package weak var outlet: (any Outlet)?
    /// Whether the answer is one that is sent in parts, so that nobody knows its length.
    package private(set) var isInParts = false
    /// Whether a part of it was sent: nothing else can be said any more.
    package private(set) var isPartlySent = false
    /// Whether the answer ends in its middle, which the client must see.
    package var isBrokenOff = false
    /// Where the answer proper begins in the body, behind an envelope.
    package var start = 0

    package init() {}

    /// Makes the reply empty again.
    package func reset() {
        status = 200
        headers.removeAll(keepingCapacity: true)
        contentType = nil
        links = nil
        start = 0
        isInParts = false
        isPartlySent = false
        isBrokenOff = false
        body.truncate(to: 0)
        // One huge answer must not hold its memory for ever.
        body.shrink(beyond: Self.kept)
    }

    private static let kept = 1024 * 1024

    /// Whether `reset` will give back memory.
    package var isLarge: Bool { isInParts || body.capacity > Self.kept }

    /// Takes back what was written of the answer proper: the work is about to be done again.
    package func rewind() {
        body.truncate(to: start)
        status = 200
        isInParts = false
    }

    package func set(_ name: String, _ value: String) { headers.append((name, value)) }
}

// MARK: In parts

/// Where an answer goes that is sent in parts.
package protocol Outlet: AnyObject {
    /// Whether the client can tell where an answer of unknown length ends: HTTP/1.0 cannot.
    var takesParts: Bool { get }
    /// Whether the client wants the head of the answer alone.
    var wantsHeadOnly: Bool { get }
    /// Sends what was rendered since the last part; false when the client has left, or has no more time.
    func sendPart(of reply: Reply) -> Bool
}

/// The client takes no more of an answer that is sent in parts.
package struct ClientLeft: Error {
    package init() {}
}

extension Reply {
    /// Begins an answer that will be sent in parts; false when the client cannot take it so.
    package func beginParts() -> Bool {
        isInParts = outlet?.takesParts ?? false
        return isInParts
    }

    /// Sends what was rendered since the last part.
    package func sendPart() throws(ClientLeft) {
        let isSent = outlet?.sendPart(of: self) ?? false
        // A failure may have sent a half.
        isPartlySent = true
        guard isSent else { throw ClientLeft() }
        body.truncate(to: 0)
    }
}

// MARK: Framing, by protocol

extension Reply {
    /// How many rows there are and which of them follow.
    package struct Page: Sendable {
        package let number: Int64
        package let size: Int64
        package let count: Int64
        /// What to ask for next time, where rows note when they change; SOAP only.
        package let nextUpdatedSince: Timestamp?

        package init(number: Int64, size: Int64, count: Int64, nextUpdatedSince: Timestamp? = nil) {
            self.number = number
            self.size = size
            self.count = count
            self.nextUpdatedSince = nextUpdatedSince
        }

        package var hasMore: Bool { number * size < count }
    }

    /// Opens a page of rows.
    package func open(_ page: Page, _ format: Format) {
        switch format {
        case .json:
            body.append("{\"count\":")
            body.append(decimal: page.count)
            body.append(",\"next\":")
            appendLink(page.hasMore ? page.number + 1 : nil)
            body.append(",\"previous\":")
            appendLink(page.number > 1 ? page.number - 1 : nil)
            body.append(",\"results\":[")
        case .xml:
            body.append("<page>")
            body.append(decimal: page.number)
            body.append("</page><page_size>")
            body.append(decimal: page.size)
            body.append("</page_size><total_count>")
            body.append(decimal: page.count)
            body.append("</total_count><has_more>")
            body.append(page.hasMore ? "true" : "false")
            body.append("</has_more>")
            if let time = page.nextUpdatedSince {
                body.append("<next_updated_since>")
                body.append(time)
                body.append("</next_updated_since>")
            }
        }
    }

    /// Closes what `open` opened.
    package func closePage(_ format: Format) {
        if format == .json { body.append("]}") }
    }

    private func appendLink(_ page: Int64?) {
        if let page, let links { body.append(json: links.url(page: page)) } else { body.append("null") }
    }

    /// The contract's answer to an action that worked.
    package func append(message: String) {
        body.append("{\"message\":")
        body.append(json: message)
        body.append("}")
    }
}
