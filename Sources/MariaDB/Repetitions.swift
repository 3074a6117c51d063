/// How often a transaction that was rolled back may be repeated, by the kind of its failure.
package struct Repetitions {
    private var conflicts = 3
    private var looks = 100
    private var waits = 1
    private var losses = 1

    package init() {}

    /// Takes the repetition that a failure is worth, if one is left; what may be stored already is worth none.
    package mutating func take(_ error: MariaDBError) -> Bool {
        func takeOne(_ left: inout Int) -> Bool {
            left -= 1
            return left >= 0
        }
        if error.isOutcomeUnknown { return false }
        if error.isOvertaken { return takeOne(&looks) }
        if error.isConflict || error.isTableAltered { return takeOne(&conflicts) }
        if error.isLockTimeout { return takeOne(&waits) }
        return error.isWorthANewSession && takeOne(&losses)
    }
}

extension MariaDBError {
    /// Whether a repetition at once would probably fail like the first try.
    package var isWorthAPause: Bool { !isWorthANewSession && !isOvertaken }
}
