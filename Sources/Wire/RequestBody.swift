package import Contract

/// A REST request's body, in any of the three forms that the contract accepts.
package enum RequestBody {
    package static func read(_ request: HTTPRequest) -> Result<Members, Fault> {
        guard !request.body.isEmpty else { return .success(Members()) }
        if let coding = request.contentCoding {
            return .failure(
                Fault(.unsupportedMediaType, "Unsupported Content-Encoding \"\(coding)\" in request."))
        }
        let sent = request.contentType ?? ""
        let type = MediaType(sent)
        let charset = type.charset
        do throws(Fault) {
            switch type.essence {
            case "application/json": return .success(try readJSON(request.body, charset: charset))
            case "application/x-www-form-urlencoded":
                let fields = try Form.read(request.body, charset: charset)
                return .success(Members(fields.map { Member($0.name, .string($0.value)) }))
            case "multipart/form-data":
                let parts = try Multipart.parse(request.body, boundary: type.parameter("boundary"), charset: charset)
                return .success(Members(parts.map { Member($0.name, $0.value) }))
            default: throw Fault(.unsupportedMediaType, "Unsupported media type \"\(sent)\" in request.")
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

extension Form {
    /// Whether a Content-Type names one of the two kinds of form.
    package static func isForm(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        return ["application/x-www-form-urlencoded", "multipart/form-data"].contains(MediaType(contentType).essence)
    }
}
