package import Contract

/// A REST request's body, in any of the three forms that the contract accepts.
package enum RequestBody {
    package static func read(_ request: HTTPRequest) -> Result<Members, Fault> {
        guard !request.body.isEmpty else { return .success(Members()) }
        let sent = request.contentType ?? ""
        let type = MediaType(sent)
        switch type.essence {
        case "application/json": return readJSON(request.body, charset: type.parameter("charset"))
        case "application/x-www-form-urlencoded":
            let pairs = Form.parse(String(decoding: request.body, as: UTF8.self))
            return .success(Members(pairs.map { Member($0.name, .string($0.value)) }))
        case "multipart/form-data":
            do throws(Multipart.Problem) {
                return .success(
                    Members(
                        try Multipart.parse(request.body, boundary: type.parameter("boundary")).map {
                            Member($0.name, $0.value)
                        }))
            } catch {
                return .failure(Fault(.validation, error.message))
            }
        default:
            return .failure(Fault(.unsupportedMediaType, "Unsupported media type \"\(sent)\" in request."))
        }
    }

    private static func readJSON(_ body: [UInt8], charset: String?) -> Result<Members, Fault> {
        let isLatin = ["iso-8859-1", "latin1", "latin-1"].contains(charset?.lowercased())
        do throws(JSONReader.Problem) {
            switch try JSONReader.read(isLatin ? utf8(latin1: body) : body) {
            case .object(let members): return .success(Members(members.map { Member($0.key, $0.value) }))
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

    private static func utf8(latin1 bytes: [UInt8]) -> [UInt8] {
        var converted: [UInt8] = []
        converted.reserveCapacity(bytes.count)
        for byte in bytes { converted += Array(String(Unicode.Scalar(byte)).utf8) }
        return converted
    }
}

extension Form {
    /// Whether a Content-Type names one of the two kinds of form.
    package static func isForm(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        return ["application/x-www-form-urlencoded", "multipart/form-data"].contains(MediaType(contentType).essence)
    }
}
