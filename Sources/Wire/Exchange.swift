package import Contract

/// The protocol of a request, as far as its answer depends on it.
package enum Exchange {
    case rest
    case soap(SOAP.Exchange)
}

extension Exchange {
    /// Refuses a request whose envelope was not read.
    package func refuse(_ request: HTTPRequest, _ fault: Fault, _ reply: Reply) {
        var exchange = self
        if case .soap(let known) = self {
            exchange = .soap(SOAP.Exchange(known.domain, announcedBy: request.contentType))
        }
        exchange.write(fault, reply, requestID: request.id)
    }

    /// Opens the answer, up to what the operation answers.
    package func open(_ reply: Reply) {
        if case .soap(let exchange) = self { exchange.open(reply) }
    }

    /// Closes the answer.
    package func close(_ reply: Reply) {
        if case .soap(let exchange) = self { exchange.close(reply) }
    }

    /// Replaces the reply's content by a fault.
    package func write(_ fault: Fault, _ reply: Reply, requestID: String) {
        write(SOAPProblem.fault(fault), reply, requestID: requestID)
    }

    /// Replaces the reply's content by a refusal, which in REST is always a fault.
    package func write(_ problem: SOAPProblem, _ reply: Reply, requestID: String) {
        switch (self, problem) {
        case (.soap(let exchange), _): exchange.write(problem, reply, requestID: requestID)
        case (.rest, .fault(let fault)): REST.write(fault, reply, requestID: requestID)
        case (.rest, _): fatalError("REST has no refusals of SOAP's")
        }
    }
}
