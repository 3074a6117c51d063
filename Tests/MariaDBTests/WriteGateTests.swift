import CShims
import Testing

@testable import MariaDB

struct WriteGateTests {
    private let gate = WriteGate(threads: 4)
    private let seats: [WriteGate.Seat]

    init() { seats = (0..<4).map { [gate] _ in gate.takeSeat() } }

    /// Begins a write whose present statement started this many milliseconds ago.
    private func write(_ seat: Int, for milliseconds: Int64) throws {
        try seats[seat].enter()
        seats[seat].note(cshims_monotonic_milliseconds() - milliseconds)
    }

    @Test func aWriteThatBeginsWhileHalfOfTheThreadsAreStuckIsRefused() throws {
        try write(0, for: 600)
        try write(1, for: 0)
        seats[1].note(cshims_monotonic_milliseconds() - 600)
        let error = #expect(throws: MariaDBError.self) { try seats[2].enter() }
        #expect(error?.meaning == .passing)
        // The write begins its next statement: it is a batch that makes progress, and not stuck.
        seats[1].note(cshims_monotonic_milliseconds())
        try seats[2].enter()
    }

    @Test func theLastThreadRefusesWhenAllOthersWait() throws {
        for seat in 0..<3 { try write(seat, for: 100) }
        #expect(throws: MariaDBError.self) { try seats[3].enter() }
        seats[0].leave()
        try seats[3].enter()
    }

    @Test func theLastThreadWaitsForOthersThatGoOn() async throws {
        for seat in 0..<3 { try seats[seat].enter() }
        let start = cshims_monotonic_milliseconds()
        async let entered = Task.detached { [seats] in
            try seats[3].enter()
            return cshims_monotonic_milliseconds()
        }.value
        // The present statements of these writes are young at any time the gate looks at them.
        for seat in 0..<3 { seats[seat].note(cshims_monotonic_milliseconds() + 60_000) }
        cshims_sleep_milliseconds(200)
        seats[1].leave()
        #expect(try await entered - start >= 200)
    }

    @Test(.timeLimit(.minutes(1))) func aPlaceGoesToTheThreadThatHasWaitedForTheLongest() async throws {
        for seat in 0..<3 {
            try seats[seat].enter()
            seats[seat].note(cshims_monotonic_milliseconds() + 60_000)
        }
        async let last: Void = Task.detached { [seats] in try seats[3].enter() }.value
        while gate.waiting == 0 { cshims_sleep_milliseconds(1) }
        seats[0].leave()
        // The place is taken although nobody may have woken up yet, so that this thread waits in its turn.
        async let first: Void = Task.detached { [seats] in try seats[0].enter() }.value
        try await last
        while gate.waiting == 0 { cshims_sleep_milliseconds(1) }
        seats[1].leave()
        try await first
        #expect(gate.waiting == 0)
    }

    @Test func aThreadThatRefusedItsWriteWaitsNoMore() throws {
        for seat in 0..<3 { try write(seat, for: 100) }
        #expect(throws: MariaDBError.self) { try seats[3].enter() }
        #expect(gate.waiting == 0)
        seats[0].leave()
        seats[1].leave()
        try seats[0].enter()
    }

    @Test func aLoneThreadMayAlwaysWrite() throws {
        let seat = WriteGate(threads: 1).takeSeat()
        try seat.enter()
        seat.leave()
        try seat.enter()
    }
}
