import Contract
import Testing

@testable import Wire

@Suite("A fault with problems")
struct FaultTests {
    private static let fault = Fault.fields([
        FieldProblem([.init("items", soap: "item", 2), .init("quantity")], "A valid integer is required."),
        FieldProblem("name", "One."), FieldProblem("name", "Two."),
        FieldProblem([.init("items", soap: "item", 0), .init("product", soap: "product_id")], "Unknown."),
    ])

    @Test("has them in REST where the request has the fields")
    func rest() {
        let reply = Reply()
        REST.write(Self.fault, reply, requestID: "id")
        #expect(
            reply.body.text
                == #"{"items":[{"product":["Unknown."]},{},{"quantity":["A valid integer is required."]}],"name":["One.","Two."]}"#
        )
    }

    @Test("tells of a whole list before its rows")
    func list() {
        let reply = Reply()
        let problems = [
            FieldProblem("items", "Too many."), FieldProblem([.init("items", soap: "item", 1), .init("x")], "Wrong."),
        ]
        REST.write(.fields(problems), reply, requestID: "id")
        #expect(reply.body.text == #"{"items":["Too many."]}"#)
    }

    @Test("has them in SOAP by the path of elements")
    func soap() {
        #expect(Self.fault.problems.map(\.soapPath) == ["item[2].quantity", "name", "name", "item[0].product_id"])
        let resource = Resource(
            Reference(resource: "order", table: "orders", key: "order_id"), in: .orders, key: .id, about: "",
            fields: [])
        var exchange = SOAP.Exchange(.orders)
        exchange.operation = Operation(
            "place_order", "", .writing, on: .collection(resource), body: .create, returns: .created)
        let reply = Reply()
        exchange.write(.fault(Self.fault), reply, requestID: "id")
        #expect(reply.body.text.contains("<field>order.item[2].quantity</field>"))
        #expect(reply.body.text.contains("<field>order.item[0].product_id</field><problem>Unknown.</problem>"))
    }
}
