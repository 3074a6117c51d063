/// A refused or failed request and the reason: the only error that reaches clients.
package struct Fault: Error, Sendable, Equatable {
    package let code: Code
    package let text: String
    package var problems: [FieldProblem] = []
    /// The form of the REST body, which the contract fixes for each case.
    package var form: Form = .detail

    package init(_ code: Code, _ text: String) {
        self.code = code
        self.text = text
    }

    /// The three forms that the contract has for the body of an error.
    package enum Form: Sendable {
        /// `{"detail": text}`
        case detail
        /// `{"error": text}`
        case error
        /// `{"field": ["message", …], …}`
        case fields
    }
}

extension Fault {
    /// Every fault code with its HTTP status: the same words in REST (`X-Error-Code`), in SOAP (`error_code`) and in the log.
    package enum Code: String, Sendable, CaseIterable {
        case validation = "VALIDATION"
        case unknownField = "UNKNOWN_FIELD"
        case notFound = "NOT_FOUND"
        case alreadyExists = "ALREADY_EXISTS"
        case conflict = "CONFLICT"
        case inUse = "IN_USE"
        case unknownOperation = "UNKNOWN_OPERATION"
        case actionMismatch = "ACTION_MISMATCH"
        case badEnvelope = "BAD_ENVELOPE"
        case badBody = "BAD_BODY"
        case emptyBody = "EMPTY_BODY"
        case notSOAP = "NOT_SOAP"
        case xmlMalformed = "XML_MALFORMED"
        case xmlForbidden = "XML_FORBIDDEN"
        case xmlLimit = "XML_LIMIT"
        case xmlEncoding = "XML_ENCODING"
        case jsonMalformed = "JSON_MALFORMED"
        case notAcceptable = "NOT_ACCEPTABLE"
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
        case tooLarge = "TOO_LARGE"
        case unavailable = "UNAVAILABLE"
        case outcomeUnknown = "OUTCOME_UNKNOWN"
        case `internal` = "INTERNAL"

        /// The HTTP status in REST.
        package var status: Int {
            switch self {
            case .notFound: 404
            case .methodNotAllowed: 405
            case .notAcceptable: 406
            case .inUse: 409
            case .tooLarge: 413
            case .unsupportedMediaType: 415
            case .internal, .outcomeUnknown: 500
            case .unavailable: 503
            default: 400
            }
        }

        /// The HTTP status in SOAP, in both versions: .NET, Spring-WS and Metro do not read a fault in a 400. A body
        /// that is too large gets 413, as nginx answers it.
        package var soapStatus: Int { isRetryable || self == .tooLarge ? status : 500 }

        /// Whether the server is at fault (SOAP `Server`, `Receiver`) and not the client.
        package var isOurs: Bool { self == .internal || self == .unavailable || self == .outcomeUnknown }

        /// Whether the same request may succeed later.
        package var isRetryable: Bool { self == .unavailable }
    }
}

// MARK: Common faults

extension Fault {
    /// One or more fields are wrong.
    package static func fields(_ problems: [FieldProblem], _ code: Code = .validation) -> Fault {
        var fault = Fault(
            code,
            problems.map { "\($0.soapPath): \($0.message)" }.joined(separator: " "))
        fault.problems = problems
        fault.form = .fields
        return fault
    }

    /// An action that the row's state does not allow.
    package static func refused(_ text: String, _ code: Code = .conflict) -> Fault {
        var fault = Fault(code, text)
        fault.form = .error
        return fault
    }

    /// No row of this resource has the id or key asked for.
    package static func noSuch(_ resource: Resource) -> Fault {
        Fault(.notFound, "No \(resource.className) matches the given query.")
    }

    /// No operation of the path has this HTTP method.
    package static func methodNotAllowed(_ method: String) -> Fault {
        Fault(.methodNotAllowed, "Method \"\(method)\" not allowed.")
    }

    /// A fault after which the same request may succeed, since no part of it was done.
    package static let unavailable = Fault(.unavailable, "The service is not available; try again.")

    /// The connection to MariaDB was lost while a change was being stored. nginx answers the same when a worker is
    /// lost.
    package static let outcomeUnknown = Fault(
        .outcomeUnknown, "It is not known whether the change was stored. Look before you repeat it.")

    package static let notFound = Fault(.notFound, "Not found.")
}
