"""Attacks below SOAP: media types, codings, methods, paths, sizes and connections that do not end."""
import gzip
import select
import socket
import time

import pytest

from site_client import SOAPFault
from soap_attack import MEDIA_TYPE, call, envelope

INFO = envelope(call("get_service_info", ""))
INFO_12 = envelope(call("get_service_info", ""), version=12)
MULTIPART = 'multipart/related; type="application/xop+xml"; boundary=b; start-info="text/xml"'


def expect_plain(answer, status):
    """Expects a refusal before SOAP begins: without an envelope, which a toolkit would take for an answer."""
    assert answer.status_code == status, answer.text
    assert b"Envelope" not in answer.content


def expect_too_large(answer):
    """nginx and the program give the same answer."""
    assert (answer.status_code, SOAPFault(answer).code) == (413, "TOO_LARGE")


UNSUPPORTED = {
    "ct_missing": (INFO, None),
    "ct_empty": (INFO, ""),
    "ct_json": (INFO, "application/json"),
    "ct_plain": (INFO, "text/plain"),
    "ct_html": (INFO, "text/html"),
    "ct_form": (INFO, "application/x-www-form-urlencoded"),
    "ct_octets": (INFO, "application/octet-stream"),
    "ct_two": (INFO, "text/xml, application/soap+xml"),
    "ct_prefix": (INFO, "text/xmlx"),
    "ct_dtd": (INFO, "application/xml-dtd"),
    "ct_11_as_12": (INFO, MEDIA_TYPE[12]),
    "ct_12_as_11": (INFO_12, MEDIA_TYPE[11]),
    "ct_12_as_xml": (INFO_12, "application/xml"),
    "mtom": (f"--b\r\nContent-Type: application/xop+xml\r\n\r\n{INFO}\r\n--b--", MULTIPART),
    "swa": (f"--b\r\nContent-Type: text/xml\r\n\r\n{INFO}\r\n--b--", "multipart/related; type=text/xml; boundary=b"),
    "broken_and_plain": ("<broken", "text/plain"),
}


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("name", UNSUPPORTED)
def test_another_media_type_is_refused(attacked, name):
    body, content_type = UNSUPPORTED[name]
    expect_plain(attacked.post("products", body, content_type), 415)


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("content_type", [
    "text/xml", "TEXT/XML", "text/xml ; charset=utf-8", "text/xml;charset=utf-8;x=y", "application/xml",
])
def test_every_notation_of_the_media_type_is_accepted(attacked, content_type):
    assert attacked.post("products", INFO, content_type).status_code == 200


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "gzip, identity", "GZIP"])
def test_a_coded_body_is_refused_unread(attacked, coding):
    # Compressed a thousand to one, it would unpack to 100 MB.
    bomb = gzip.compress(b" " * 1_000_000) * 100
    expect_plain(attacked.post("products", bomb, **{"Content-Encoding": coding}), 415)


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_a_body_that_is_not_coded_is_accepted(attacked, coding):
    assert attacked.post("products", INFO, **{"Content-Encoding": coding}).status_code == 200


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "TRACE", "PROPFIND", "get"])
@pytest.mark.parametrize("path", ["/products/soap/", "/products/soap"])
def test_another_method_is_refused(attacked, method, path):
    answer = attacked.rest(method, path, data=INFO if method == "PUT" else None)
    assert 400 <= answer.status_code < 500
    # nginx refuses TRACE with a fault.
    assert (b"Envelope" in answer.content) == (method == "TRACE")
    if method in ("GET", "PUT", "DELETE", "PATCH", "HEAD"):
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.usefixtures("in_time")
def test_a_post_without_the_slash_is_not_redirected(attacked):
    answer = attacked.rest("POST", "/products/soap", data=INFO, headers={"Content-Type": "text/xml"})
    assert answer.status_code == 200, answer.text


