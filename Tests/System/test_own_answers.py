"""Answers that nginx makes itself, and headers that it adds to every answer: they have one form in all cases."""
import contextlib
import json
import os
import signal
import socket
import subprocess
import threading

import pytest

from received_answers import (
    ORIGIN, REST, SOAP, PROTOCOLS, JSON, HTML, PREFLIGHT, ASSET, send, head, ask, check_headers, check_fault)
from site_client import ENVELOPE_11, ENVELOPE_12, wait_until


@pytest.fixture(params=[None, ORIGIN], ids=["no origin", "origin"])
def origin(request):
    return request.param


@pytest.fixture(params=PROTOCOLS)
def protocol(request):
    return request.param


# --- refused on its way in -----------------------------------------------------------------------------------------

TOO_MUCH = {"length": ("Content-Length: 50000000", ""), "chunked": ("Transfer-Encoding: chunked", "2faf080\r\n{")}


@pytest.mark.parametrize("framing", TOO_MUCH)
def test_a_body_that_is_too_large(shared_site, protocol, framing, origin):
    path, type = PROTOCOLS[protocol]
    line, start = TOO_MUCH[framing]
    answer = send(shared_site, head("POST", path, line, origin=origin, type=type) + start)
    check_fault(answer, protocol, 413, "TOO_LARGE", "The body is too large.", origin)


@pytest.mark.parametrize("path", ["/health/live", ASSET, "/no/such/page.html", "/.unreadable"])
def test_a_body_that_is_too_large_for_a_place_that_takes_none(shared_site, path, origin):
    answer = send(shared_site, head("POST", path, "Content-Length: 50000000", origin=origin))
    check_fault(answer, "rest", 413, "TOO_LARGE", "The body is too large.", origin)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_a_method_that_nginx_refuses(shared_site, protocol, method, origin):
    path, type = PROTOCOLS[protocol]
    answer = ask(shared_site, method, path, origin=origin, type=type)
    check_fault(answer, protocol, 405, "METHOD_NOT_ALLOWED", f'Method "{method}" not allowed.', origin)
    assert ("POST" if protocol != "rest" else "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS") == answer.one("Allow")


@pytest.mark.parametrize("path", ["/docs/soap/", "/docs/soap/products/", "/nope/soap/", "/products/soap/x", "/products/soapy/"])
def test_only_the_services_are_answered_in_soap(shared_site, path, origin):
    answer = ask(shared_site, "TRACE", path, origin=origin, type="text/xml")
    check_fault(answer, "rest", 405, "METHOD_NOT_ALLOWED", 'Method "TRACE" not allowed.', origin)


def test_a_transfer_encoding_that_is_not_known(shared_site, protocol, origin):
    path, type = PROTOCOLS[protocol]
    answer = ask(shared_site, "POST", path, "Transfer-Encoding: x", origin=origin, type=type)
    check_fault(answer, protocol, 501, "VALIDATION", origin=origin)


def test_chunks_that_are_none(shared_site, protocol, origin):
    path, type = PROTOCOLS[protocol]
    answer = send(shared_site, head("POST", path, "Transfer-Encoding: chunked", origin=origin, type=type) + "zz\r\n")
    check_fault(answer, protocol, 400, "VALIDATION", origin=origin, is_readable=False)


@pytest.mark.parametrize("path", ["/health/live", ASSET, "/no/such/page.html"])
@pytest.mark.parametrize("method", ["POST", "TRACE"])
def test_chunks_that_are_none_for_a_place_that_takes_none(shared_site, path, method):
    answer = send(shared_site, head(method, path, "Transfer-Encoding: chunked") + "zz\r\n", method)
    check_fault(answer, "rest", 400, "VALIDATION", is_readable=False)


