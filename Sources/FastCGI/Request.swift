import CFastCGI
import Glibc

/// A worker thread's slot for the request that it answers; it is lent to the handler and reused for the next request.
@safe
package final class Request {
    private let slot: UnsafeMutablePointer<FCGX_Request>
    private var whenReceived: () -> Bool = { true }
    /// Why a body could not be read.
    package enum BodyProblem: Error, Sendable {
        case tooLarge
        /// Fewer bytes came than CONTENT_LENGTH promised, or none came in time.
        case truncated
    }

    init() {
        unsafe slot = .allocate(capacity: 1)
        unsafe slot.initialize(to: FCGX_Request())
        // -1: libfcgi gets no listening socket, since `accept` is given connections that are accepted elsewhere.
        unsafe FCGX_InitRequest(slot, -1, 0)
    }

    deinit {
        unsafe FCGX_Free(slot, 1)
        unsafe slot.deallocate()
    }

    /// Reads a request's head from a connection; false when the peer has gone. `whenReceived` is called when the body
    /// is there as well, and returns whether it came in time.
    ///
    /// This writes three fields that fcgiapp.h calls private. `ipcFd` is the connection; `keepConnection` keeps
    /// FCGX_Accept_r's own Finish from closing it; `listen_sock` of -1 makes a dead connection an error, where
    /// FCGX_Accept_r would otherwise block in accept(). This was measured with libfcgi 2.4.2, whose layout is that of
    /// 2.4.0.
    /// since 2.4.0.
    func accept(_ connection: Int32, whenReceived: @escaping () -> Bool) -> Bool {
        isDrained = false
        self.whenReceived = whenReceived
        unsafe slot.pointee.ipcFd = connection
        unsafe slot.pointee.keepConnection = 1
        unsafe slot.pointee.listen_sock = -1
        return unsafe FCGX_Accept_r(slot) >= 0
    }

    /// Ends the request, and returns the connection if it can be used again, else -1.
    func finish() -> Int32 {
        // Unread bytes of the body would be taken for the next request's head.
        if !isDrained { drain() }
        unsafe FCGX_Finish_r(slot)
        let connection = unsafe slot.pointee.ipcFd
        unsafe slot.pointee.ipcFd = -1
        return connection
    }

    /// Resets the slot after `accept` failed; libfcgi has closed the connection by then.
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
    /// Calls the body once for each parameter, with the bytes of its name and value.
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

    /// Sends the answer: its CGI header lines, which end with an empty one, and its body. If the peer has gone, the
    /// answer is dropped without an error.
    package func send(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) {
        guard body.count > Self.bufferSize else {
            // Both fit into libfcgi's buffer, which is sent in one write together with the end of the request.
            unsafe put(head)
            return unsafe put(body)
        }
        let connection = unsafe slot.pointee.ipcFd
        if unsafe !Record.write(head, body, requestID: slot.pointee.requestId, to: connection) {
            // A part of the answer was sent and nothing may follow it; libfcgi closes a connection that it cannot write
            // to.
            breakOff()
        }
    }

    /// Sends a part of an unfinished answer; false when the peer has gone or no longer reads.
    package func sendPart(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) -> Bool {
        unsafe Record.write(head, body, requestID: slot.pointee.requestId, to: slot.pointee.ipcFd)
    }

    /// Ends the connection, so that the peer notices that the answer is incomplete.
    package func breakOff() { shutdown(unsafe slot.pointee.ipcFd, Int32(SHUT_RDWR)) }

    /// The size of libfcgi's buffer, which is also the most that one of its records holds.
    private static let bufferSize = 7000

    private func put(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
            _ = unsafe FCGX_PutStr(text, Int32(bytes.count), slot.pointee.out)
        }
    }
}
