package import Contract

/// One answer; each worker thread has one Reply and uses it for every request.
///
/// An answer is rendered as a whole before any of it is sent, so that a failure can still become a fault. Only a list
/// that is too long for that is sent in parts.
package final class Reply {
    package var status = 200
    package var body = Bytes(capacity: 64 * 1024)
    package private(set) var headers: [(name: String, value: String)] = []
    /// The media type of the body; nil when there is none.
    package var contentType: String?
    /// REST's links to other pages; nil for an answer without pages.
    package var links: PageLinks?
    /// The sender of an answer in parts.
    package weak var outlet: (any Outlet)?
    /// Whether the answer is sent in parts, so that its length is not known in advance.
    package private(set) var isInParts = false
    /// Whether a part was sent, after which status and headers cannot change.
    package private(set) var isPartlySent = false
    /// Whether the answer ends early, which the client must be able to notice.
    package var isBrokenOff = false
    /// Where the result begins in the body, behind the envelope.
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
        // The memory of a huge answer is not kept.
        body.shrink(beyond: Self.kept)
    }

    private static let kept = 1024 * 1024

    /// Whether `reset` will free memory.
    package var isLarge: Bool { isInParts || body.capacity > Self.kept }

    /// Removes what was written of the result, because the operation is about to run again. Headers are set before.
    package func rewind() {
        guard !isPartlySent else { fatalError("what was sent cannot be taken back") }
        body.truncate(to: start)
        status = 200
        isInParts = false
    }

    /// Removes everything that was written, because a fault takes its place.
    package func beginFault(_ code: Fault.Code, status: Int) {
        start = 0
        rewind()
        self.status = status
        set("X-Error-Code", code.rawValue)
        if code.isRetryable { set("Retry-After", "1") }
    }

    package func set(_ name: String, _ value: String) { headers.append((name, value)) }
}

// MARK: In parts

/// The receiver of an answer that is sent in parts.
package protocol Outlet: AnyObject {
    /// Whether the client can tell where an answer of unknown length ends: HTTP/1.0 cannot.
    var takesParts: Bool { get }
    /// Whether the client asked for the head only.
    var wantsHeadOnly: Bool { get }
    /// Sends what was rendered since the last part; false when the client has left or its time is over.
    func sendPart(of reply: Reply) -> Bool
}

/// The client no longer reads an answer that is sent in parts.
package struct ClientLeft: Error {
    package init() {}
}

extension Reply {
    /// Begins an answer in parts; false when the client cannot read one.
    package func beginParts() -> Bool {
        isInParts = outlet?.takesParts ?? false
        return isInParts
    }

    /// Sends what was rendered since the last part.
    package func sendPart() throws(ClientLeft) {
        let isSent = outlet?.sendPart(of: self) ?? false
        // Set also after a failure, which may have sent a part of it.
        isPartlySent = true
        guard isSent else { throw ClientLeft() }
        body.truncate(to: 0)
    }
}

// MARK: Framing, by protocol

extension Reply {
    /// The number of rows and the range of them that follows.
    package struct Page: Sendable {
        package let number: Int64
        /// The number of the last page, which has no rows if the list has none.
        package let last: Int64
        package let size: Int64
        package let count: Int64
        /// The `updated_since` of the client's next request, for rows that note their changes; SOAP only.
        package let nextUpdatedSince: Timestamp?

        /// A page; without a number the last one.
        package init(number: Int64?, size: Int64, count: Int64, nextUpdatedSince: Timestamp? = nil) {
            last = max(1, (count + size - 1) / size)
            self.number = number ?? last
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

    /// Closes the page that `open` began.
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
