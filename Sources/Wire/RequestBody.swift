import Contract

/// A REST request's body, in any of the three forms that the contract accepts.
struct RequestBody {
    private let request: HTTPRequest
    /// Nil if the body is empty, so that its type does not matter.
    private let type: MediaType?

    init(_ request: HTTPRequest) {
        self.request = request
        type = request.body.isEmpty ? nil : MediaType(contentType: request.contentType ?? "")
    }

    /// Whether the body is one of the two kinds of form.
    var isForm: Bool { type?.essence == Self.urlEncoded || type?.essence == Self.multipart }

    private static let urlEncoded = "application/x-www-form-urlencoded"
    private static let multipart = "multipart/form-data"

    func read() -> Result<Members, Fault> {
        guard let type else { return .success(Members()) }
        if let coding = request.contentCoding {
            return .failure(
                Fault(.unsupportedMediaType, "Unsupported Content-Encoding \"\(coding)\" in request."))
        }
        let charset = type.charset
        do throws(Fault) {
            switch type.essence {
            case REST.json: return .success(try Self.readJSON(request.body, charset: charset))
            case Self.urlEncoded:
                let fields = try Form.read(request.body, charset: charset)
                return .success(Members(fields.map { Member($0.name, .string($0.value)) }))
            case Self.multipart:
                let parts = try Multipart.parse(request.body, boundary: type.parameter("boundary"), charset: charset)
                return .success(Members(parts.map { Member($0.name, $0.value) }))
            default:
                let sent = request.contentType ?? ""
                throw Fault(.unsupportedMediaType, "Unsupported media type \"\(sent)\" in request.")
            }
        } catch {
            return .failure(error)
        }
    }

    private static func readJSON(_ body: [UInt8], charset label: String?) throws(Fault) -> Members {
        let charset = try DeclaredCharset(first: label)
        // Bytes that are not valid UTF-8 are malformed JSON by the contract, and the JSON reader reports them itself.
        let body = charset.isUTF8 ? body : try charset.utf8(body)
        let root: JSONReader.Root
        do throws(JSONReader.Problem) {
            root = try JSONReader.read(body)
        } catch {
            throw Fault(.jsonMalformed, "JSON parse error - \(error.message)")
        }
        switch root {
        case .object(let members): return Members(members)
        case .other(.null): throw .fields([FieldProblem("non_field_errors", "No data provided")])
        case .other(let raw):
            throw .fields([
                FieldProblem("non_field_errors", "Invalid data. Expected a dictionary, but got \(raw.typeName).")
            ])
        }
    }
}
