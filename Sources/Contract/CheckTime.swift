extension Kind {
    /// A calendar day, `2030-01-02`; XML may add a zone, which says nothing about a day and is ignored.
    static func date(_ raw: Raw, as notation: Notation) throws(Problem) -> Value {
        let refusal = Problem("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.")
        guard case .string(let text) = raw else { throw refusal }
        var reader = TimeReader(notation == .xml ? text.trimmedOfXMLSpace : text)
        guard let day = reader.day(digits: notation == .xml ? 2...2 : 1...2) else { throw refusal }
        if notation == .xml { _ = reader.zone(strict: true) }
        guard reader.isAtEnd else { throw refusal }
        return .date(Day(text: day.text))
    }

    /// An instant, `2030-01-02T03:04:05.5+02:00`, converted to UTC; without a zone it is taken as UTC.
    static func timestamp(_ raw: Raw, as notation: Notation) throws(Problem) -> Value {
        let refusal = Problem(
            "Datetime has wrong format. Use one of these formats instead: "
                + "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].")
        guard case .string(let text) = raw else { throw refusal }
        let isXML = notation == .xml
        var reader = TimeReader(isXML ? text.trimmedOfXMLSpace : text)
        guard var day = reader.day(digits: 2...2) else { throw refusal }
        var minutes = 0
        var seconds = 0
        var fraction = "000000"
        if isXML || !reader.isAtEnd {
            guard reader.take("T") || !isXML && reader.take(" "),
                let hour = reader.number(2...2, in: 0...(isXML ? 24 : 23)), reader.take(":"),
                let minute = reader.number(2...2, in: 0...59)
            else { throw refusal }
            if reader.take(":") {
                guard let second = reader.number(2...2, in: 0...59) else { throw refusal }
                seconds = second
                if reader.take(".") {
                    guard let digits = reader.digits(isXML ? 1...Int.max : 1...9) else { throw refusal }
                    fraction = String((digits + "00000").prefix(6))
                }
            } else if isXML {
                throw refusal
            }
            // "24:00:00" is the first instant of the following day (XML Schema 1.1 part 2 §3.3.7.2).
            guard hour < 24 || minute == 0 && seconds == 0 && fraction == "000000" else { throw refusal }
            let offset = reader.zone(strict: isXML) ?? 0
            guard reader.isAtEnd else { throw refusal }
            minutes = hour * 60 + minute - offset
            if !(0..<1440).contains(minutes) {
                guard let neighbour = minutes < 0 ? day.previous : day.next else {
                    throw Problem("Datetime value out of range.")
                }
                day = neighbour
                minutes += minutes < 0 ? 1440 : -1440
            }
        }
        let time = [minutes / 60, minutes % 60, seconds].map { CalendarDay.padded($0, to: 2) }.joined(separator: ":")
        return .timestamp(Timestamp(text: "\(day.text) \(time).\(fraction)"))
    }
}

/// A day of the years 1 to 9999.
private struct CalendarDay {
    let year: Int
    let month: Int
    let day: Int

    init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CalendarDay.length(ofMonth: month, in: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    var next: CalendarDay? {
        CalendarDay(year, month, day + 1) ?? CalendarDay(year, month + 1, 1) ?? CalendarDay(year + 1, 1, 1)
    }

    var previous: CalendarDay? {
        if let day = CalendarDay(year, month, day - 1) { return day }
        let (year, month) = month > 1 ? (year, month - 1) : (year - 1, 12)
        return CalendarDay(year, month, CalendarDay.length(ofMonth: month, in: year))
    }

    var text: String {
        [CalendarDay.padded(year, to: 4), CalendarDay.padded(month, to: 2), CalendarDay.padded(day, to: 2)]
            .joined(separator: "-")
    }

    static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Reads dates and times from left to right; a step that does not find its part leaves the text unchanged.
private struct TimeReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ count: ClosedRange<Int>) -> String? {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard count.contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        return String(Substring(digits))
    }

    mutating func number(_ count: ClosedRange<Int>, in range: ClosedRange<Int>) -> Int? {
        let start = rest
        guard let digits = digits(count), let number = Int(digits), range.contains(number) else {
            rest = start
            return nil
        }
        return number
    }

    mutating func day(digits: ClosedRange<Int>) -> CalendarDay? {
        guard let year = number(4...4, in: 1...9999), take("-"), let month = number(digits, in: 1...12), take("-"),
            let day = number(digits, in: 1...31)
        else { return nil }
        return CalendarDay(year, month, day)
    }

    /// The minutes by which the zone is ahead of UTC; `strict` refuses the forms `+02` and `+0200`.
    mutating func zone(strict: Bool) -> Int? {
        if take("Z") { return 0 }
        let start = rest
        let isAhead = take("+")
        guard isAhead || take("-") else { return nil }
        var minutes: Int?
        if let hours = number(2...2, in: 0...23) {
            if take(":") {
                minutes = number(2...2, in: 0...59).map { hours * 60 + $0 }
            } else if !strict {
                minutes = hours * 60
            }
        } else if !strict, let both = number(4...4, in: 0...2359), both % 100 < 60 {
            minutes = both / 100 * 60 + both % 100
        }
        // XML Schema's zones reach to 14:00 (part 2 §3.3.7).
        guard let minutes, !strict || minutes <= 14 * 60 else {
            rest = start
            return nil
        }
        return isAhead ? minutes : -minutes
    }
}
