package import Contract

/// A REST request's body, in any of the three forms that the contract accepts.
package enum RequestBody {
    package static func read(_ request: HTTPRequest) -> Result<Members, Fault> {
        guard !request.body.isEmpty else { return .success(Members()) }
        let sent = request.contentType ?? ""
        let type = MediaType(sent)
        switch type.essence {
        case "application/json": return readJSON(request.body, isLatin1: type.isLatin1)
        case "application/x-www-form-urlencoded":
            do throws(Form.Problem) {
                let fields = try Form.read(request.body, isLatin1: type.isLatin1)
                return .success(Members(fields.map { Member($0.name, .string($0.value)) }))
            } catch {
                return .failure(Fault(.validation, error.message))
            }
        case "multipart/form-data":
            do throws(Multipart.Problem) {
                let parts = try Multipart.parse(
                    request.body, boundary: type.parameter("boundary"), isLatin1: type.isLatin1)
                return .success(Members(parts.map { Member($0.name, $0.value) }))
            } catch {
                return .failure(Fault(.validation, error.message))
            }
        default:
            return .failure(Fault(.unsupportedMediaType, "Unsupported media type \"\(sent)\" in request."))
        }
    }

    private static func readJSON(_ body: [UInt8], isLatin1: Bool) -> Result<Members, Fault> {
        do throws(JSONReader.Problem) {
            switch try JSONReader.read(isLatin1 ? Array(Percent.latin1(body).utf8) : body) {
            case .object(let members): return .success(Members(members))
            case .other(.null): return .failure(.fields([FieldProblem("non_field_errors", "No data provided")]))
            case .other(let raw):
                return .failure(
                    .fields([
                        FieldProblem(
                            "non_field_errors", "Invalid data. Expected a dictionary, but got \(raw.typeName).")
                    ]))
            }
        } catch {
            return .failure(Fault(.jsonMalformed, "JSON parse error - \(error.message)"))
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
