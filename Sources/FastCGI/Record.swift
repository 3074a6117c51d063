import Glibc

/// Output records written without libfcgi (FastCGI specification 1.0, §3.3): its records hold 8 kB and cost one write
/// each, while a page of rows is a hundred kilobytes.
enum Record {
    /// The most that a record can hold (its length has 16 bits), in multiples of 8 bytes, as the specification
    /// recommends.
    private static let longest = 65528
    private static let headerSize = 8

    /// Writes the head and the body as the request's output; false when the peer has gone or no longer reads.
    static func write(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, requestID: Int32, to connection: Int32
    ) -> Bool {
        guard unsafe writeRecord(head, body.prefix(longest - head.count), requestID, connection) else { return false }
        var rest = unsafe body.dropFirst(longest - head.count)
        while unsafe !rest.isEmpty {
            guard
                unsafe writeRecord(
                    UnsafeRawBufferPointer(rebasing: rest[..<rest.startIndex]), rest.prefix(longest), requestID,
                    connection)
            else {
                return false
            }
            unsafe rest = rest.dropFirst(longest)
        }
        return true
    }

    /// Writes one record of two parts.
    private static func writeRecord(
        _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer.SubSequence, _ requestID: Int32,
        _ connection: Int32
    ) -> Bool {
        let length = unsafe head.count + body.count
        guard length <= longest else { fatalError("a record has a length of 16 bits") }
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: headerSize) { header in
            // version 1, FCGI_STDOUT, the request's id, the content's length, no padding, reserved.
            let fields: [UInt8] = [
                1, 6, UInt8(truncatingIfNeeded: requestID >> 8), UInt8(truncatingIfNeeded: requestID),
                UInt8(length >> 8), UInt8(length & 0xFF), 0, 0,
            ]
            _ = unsafe header.initialize(from: fields)
            return unsafe writeAll(
                [UnsafeRawBufferPointer(header), head, UnsafeRawBufferPointer(rebasing: body)], connection)
        }
    }

    /// Writes the parts one after another; false when the peer has gone or has read nothing until the time-out.
    private static func writeAll(_ parts: [UnsafeRawBufferPointer], _ connection: Int32) -> Bool {
        let vectors = unsafe parts.map { part in
            // The kernel only reads the memory at iov_base.
            unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: part.baseAddress), iov_len: part.count)
        }
        // The socket blocks, and this thread blocks signals: writev returns early only after SO_SNDTIMEO or an error.
        return unsafe writev(connection, vectors, Int32(vectors.count)) == parts.reduce(0) { $0 + $1.count }
    }
}
