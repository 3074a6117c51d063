import Foundation

/// Random inputs from a seed, which is printed; FUZZ_SEED repeats a run.
package enum Fuzz {
    package struct Generator: RandomNumberGenerator {
        var state: UInt64

        // SplitMix64.
        package mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    package static func run(inputs: Int, _ body: (inout Generator) throws -> Void) throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["FUZZ_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
        print("FUZZ_SEED=\(seed)")
        var generator = Generator(state: seed)
        for _ in 0..<(environment["FUZZ_INPUTS"].flatMap(Int.init) ?? inputs) { try body(&generator) }
    }

    /// A random scalar: mostly ASCII, otherwise one that writers often get wrong.
    package static func scalar(using random: inout Generator) -> Unicode.Scalar {
        switch UInt8.random(in: 0...9, using: &random) {
        case 0: Unicode.Scalar(UInt8.random(in: 0...31, using: &random))
        case 1: "<>&\"\\'/".unicodeScalars.randomElement(using: &random)!
        case 2:
            [0xFFFE, 0xFFFF, 0xFFFD, 0xD7FF, 0xE000, 0x10FFFF, 0xF8BF, 0x3FFE].randomElement(using: &random)
                .flatMap(Unicode.Scalar.init)!
        case 3: Unicode.Scalar(UInt32.random(in: 0x80...0xD7FF, using: &random))!
        default: Unicode.Scalar(UInt8.random(in: 32...126, using: &random))
        }
    }

    /// A corpus document with some bytes changed, removed or repeated.
    package static func mutate(_ document: String, using random: inout Generator) -> [UInt8] {
        var bytes = Array(document.utf8)
        for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch UInt8.random(in: 0...4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 16)], at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + 9))
            }
        }
        return bytes
    }
}