UNREADABLE = {
    "a URI of 70 kB": (414, lambda path, lines: ["POST " + path + "x" * 70_000 + " HTTP/1.1", *lines]),
    "a line that is no header": (400, lambda path, lines: [f"POST {path} HTTP/1.1", "a\x00b: c", *lines]),
    "a header of 70 kB": (400, lambda path, lines: [f"POST {path} HTTP/1.1", "A: " + "x" * 70_000, *lines]),
    "no host": (400, lambda path, lines: [f"POST {path} HTTP/1.1", *lines[1:]]),
    "a bad host": (400, lambda path, lines: [f"POST {path} HTTP/1.1", "Host: a/b", *lines[1:]]),
    "two lengths": (400, lambda path, lines: [
        f"POST {path} HTTP/1.1", *lines, "Content-Length: 1", "Content-Length: 2"]),
    "a length that is none": (400, lambda path, lines: [f"POST {path} HTTP/1.1", *lines, "Content-Length: x"]),
    "another version": (505, lambda path, lines: [f"POST {path} HTTP/9.9", *lines]),
    "a version that is none": (400, lambda path, lines: [f"POST {path} HTTP/x", *lines]),
    "a path above the top": (400, lambda path, lines: [f"POST /../..{path} HTTP/1.1", *lines]),
    "a host to connect to": (400, lambda path, lines: ["CONNECT shop.example:443 HTTP/1.1", *lines]),
    "no request": (400, lambda path, lines: ["\x16\x03\x01"]),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_head_that_cannot_be_read(shared_site, name, protocol, origin):
    path, type = PROTOCOLS[protocol]
    status, lines = UNREADABLE[name]
    rest = ["Host: localhost", "Connection: close", f"Content-Type: {type}"] + ([f"Origin: {origin}"] if origin else [])
    answer = send(shared_site, "\r\n".join([*lines(path, rest), "", ""]))
    check_fault(answer, "rest", status, "VALIDATION", origin=origin, is_readable=False)


@pytest.mark.parametrize("request_head, status", [
    ("HEAD / HTTP/1.1\r\n\r\n", 400), ("HEAD / HTTP/9.9\r\n\r\n", 505),
    (head("HEAD", SOAP, "Transfer-Encoding: x"), 501),
])
def test_the_answer_to_head_has_no_body(shared_site, request_head, status):
    received = b""
    with socket.create_connection(("127.0.0.1", shared_site.port), 30) as connection:
        connection.sendall(request_head.encode())
        while data := connection.recv(65536):
            received += data
    start, body = received.split(b"\r\n\r\n", 1)
    assert start.startswith(b"HTTP/1.1 %d " % status) and body == b""
    assert b"\r\nX-Error-Code: VALIDATION\r\n" in start + b"\r\n"


def same(answer):
    return answer.status, sorted((k, v) for k, v in answer.headers if k not in ("date", "x-request-id")), answer.content


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_the_place_of_what_cannot_be_read_is_not_there(shared_site, method, origin):
    body = b"{}" if method == "POST" else b""
    nowhere = ask(shared_site, method, "/no/such/page", origin=origin, body=body)
    assert (nowhere.status, nowhere.one("Content-Type")) == (404, HTML)
    assert same(ask(shared_site, method, "/.unreadable", origin=origin, body=body)) == same(nowhere)
    assert same(ask(shared_site, method, "/.unreadable?a=b", origin=origin, body=body)) == same(nowhere)


# --- without workers -----------------------------------------------------------------------------------------------


UNAVAILABLE = "The service is not available; try again."
UNKNOWN = "It is not known whether the change was stored. Look before you repeat it."


@pytest.fixture(scope="module")
def deserted(file_stack):
    """A site of which only nginx runs."""
    file_stack.end_server()
    yield file_stack
    file_stack.serve()


def test_without_a_worker(deserted, protocol, origin):
    path, type = PROTOCOLS[protocol]
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = ask(deserted.site, method, path, origin=origin, type=type, body=b"{}" if method == "POST" else b"")
        check_fault(answer, protocol, 503, "UNAVAILABLE", UNAVAILABLE, origin, is_ours=True)
        assert answer.one("Retry-After") == "1"
    answer = ask(deserted.site, "HEAD", path, origin=origin, type=type)
    check_headers(answer, origin, "UNAVAILABLE")
    assert (answer.status, answer.content) == (503, b"")


@pytest.mark.parametrize("path", ["/health/ready", "/docs/", "/no/such/page.html", "/docs/assets/none.css", "/.unreadable"])
def test_without_a_worker_any_other_place(deserted, path, origin):
    answer = ask(deserted.site, "GET", path, origin=origin)
    check_fault(answer, "rest", 503, "UNAVAILABLE", UNAVAILABLE, origin, is_ours=True)


@contextlib.contextmanager
def forgetful(stack):
    """Replaces the workers by a server that reads each request and hangs up; returns the list of those it has read."""
    path = stack.dir / "fastcgi.sock"
    path.unlink(missing_ok=True)
    seen = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        seen.append(connection.recv(65536))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield seen
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            path.unlink()


def test_a_worker_that_goes_away_with_the_request(deserted, protocol, origin):
    path, type = PROTOCOLS[protocol]
    with forgetful(deserted) as seen:
        answer = ask(deserted.site, "POST", path, origin=origin, type=type, body=b"{}")
        assert len(seen) == 1
        check_fault(answer, protocol, 500, "OUTCOME_UNKNOWN", UNKNOWN, origin, is_ours=True)
        assert answer.one("Retry-After") is None
        answer = ask(deserted.site, "GET", path, origin=origin, type=type)
        assert len(seen) == 3
        check_fault(answer, protocol, 503, "UNAVAILABLE", UNAVAILABLE, origin, is_ours=True)


def test_the_program_says_the_same_of_a_body_above_its_own_limit(deserted, protocol, origin):
    path, type = PROTOCOLS[protocol]
    deserted.serve(BODY_LIMIT=1024)
    answer = ask(deserted.site, "POST", path, origin=origin, type=type, body=b" " * 1025)
    deserted.end_server()
    check_fault(answer, protocol, 413, "TOO_LARGE", "The body is too large.", origin)


def reload_nginx(stack):
    """Waits until every worker of nginx has the new settings."""
    pid = stack.site.pid("nginx")

    def workers():
        return set(subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split())

    before = workers()
    os.kill(pid, signal.SIGHUP)
    wait_until(lambda: workers() and not workers() & before, what="nginx's new worker")


@pytest.fixture(scope="module")
def limited(deserted):
    """nginx with a limit of one request a minute for each value of the header X-Limited."""
    conf = deserted.dir / "nginx.conf"
    before = conf.read_text()
    changed = before.replace("http {\n", "http {\nlimit_req_zone $http_x_limited zone=z:1m rate=1r/m;\n").replace(
        "server_name _;\n", "server_name _;\nlimit_req zone=z;\nlimit_req_status 429;\n")
    assert changed.count("limit_req") == 3
    conf.write_text(changed)
    reload_nginx(deserted)
    yield deserted
    conf.write_text(before)
    reload_nginx(deserted)


def test_too_many_requests(limited, protocol, origin):
    path, type = PROTOCOLS[protocol]
    line = f"X-Limited: {protocol} {origin}"
    assert ask(limited.site, "POST", path, line, origin=origin, type=type).status == 503
    answer = ask(limited.site, "POST", path, line, origin=origin, type=type)
    check_fault(answer, protocol, 429, "RATE_LIMITED", origin=origin)
    assert answer.one("Retry-After") == "1"


# --- the program's answers -----------------------------------------------------------------------------------------

INFO = '<e:Envelope xmlns:e="{}"><e:Header>{}</e:Header><e:Body><get_service_info xmlns="{}"/></e:Body></e:Envelope>'
INFO_11, INFO_12, INFO_13 = [
    INFO.format(namespace, "", "http://messo.products.soap/v1") for namespace in (ENVELOPE_11, ENVELOPE_12, "urn:13")]
NOT_UNDERSTOOD = INFO.format(ENVELOPE_11, '<h xmlns="urn:h" e:mustUnderstand="1"/>', "http://messo.products.soap/v1")
ANSWERS = {
    "a list": ("GET", REST, None, "", 200, None),
    "the index": ("GET", "/", None, "", 200, None),
    "health": ("GET", "/health/live", None, "", 200, None),
    "a document": ("GET", "/openapi.json", None, "", 200, None),
    "an asset": ("GET", ASSET, None, "", 200, None),
    "a call": ("POST", SOAP, "text/xml", INFO_11, 200, None),
    "a redirect": ("GET", REST[:-1], None, "", 301, None),
    "an invalid row": ("POST", REST, JSON, "{}", 400, "VALIDATION"),
    "no JSON": ("POST", REST, JSON, "{", 400, "JSON_MALFORMED"),
    "no row": ("GET", REST + "1/", None, "", 404, "NOT_FOUND"),
    "no page": ("GET", "/no/such/page", None, "", 404, "NOT_FOUND"),
    "no page of health": ("GET", "/health/", None, "", 404, "NOT_FOUND"),
    "a method": ("DELETE", REST, None, "", 405, "METHOD_NOT_ALLOWED"),
    "a method of health": ("POST", "/health/live", None, "", 405, "METHOD_NOT_ALLOWED"),
    "a method of a document": ("POST", "/docs/", None, "", 405, "METHOD_NOT_ALLOWED"),
    "a media type": ("POST", REST, "text/plain", "{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
    "a SOAP fault": ("POST", SOAP, "text/xml", INFO_11.replace("get_service_info", "none"), 500, "UNKNOWN_OPERATION"),
    "a header block": ("POST", SOAP, "text/xml", NOT_UNDERSTOOD, 500, "BAD_ENVELOPE"),
    "a header block of SOAP 1.2": (
        "POST", SOAP, "application/soap+xml", NOT_UNDERSTOOD.replace(ENVELOPE_11, ENVELOPE_12), 500, "BAD_ENVELOPE"),
    "another version": ("POST", SOAP, "text/xml", INFO_13, 500, "BAD_ENVELOPE"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_of_the_program_has_the_same_headers(site, name, origin):
    method, path, type, body, status, code = ANSWERS[name]
    answer = ask(site, method, path, origin=origin, type=type, body=body)
    assert answer.status == status
    check_headers(answer, origin, code)
    assert not any(answer.all(header) for header in PREFLIGHT)


@pytest.mark.parametrize("method, type, body, line, status, text", [
    ("GET", None, "", None, 405, "by POST"),
    ("PUT", "text/xml", INFO_11, None, 405, "by POST"),
    ("POST", "text/plain", INFO_11, None, 415, "text/xml"),
    ("POST", None, INFO_11, None, 415, "application/soap+xml"),
    ("POST", "text/xml", INFO_11, "Content-Encoding: gzip", 415, "without a Content-Encoding"),
    ("POST", "text/xml", INFO_12, None, 415, "as application/soap+xml"),
    ("POST", "application/soap+xml", INFO_11, None, 415, "as text/xml"),
])
def test_what_is_not_soap_is_told_what_to_do(shared_site, method, type, body, line, status, text, origin):
    answer = ask(shared_site, method, SOAP, *([line] if line else []), origin=origin, type=type, body=body)
    check_headers(answer, origin, {405: "METHOD_NOT_ALLOWED", 415: "UNSUPPORTED_MEDIA_TYPE"}[status])
    assert (answer.status, answer.one("Content-Type")) == (status, "text/plain; charset=utf-8")
    assert answer.one("Allow") == ("POST" if status == 405 else None)
    [said] = answer.content.decode().splitlines()
    assert text in said and said.endswith(".")


PLACES = ["/", REST, REST + "1/", REST + "search/", "/no/such/page", SOAP, SOAP[:-1], "/health/live", "/health/none",
          "/docs/", "/openapi.json", ASSET, "/docs/assets/none.css", "/docs/assets/", "/.unreadable", "/.preflight"]


@pytest.mark.parametrize("path", PLACES)
def test_a_preflight_is_answered_alike_everywhere(shared_site, path):
    answer = ask(shared_site, "OPTIONS", path, "Access-Control-Request-Method: PUT",
                 "Access-Control-Request-Headers: idempotency-key", origin=ORIGIN)
    assert (answer.status, answer.content) == (200, b"")
    check_headers(answer, ORIGIN)
    assert {name: answer.one(name) for name in PREFLIGHT} == PREFLIGHT


@pytest.mark.parametrize("path", PLACES)
def test_a_preflight_needs_no_worker(deserted, path):
    """Otherwise a browser would not send the request whose answer says that the service is not available."""
    answer = ask(deserted.site, "OPTIONS", path, "Access-Control-Request-Method: PUT", origin=ORIGIN)
    assert (answer.status, answer.content, answer.one("X-Error-Code")) == (200, b"", None)


def test_the_place_of_preflights_is_not_there_for_others(shared_site, origin):
    nowhere = ask(shared_site, "GET", "/no/such/page", origin=origin)
    assert same(ask(shared_site, "GET", "/.preflight", origin=origin)) == same(nowhere)


def test_without_an_origin_it_is_no_preflight(shared_site):
    answer = ask(shared_site, "OPTIONS", REST, "Access-Control-Request-Method: PUT")
    check_headers(answer, None)
    assert json.loads(answer.content)["actions"] and not any(answer.all(header) for header in PREFLIGHT)


# --- assets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method, path", [
    ("GET", "/docs/assets/none.css"), ("GET", "/docs/assets/none.html"), ("HEAD", "/docs/assets/none.css"),
    ("GET", "/docs/assets/"), ("POST", "/docs/assets/none.css"),
])
def test_what_is_no_asset_is_as_anything_that_is_not_there(shared_site, method, path, origin):
    body = b"x" if method in ("POST", "PUT") else b""
    nowhere = ask(shared_site, method, "/no/such/page", origin=origin, body=body)
    assert (nowhere.status, nowhere.one("X-Error-Code")) == (404, "NOT_FOUND")
    assert same(ask(shared_site, method, path, origin=origin, body=body)) == same(nowhere)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_an_asset_can_only_be_read(shared_site, method, origin):
    answer = ask(shared_site, method, ASSET, origin=origin, body=b"x" if method in ("POST", "PUT", "PATCH") else b"")
    check_fault(answer, "rest", 405, "METHOD_NOT_ALLOWED", f'Method "{method}" not allowed.', origin)
    assert answer.one("Allow") == "GET, HEAD"


def test_an_asset_is_kept_and_asked_for_again(shared_site, origin):
    whole = ask(shared_site, "GET", ASSET, origin=origin)
    tag = whole.one("ETag")
    assert (whole.one("Content-Type"), whole.one("Cache-Control")) == ("text/css", "max-age=3600") and tag
    again = ask(shared_site, "GET", ASSET, f"If-None-Match: {tag}", origin=origin)
    check_headers(again, origin)
    assert (again.status, again.content) == (304, b"")
    other = ask(shared_site, "GET", ASSET, 'If-Match: "x"', origin=origin)
    check_fault(other, "rest", 412, "VALIDATION", origin=origin)
    part = ask(shared_site, "GET", ASSET, "Range: bytes=99999999-", origin=origin)
    check_headers(part, origin)
    assert (part.status, part.content) == (200, whole.content)
