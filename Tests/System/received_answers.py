"""Answers with their headers as received, and the headers and the form that every answer must have."""
import http.client
import json
import socket

from lxml import etree

from site_client import ENVELOPE_11, ENVELOPE_12

ORIGIN = "https://shop.example"
REST, SOAP = "/products/api/products/", "/products/soap/"
PROTOCOLS = {
    "rest": (REST, "application/json"), "soap11": (SOAP, "text/xml"), "soap12": (SOAP, "application/soap+xml")}
JSON, HTML = "application/json", "text/html; charset=utf-8"
TYPES = {"rest": JSON, "soap11": "text/xml; charset=utf-8", "soap12": "application/soap+xml; charset=utf-8"}
ONCE = {
    "x-frame-options": "DENY", "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
EXPOSED = "X-Request-ID, X-Error-Code, Retry-After, Allow, Location, ETag, X-Dry-Run"
PREFLIGHT = {
    "access-control-allow-headers": (
        "accept, authorization, content-type, soapaction, user-agent, x-csrftoken, x-requested-with, traceparent, "
        "tracestate, baggage, sentry-trace, cache-control, if-match, if-none-match, idempotency-key, prefer, x-api-key, "
        "x-request-id"),
    "access-control-allow-methods": "DELETE, GET, OPTIONS, PATCH, POST, PUT",
    "access-control-max-age": "86400",
}
ASSET = "/docs/assets/swagger-ui.css"


class Answer:
    """An answer with its headers as received, where a name can occur twice."""

    def __init__(self, received):
        self.status = received.status
        self.headers = [(name.lower(), value) for name, value in received.getheaders()]
        self.content = received.read()

    def all(self, name):
        return [value for each, value in self.headers if each == name.lower()]

    def one(self, name):
        """The value of a header that may occur once at most."""
        values = self.all(name)
        assert len(values) <= 1, (name, values)
        return values[0] if values else None

    def vary(self):
        return {name.strip().lower() for value in self.all("Vary") for name in value.split(",")}


def send(site, data, method="GET"):
    """The answer to bytes that are sent unchanged."""
    with socket.create_connection(("127.0.0.1", site.port), 30) as connection:
        connection.sendall(data.encode("latin-1") if isinstance(data, str) else data)
        received = http.client.HTTPResponse(connection, method=method)
        received.begin()
        return Answer(received)


def head(method, path, *lines, origin=None, type=None):
    lines = ["Host: localhost", "Connection: close", *lines]
    lines += [f"Origin: {origin}"] if origin else []
    lines += [f"Content-Type: {type}"] if type else []
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""])


def ask(site, method, path, *lines, origin=None, type=None, body=b""):
    body = body.encode() if isinstance(body, str) else body
    lines += (f"Content-Length: {len(body)}",) if body else ()
    return send(site, head(method, path, *lines, origin=origin, type=type).encode() + body, method)


def check_headers(answer, origin, code=None, is_readable=True):
    """Checks the headers that every answer has exactly once."""
    for name, value in ONCE.items():
        assert answer.all(name) == ([] if (name, answer.status) == ("x-frame-options", 301) else [value]), name
    assert {"accept", "origin", "cookie"} <= answer.vary()
    assert len(answer.one("X-Request-ID")) == 32
    is_told = origin is not None or not is_readable
    assert answer.all("Access-Control-Allow-Origin") == ["*"] * is_told
    assert answer.all("Access-Control-Expose-Headers") == [EXPOSED] * is_told
    assert answer.one("X-Error-Code") == code
    assert answer.one("Content-Length") is None or len(answer.all("Content-Type")) == 1 or answer.content == b""


def check_fault(answer, protocol, status, code, text=None, origin=None, is_ours=False, is_readable=True):
    """Checks a fault in its protocol's form, all parts of which must agree."""
    check_headers(answer, origin, code, is_readable)
    assert (answer.status, answer.one("Content-Type")) == (status, TYPES[protocol])
    id = answer.one("X-Request-ID")
    if protocol == "rest":
        body = json.loads(answer.content)
        assert set(body) == ({"detail", "request_id"} if is_ours else {"detail"})
        assert body.get("request_id", id) == id
        said = body["detail"]
    else:
        root = etree.fromstring(answer.content)
        assert root.tag == f"{{{ENVELOPE_11 if protocol == 'soap11' else ENVELOPE_12}}}Envelope"
        blame, reason = {"soap11": ("faultcode", "faultstring"), "soap12": ("{*}Code/{*}Value", "{*}Reason/{*}Text")}[protocol]
        fault = root.find("{*}Body/{*}Fault")
        expected = {"soap11": ("Client", "Server"), "soap12": ("Sender", "Receiver")}[protocol][is_ours]
        assert fault.findtext(blame).split(":")[1] == expected
        if protocol == "soap12":
            assert fault.findtext("{*}Code/{*}Subcode/{*}Value").split(":")[1] == code
        service = "{http://messo.products.soap/v1}"
        [detail] = fault.iter(service + "service_fault")
        said = detail.findtext(service + "error_text")
        assert detail.findtext(service + "error_code") == code
        assert detail.findtext(service + "request_id") == id
        assert detail.findtext(service + "retryable") == ("true" if answer.one("Retry-After") else "false")
        assert fault.findtext(reason) == f"{code}: {said}"
    assert said == text if text else said
