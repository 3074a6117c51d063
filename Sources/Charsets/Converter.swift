import Glibc

/// A conversion of the C library from one encoding to UTF-8 (iconv(3)).
@safe
final class Converter {
    private let descriptor: iconv_t

    /// Opens the conversion, or is nil if the C library has no table of that name.
    init?(from name: String) {
        // Without //TRANSLIT and //IGNORE, a character that cannot be converted is an error and is never replaced.
        let descriptor = unsafe iconv_open("UTF-8", name)
        // iconv_open(3): "In case of error, it sets errno and returns (iconv_t) -1."
        guard let descriptor = unsafe descriptor, Int(bitPattern: descriptor) != -1 else { return nil }
        unsafe self.descriptor = descriptor
    }

    deinit { unsafe iconv_close(descriptor) }

    /// The text in UTF-8, or nil if a byte is invalid or the last character is incomplete.
    func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        // "If inbuf is NULL or *inbuf is NULL": this resets the state, since the previous text may have been cut short.
        unsafe iconv(descriptor, nil, nil, nil, nil)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        let isWhole = unsafe bytes.withUnsafeBytes { bytes in
            // iconv(3) does not write through this pointer, but POSIX does not declare it const.
            var source = unsafe UnsafeMutablePointer(mutating: bytes.bindMemory(to: CChar.self).baseAddress)
            var left = bytes.count
            // A last call without a source writes what iconv holds back, such as a letter that may get an accent.
            return unsafe step(&source, &left, &output) && step(nil, nil, &output)
        }
        return isWhole ? output : nil
    }

    /// Calls iconv(3) until all input is converted, and returns whether every byte was valid.
    private func step(
        _ source: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ left: UnsafeMutablePointer<Int>?,
        _ output: inout [UInt8]
    ) -> Bool {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { room in
            while true {
                var target = room.baseAddress
                var free = room.count
                let result = unsafe iconv(descriptor, source, left, &target, &free)
                // Read at once, before another call can change errno.
                let reason = errno
                unsafe output.append(contentsOf: UnsafeRawBufferPointer(room).prefix(room.count - free))
                // A result above zero counts characters that were replaced.
                if result == 0 { return true }
                // EILSEQ: invalid byte; EINVAL: incomplete character at the end. Only after E2BIG, a full buffer, it
                // goes on.
                guard result == -1, reason == E2BIG else { return false }
            }
        }
    }
}
