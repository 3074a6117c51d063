import Foundation
import Testing

@testable import MariaDB

struct MariaDBErrorTests {
    private func meaning(_ number: UInt32, isOutcomeUnknown: Bool = false) -> MariaDBError.Meaning {
        var error = MariaDBError(number: number, state: "HY000", message: "", sql: nil)
        error.isOutcomeUnknown = isOutcomeUnknown
        return error.meaning
    }

    /// Compares the meanings of the error numbers with a copy, which the system tests read too. UPDATE_GOLDEN=1 renews
    /// it.
    @Test func theTableIsAsWrittenDown() throws {
        let lines = MariaDBError.meanings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/meanings.txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(lines.joined().utf8).write(to: file)
        }
        #expect(try lines.joined() == String(decoding: Data(contentsOf: file), as: UTF8.self))
    }

    @Test(arguments: [1020, 1047, 1114, 1180, 1205, 1213, 1290, 1317, 1836, 1927, 2002, 2006, 2013] as [UInt32])
    func whatPassesIsNotOurs(_ number: UInt32) { #expect(meaning(number) == .passing) }

    @Test(arguments: [1044, 1045, 1049, 1054, 1146, 1698] as [UInt32])
    func whatSomebodyMustSetRightIsRefused(_ number: UInt32) { #expect(meaning(number) == .refused) }

    @Test(arguments: [1062, 1064, 1105, 1356, 1406, 1644, 3000] as [UInt32])
    func everythingElseIsOurs(_ number: UInt32) { #expect(meaning(number) == .ours) }

    @Test func aFailureOfCommitIsUnknown() { #expect(meaning(1317, isOutcomeUnknown: true) == .unknown) }
}
