import Glibc

/// A conversion of the C library from one encoding to UTF-8 (iconv(3)).
@safe
final class Converter {
    private let descriptor: iconv_t

    /// Opens it, or is nil if the C library has no such table.
    init?(from name: String) {
        // Without //TRANSLIT and //IGNORE: what cannot be converted is an error, and never another text.
        let descriptor = unsafe iconv_open("UTF-8", name)
        // iconv_open(3): "In case of error, it sets errno and returns (iconv_t) -1."
        guard let descriptor = unsafe descriptor, Int(bitPattern: descriptor) != -1 else { return nil }
        unsafe self.descriptor = descriptor
    }

    deinit { unsafe iconv_close(descriptor) }

    /// The text in UTF-8, or nil if a byte of it means nothing or a character at its end is cut short.
    func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        // "If inbuf is NULL or *inbuf is NULL": back to the initial state, since the text before may have broken off.
        unsafe iconv(descriptor, nil, nil, nil, nil)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        let isWhole = unsafe bytes.withUnsafeBytes { bytes in
            // iconv(3) only reads through this pointer, which POSIX has not made const.
            var source = unsafe UnsafeMutablePointer(mutating: bytes.bindMemory(to: CChar.self).baseAddress)
            var left = bytes.count
            // The last call, without a source, writes what is still held back: a letter that waits for its accent.
            return unsafe step(&source, &left, &output) && step(nil, nil, &output)
        }
        return isWhole ? output : nil
    }

    /// Calls iconv(3) until it has no more to write; whether it understood everything.
    private func step(
        _ source: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ left: UnsafeMutablePointer<Int>?,
        _ output: inout [UInt8]
    ) -> Bool {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { room in
            while true {
                var target = room.baseAddress
                var free = room.count
                let result = unsafe iconv(descriptor, source, left, &target, &free)
                // Before anything else can change it.
                let reason = errno
                unsafe output.append(contentsOf: UnsafeRawBufferPointer(room).prefix(room.count - free))
                // Otherwise how many characters it replaced.
                if result == 0 { return true }
                // EILSEQ: no character; EINVAL: half of one at the end. Only E2BIG, a full buffer, goes on.
                guard result == -1, reason == E2BIG else { return false }
            }
        }
    }
}
