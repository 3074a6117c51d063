import CFastCGI
import Glibc

/// One worker thread's slot for the request it is answering; lent to the handler and used again for the next.
@safe
package final class Request {
    private let slot: UnsafeMutablePointer<FCGX_Request>
    private var whenReceived: () -> Bool = { true }
    /// Why a body could not be read.
    package enum BodyProblem: Error, Sendable {
        case tooLarge
        /// Fewer bytes came than CONTENT_LENGTH promised, or none in time.
        case truncated
    }

    init() {
        unsafe slot = .allocate(capacity: 1)
        unsafe slot.initialize(to: FCGX_Request())
        // No listening socket: connections are accepted by us and handed in, see `accept`.
        unsafe FCGX_InitRequest(slot, -1, 0)
    }

    deinit {
        unsafe FCGX_Free(slot, 1)
        unsafe slot.deallocate()
    }

    /// Reads a request's head from a connection; false when the peer has gone. `whenReceived` is called when the body
    /// is there as well, and says whether it came in time.
    ///
    /// Three fields that fcgiapp.h calls private are written. `ipcFd` is the connection; `keepConnection` keeps
    /// FCGX_Accept_r's own Finish from closing it; `listen_sock` of -1 makes a dead connection an error where
    /// FCGX_Accept_r would otherwise block in accept(). Measured with libfcgi 2.4.2, whose layout has not changed
    /// since 2.4.0.
    func accept(_ connection: Int32, whenReceived: @escaping () -> Bool) -> Bool {
        isDrained = false
        self.whenReceived = whenReceived
        unsafe slot.pointee.ipcFd = connection
        unsafe slot.pointee.keepConnection = 1
        unsafe slot.pointee.listen_sock = -1
        return unsafe FCGX_Accept_r(slot) >= 0
    }

    /// Ends the request; the connection if it is to be used again, else -1.
    func finish() -> Int32 {
        // An unread body would be taken for the next request's head.
        if !isDrained { drain() }
        unsafe FCGX_Finish_r(slot)
        let connection = unsafe slot.pointee.ipcFd
        unsafe slot.pointee.ipcFd = -1
        return connection
    }

    /// Makes the slot new again after `accept` failed; libfcgi has closed the connection then.
    func abandon() { unsafe FCGX_InitRequest(slot, -1, 0) }

    private var isDrained = false {
        didSet { if isDrained { isInTime = whenReceived() } }
    }

    private var isInTime = true

    private func drain() {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 8192) { buffer in
            while unsafe FCGX_GetStr(buffer.baseAddress, 8192, slot.pointee.in) > 0 {}
        }
        isDrained = true
    }
}

// MARK: For the handler

extension Request {
    /// Goes through the parameters once; lends the bytes of each name and value.
    package func forEachParameter(
        _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard var entry = unsafe slot.pointee.envp else { return }
        while let parameter = unsafe entry.pointee {
            if let equals = unsafe strchr(parameter, Int32(UInt8(ascii: "="))) {
                let length = unsafe equals - parameter
                let rest = unsafe strlen(equals + 1)
                unsafe parameter.withMemoryRebound(to: UInt8.self, capacity: length + 1 + rest) { start in
                    unsafe body(
                        UnsafeBufferPointer(start: start, count: length),
                        UnsafeBufferPointer(start: start + length + 1, count: rest))
                }
            }
            unsafe entry += 1
        }
    }

    /// Reads the whole body.
    package func readBody(length: Int?, limit: Int) throws(BodyProblem) -> [UInt8] {
        if let length, length > limit { throw .tooLarge }
        if length == 0 {
            isDrained = true
            guard isInTime else { throw .truncated }
            return []
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length ?? 4096)
        var isTooLarge = false
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16384) { buffer in
            while true {
                let count = unsafe FCGX_GetStr(buffer.baseAddress, 16384, slot.pointee.in)
                if count <= 0 { break }
                if bytes.count + Int(count) > limit {
                    isTooLarge = true
                    break
                }
                unsafe buffer.prefix(Int(count)).withMemoryRebound(to: UInt8.self) {
                    unsafe bytes.append(contentsOf: $0)
                }
            }
        }
        if isTooLarge { throw .tooLarge }
        isDrained = true
        guard isInTime, bytes.count >= length ?? 0 else { throw .truncated }
        return bytes
    }

    /// Sends the answer: its CGI header lines, which end with an empty one, and its body. A peer that has gone is no
    /// error here.
    package func send(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) {
        guard body.count > Self.bufferSize else {
            // Both fit libfcgi's buffer, which leaves in one write together with the end of the request.
            unsafe put(head)
            return unsafe put(body)
        }
        let connection = unsafe slot.pointee.ipcFd
        if unsafe !Record.write(head, body, requestID: slot.pointee.requestId, to: connection) {
            // Half an answer went out: nothing may follow it, and libfcgi closes a connection that it cannot write to.
            breakOff()
        }
    }

    /// Sends a part of an answer that is not whole yet; false when the peer has gone or takes nothing any more.
    package func sendPart(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) -> Bool {
        unsafe Record.write(head, body, requestID: slot.pointee.requestId, to: slot.pointee.ipcFd)
    }

    /// Ends the connection, so that an answer of which a part was sent is seen to be no whole one.
    package func breakOff() { shutdown(unsafe slot.pointee.ipcFd, Int32(SHUT_RDWR)) }

    /// What libfcgi gathers before it writes; it sends records of no more than this.
    private static let bufferSize = 7000

    private func put(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
            _ = unsafe FCGX_PutStr(text, Int32(bytes.count), slot.pointee.out)
        }
    }
}
