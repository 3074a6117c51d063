import Testing

@testable import MariaDB

struct MariaDBErrorTests {
    private func meaning(_ number: UInt32, isOutcomeUnknown: Bool = false) -> MariaDBError.Meaning {
        var error = MariaDBError(number: number, state: "HY000", message: "", sql: nil)
        error.isOutcomeUnknown = isOutcomeUnknown
        return error.meaning
    }

    @Test(
        arguments: [
            1020, 1021, 1026, 1040, 1047, 1053, 1114, 1180, 1203, 1205, 1206, 1213, 1226, 1290, 1317, 1412, 1461, 1615,
            1836, 1927, 1969, 2002, 2006, 2013, 2027,
        ] as [UInt32])
    func whatPassesIsNotOurs(_ number: UInt32) { #expect(meaning(number) == .passing) }

    @Test(arguments: [1044, 1045, 1049, 1054, 1142, 1143, 1146, 1698] as [UInt32])
    func whatSomebodyMustSetRightIsRefused(_ number: UInt32) { #expect(meaning(number) == .refused) }

    @Test(arguments: [1064, 1062, 1105, 1356, 1406, 1644, 3000] as [UInt32])
    func everythingElseIsOurs(_ number: UInt32) { #expect(meaning(number) == .ours) }

    @Test func aFailureOfCommitIsUnknown() { #expect(meaning(1317, isOutcomeUnknown: true) == .unknown) }
}
