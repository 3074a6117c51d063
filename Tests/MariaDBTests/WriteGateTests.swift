import CShims
import Foundation
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

    /// Enters by a thread of its own, since the tests' own threads may be too few for one that waits.
    private func enter(_ seat: Int) async throws {
        try await withCheckedThrowingContinuation { (entered: CheckedContinuation<Void, any Error>) in
            Thread { [seats] in entered.resume(with: Result { try seats[seat].enter() }) }.start()
        }
    }

    /// Waits until a thread waits at the gate.
    private func untilATurnIsAwaited() async throws {
        for _ in 0..<10_000 where !gate.load.isAwaited { try await Task.sleep(for: .milliseconds(1)) }
        #expect(gate.load.isAwaited)
    }

    @Test func theLastThreadTakesOverTheTurnOfOneThatEnds() async throws {
        for seat in 0..<3 {
            try seats[seat].enter()
            // The present statements of these writes are young at any time the gate looks at them.
            seats[seat].note(cshims_monotonic_milliseconds() + 60_000)
        }
        async let last: Void = enter(3)
        try await untilATurnIsAwaited()
        seats[0].leave()
        // The turn is never free, so that this thread, which asks again at once, has to wait in its turn.
        #expect(gate.load.taken == 3 && !gate.load.isAwaited)
        try await last
        seats[3].note(cshims_monotonic_milliseconds() + 60_000)
        async let first: Void = enter(0)
        try await untilATurnIsAwaited()
        seats[1].leave()
        try await first
        for seat in [0, 2, 3] { seats[seat].leave() }
        #expect(gate.load.taken == 0 && !gate.load.isAwaited)
    }

    @Test func aThreadThatRefusedItsWriteWaitsNoMore() throws {
        for seat in 0..<3 { try write(seat, for: 100) }
        #expect(throws: MariaDBError.self) { try seats[3].enter() }
        seats[0].leave()
        #expect(gate.load.taken == 2 && !gate.load.isAwaited)
    }

    @Test func aLoneThreadMayAlwaysWrite() throws {
        let seat = WriteGate(threads: 1).takeSeat()
        try seat.enter()
        seat.leave()
        try seat.enter()
    }
}