TRAVERSALS = [
    "/products/soap/?xsd=../../../../etc/passwd", "/products/soap/?wsdl=../../../../etc/passwd",
    "/products/soap/wsdl/../../../../etc/passwd", "/products/soap/wsdl/..%2f..%2f..%2fetc%2fpasswd",
    "/products/soap/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/products/soap/wsdl/%00",
    "/products/soap/?xsd=file:///etc/passwd", "//etc/passwd", "/..%c0%af..%c0%afetc/passwd",
    "/products/soap/wsdl/....//....//etc/passwd", "/%5c..%5cetc%5cpasswd",
]


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("path", TRAVERSALS)
def test_a_path_leads_to_no_file(attacked, path):
    # Over a plain socket, since requests would normalise the path.
    answer = exchange(attacked, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert b"root:" not in answer and b"/bin/" not in answer
    status = int(answer.split()[1])
    assert status in (400, 404, 405) or status == 200 and b"wsdl:definitions" in answer, answer[:200]


def exchange(site, *pieces):
    """Everything that comes back for bytes sent unchanged, until the server closes the connection."""
    received = b""
    with socket.create_connection(("127.0.0.1", site.port), 5) as connection:
        for piece in pieces:
            connection.sendall(piece)
        while data := connection.recv(65536):
            received += data
    return received


HEAD = "POST /products/soap/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nConnection: close\r\n"


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("size", [1, 7, 100, 65536])
def test_a_chunked_request_is_served(attacked, size):
    body = INFO.encode()
    pieces = [body[start:start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    answer = exchange(attacked, (HEAD + "Transfer-Encoding: chunked\r\n\r\n").encode(), chunks)
    assert answer.startswith(b"HTTP/1.1 200") and b"get_service_infoResponse" in answer


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("framing", [
    "", "Content-Length: -1\r\n", "Content-Length: x\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
    "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "Transfer-Encoding: identity, chunked\r\n", "Transfer-Encoding: x\r\n",
])
def test_a_request_whose_length_is_unclear_is_refused(attacked, framing):
    answer = exchange(attacked, (HEAD + framing + "\r\n").encode(), b"0\r\n\r\n")
    status = int(answer.split()[1])
    # Without a length or chunks the body is empty, which gets the same fault as any empty body.
    assert status in (400, 411, 413, 501) or not framing and status == 500 and b"NOT_SOAP" in answer, answer[:300]


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("framing", ["sized", "chunked"])
@pytest.mark.parametrize("path", ["/products/soap/", "/products/api/products/"])
def test_50_megabytes_are_refused_before_they_were_sent(attacked, framing, path):
    size = 50 * 1024 * 1024
    piece = b" " * 65536
    length = f"Content-Length: {size}\r\n" if framing == "sized" else "Transfer-Encoding: chunked\r\n"
    head = HEAD.replace("/products/soap/", path) + length + "\r\n"
    with socket.create_connection(("127.0.0.1", attacked.port), 5) as connection:
        connection.sendall(head.encode())
        sent = 0
        while sent < size and not select.select([connection], [], [], 0)[0]:
            connection.sendall(piece if framing == "sized" else b"10000\r\n" + piece + b"\r\n")
            sent += len(piece)
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413"), answer[:100]
    assert b"TOO_LARGE" in answer and (b"soap:Envelope" in answer) == (path == "/products/soap/")
    assert sent < size


@pytest.mark.usefixtures("in_time")
def test_the_largest_body_is_read_and_one_byte_more_is_not(attacked):
    most = 4 * 1024 * 1024
    answer = attacked.post("products", INFO + " " * (most - len(INFO)))
    assert answer.status_code == 200, answer.text[:200]
    expect_too_large(attacked.post("products", INFO + " " * (most - len(INFO) + 1)))


@pytest.mark.usefixtures("in_time")
def test_size_is_checked_before_the_media_type(attacked):
    expect_too_large(attacked.post("products", " " * (4 * 1024 * 1024 + 1), "text/plain"))


UNFINISHED = {
    "length_lies_short": HEAD + f"Content-Length: {len(INFO) + 100}\r\n\r\n{INFO}",
    "length_without_a_body": HEAD + "Content-Length: 100\r\n\r\n",
    "length_lies_short_in_rest": (
        "POST /products/api/products/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 500\r\n\r\n{}"),
    "chunks_without_an_end": HEAD + f"Transfer-Encoding: chunked\r\n\r\n{len(INFO):x}\r\n{INFO}\r\n",
    "chunk_cut_short": HEAD + f"Transfer-Encoding: chunked\r\n\r\nfff\r\n{INFO}",
    "expect_without_a_body": HEAD + "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
    "head_without_an_end": HEAD,
    "request_line_cut_short": "POST /products/so",
    "no_byte": "",
}


@pytest.fixture(scope="module")
def unfinished(shared_site):
    """The outcome of requests that do not end: the answer, and the seconds until the server closed the connection.

    All of them wait at the same time, each four times, so that no thread would be left if a request occupied one.
    """
    connections = {}
    start = time.monotonic()
    for name, request in UNFINISHED.items():
        for _ in range(4):
            connection = socket.create_connection(("127.0.0.1", shared_site.port), 5)
            connection.sendall(request.encode())
            connections[connection] = name
    served = []
    answers = {name: b"" for name in UNFINISHED}
    closed = {}
    while connections and time.monotonic() - start < 75:
        asked = time.monotonic()
        assert shared_site.soap("products", "get_service_info").status_code == 200
        served.append(time.monotonic() - asked)
        for connection in select.select(list(connections), [], [], 0.5)[0]:
            data = connection.recv(65536)
            name = connections[connection]
            answers[name] += data
            if not data:
                closed[name] = time.monotonic() - start
                del connections[connection]
                connection.close()
    for connection in connections:
        closed.pop(connections[connection], None)
        connection.close()
    return answers, closed, served


@pytest.mark.parametrize("name", UNFINISHED)
def test_a_request_that_does_not_end_is_ended_by_the_server(unfinished, name):
    answers, closed, _ = unfinished
    # nginx.conf allows 15 seconds without a byte.
    assert name in closed, "it is still open"
    assert closed[name] < 20
    assert b" 200 " not in answers[name] and b" 201 " not in answers[name]


def test_requests_that_do_not_end_hold_nobody_up(unfinished):
    assert max(unfinished[2]) < 2
