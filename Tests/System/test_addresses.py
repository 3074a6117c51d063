"""Addresses that the site publishes and accepts: links, WSDLs and OpenAPI, redirects, paths, and SOAP's own URLs."""
import http.client
import json
import re
import socket

import pytest
from lxml import etree

from site_client import DOMAINS
from soap_attack import MEDIA_TYPE, call, envelope

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def send(site, path, host=None, *, method="GET", body=None, **headers):
    """Requests exactly this path, whose encoding `requests` would change, with this Host header, or with the site's own
    for None; returns the answer and its text."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    if body is not None:
        headers["Content-Length"] = str(len(body))
    for name, value in ({"Host": host or f"127.0.0.1:{site.port}"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def raw(site, head):
    """The whole answer to bytes that are sent unchanged."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall(head.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.decode()


def links(root, page, wsdl, openapi):
    """Every address in the four documents."""
    return [
        *json.loads(root).values(), json.loads(page)["next"],
        *[each.get("location") for each in etree.fromstring(wsdl.encode()).iterfind(".//{*}address")],
        *[server["url"] + "/" for server in json.loads(openapi)["servers"]]]


def addresses(site, host=None, **headers):
    paths = ["/products/api/", "/products/api/products/?page=1", "/products/soap/?wsdl", "/openapi.json"]
    return links(*(send(site, path, host, **headers)[1] for path in paths))


@pytest.fixture(scope="module")
def rows(shared_site):
    """More products than fit on a page."""
    shared_site.reset()
    shared_site.sql(
        "INSERT INTO products (product_id, sku, name, price, created_at, updated_at) "
        "SELECT seq, seq, 'n', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_101")
    return shared_site


@pytest.mark.parametrize("host", [
    "shop.example", "shop.example:8443", "127.0.0.1:8080", "[::1]:8080", "a-b_c.example", "localhost",
    "[2001:db8::7]", "[::ffff:192.0.2.1]:65535",
])
def test_links_name_the_host_of_the_request_where_nothing_better_is_known(rows, host):
    found = addresses(rows, host)
    assert len(found) == 3 + 1 + 2 + 1
    assert all(url.startswith(f"http://{host}/") for url in found), found


@pytest.mark.parametrize("host", [
    "evil.example\"><x", "a b", "user@evil.example", "evil.example&x", "evil.example:port", "[::1", "", "%65vil.example",
    "évil.example", "a" * 400, "[:::]", "[::::::::::]", "[1.2.3.4]", "[1:2:3:4:5:6:7:8:9]", "[12345::]", "evil.example:99999",
])
def test_a_host_that_is_none_stands_nowhere(rows, host):
    """nginx refuses some invalid hosts, and the program writes none of the others into its answers."""
    for path in ("/products/api/", "/products/api/products/?page=1", "/products/soap/?wsdl", "/openapi.json",
                 "/docs/soap/products/"):
        answer = raw(rows, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        status, body = answer.split(" ")[1], answer.split("\r\n\r\n", 1)[1]
        assert status in ("200", "400"), answer[:300]
        if status == "200":
            assert "http:///" not in body and (not host or host not in body)
            assert f"http://localhost:{rows.port}" in body


def test_without_a_host_links_are_whole(rows):
    answer = raw(rows, "GET /products/api/ HTTP/1.0\r\n\r\n")
    root = json.loads(answer.split("\r\n\r\n", 1)[1])
    assert root["products"] == f"http://localhost:{rows.port}/products/api/products/"


@pytest.mark.parametrize("target", ["http://shop.example:81/products/api/", "HTTP://shop.example:81/products/api/"])
def test_the_host_of_an_absolute_target_is_the_one_that_counts(rows, target):
    """RFC 9112 §3.2.2: the server "MUST ignore the received Host header field (if any)"."""
    answer = raw(rows, f"GET {target} HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
    root = json.loads(answer.split("\r\n\r\n", 1)[1])
    assert root["products"] == "http://shop.example:81/products/api/products/"


@pytest.fixture(scope="module")
def public_stack():
    from conftest import new_stack
    with new_stack() as stack:
        stack.start("--no-demo", PUBLIC_URL="https://shop.example/hub/", PROCESSES=1)
        stack.site.sql(
            "INSERT INTO products (product_id, sku, name, price, created_at, updated_at) "
            "SELECT seq, seq, 'n', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_101")
        yield stack.site


@pytest.mark.parametrize("host", [None, "evil.example", "shop.example:8080", ""])
def test_links_are_made_from_the_public_address_alone(public_stack, host):
    found = addresses(public_stack, host, **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"})
    assert all(url.startswith("https://shop.example/hub/") for url in found), found
    [_, page] = send(public_stack, "/products/api/products/?page=2&a=1", host)
    assert json.loads(page)["previous"] == "https://shop.example/hub/products/api/products/?a=1"
    [_, docs] = send(public_stack, "/docs/soap/products/", host)
    assert "https://shop.example/hub/products/soap/" in docs and "evil" not in docs


def test_an_absolute_target_may_end_with_its_host(rows):
    for target in ("http://shop.example", "http://shop.example?x=1", "http://shop.example/?x=1"):
        answer = raw(rows, f"GET {target} HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
        assert answer.startswith("HTTP/1.1 200 ") and '"endpoints"' in answer, target


# Redirects

METHODS = {"GET": 301, "HEAD": 301, "OPTIONS": 301, "POST": 308, "PUT": 308, "PATCH": 308, "DELETE": 308}


@pytest.mark.parametrize("method", METHODS)
def test_a_missing_slash_loses_no_body(site, method):
    order = site.order("O-1")
    paths = ["/orders/api", "/orders/api/orders", f"/orders/api/orders/{order['id']}",
             f"/orders/api/orders/{order['id']}/cancel", "/orders/api/orders/by_status"]
    for path in paths:
        answer = site.rest(method, path + "?x=%20y")
        assert answer.status_code == METHODS[method], path
        assert answer.headers["Location"] == path + "/?x=%20y"
    assert site.rest(method, "/orders/api/nothing").status_code == 404


def test_a_client_that_follows_stores_what_it_sent(site):
    body = {"product_id": "P", "sku": "S", "name": "Cup", "price": "1.00"}
    answer = site.session.post(site.url + "/products/api/products", json=body, timeout=20)
    assert answer.status_code == 201 and len(answer.history) == 1
    assert site.sql("SELECT product_id FROM products") == [["P"]]


# Paths

@pytest.mark.parametrize("path", [
    "/products/api/%70roducts/", "/%70roducts/api/products/", "/products/%61pi/products/", "/products/api/products/%31/",
    "/products/api/products%2Ejson", "/products/api/products/%73earch/", "/products/api/product%2dimages/",
    "/products/api/products/1/%69mages/", "/products/api/prod%75cts%2ejson",
])
def test_an_encoded_letter_is_the_letter(site, path):
    site.sql("INSERT INTO products (id, product_id, sku, name, price, created_at, updated_at) "
             "VALUES (1, 'P', 'S', 'n', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))")
    answer, text = send(site, path)
    plain, expected = send(site, re.sub("%(..)", lambda match: chr(int(match[1], 16)), path))
    assert answer.status == plain.status == 200 and text == expected


@pytest.mark.parametrize("path", [
    "/products/api%2Fproducts/", "/products/api/products%2F", "/products/api/%2570roducts/", "/products/api/prod%zzucts/",
    "/products/api/products/%2e%2e/", "/products/api/products/1%00/", "/products/api/products/1%2f/",
])
def test_what_is_encoded_for_a_reason_stays_so(site, path):
    # nginx refuses an invalid percent-encoding and a NUL.
    assert send(site, path)[0].status == (400 if "%zz" in path or "%00" in path else 404)


def test_encoded_letters_reach_soap_and_documents(site):
    answer, _ = send(
        site, "/products/%73oap/", method="POST", body=envelope(call()).encode(), **{"Content-Type": MEDIA_TYPE[11]})
    assert (answer.status, answer.headers["X-Error-Code"]) == (500, "NOT_FOUND")
    assert send(site, "/%6Fpenapi.json")[0].status == 200
    answer, _ = send(site, "/products/api/%70roducts")
    assert answer.status == 301 and answer.headers["Location"] == "/products/api/products/"


# SOAP's URLs

QUERIES = ["?wsdl", "?WSDL", "?wsdl=1", "?wsdl11", "?singleWsdl", "?Wsdl&x=1", "?%77sdl"]


@pytest.mark.parametrize("place", [*QUERIES, "wsdl/", "wsdl", "wsdl11/", "?anything"])
@pytest.mark.parametrize("version", [11, 12])
def test_a_post_to_the_wsdls_own_url_is_a_call(site, place, version):
    site.product("P-1")
    body = envelope(call("get_product", "<product_id>P-1</product_id>"), version=version)
    answer, text = send(
        site, f"/products/soap/{place}", method="POST", body=body.encode(), **{"Content-Type": MEDIA_TYPE[version]})
    assert answer.status == 200, text
    assert etree.fromstring(text.encode()).findtext(".//{*}result/{*}product_id") == "P-1"


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("slash", ["/", ""])
def test_a_get_there_is_the_wsdl(site, query, slash):
    for accept in (BROWSER, "*/*", "text/xml"):
        answer, text = send(site, f"/orders/soap{slash}{query}", Accept=accept)
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        ports = etree.fromstring(text.encode()).findall(".//{*}port")
        assert len(ports) == (1 if query == "?wsdl11" else 2)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_browser_is_shown_the_services_page(site, domain):
    for path in (f"/{domain}/soap/", f"/{domain}/soap"):
        answer, page = send(site, path, Accept=BROWSER)
        assert answer.status == 200 and answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page == send(site, f"/docs/soap/{domain}/")[1]
        for accept in ("*/*", "text/xml", "application/json", "text/htmlx"):
            answer, text = send(site, path, Accept=accept)
            assert answer.status == 405 and answer.headers["Allow"] == "POST"
            assert text.count("\n") <= 1 and "POST" in text


def test_the_services_are_listed(site):
    for path in ("/docs/soap/", "/docs/soap"):
        answer, page = send(site, path)
        assert answer.status == 200
        for domain in DOMAINS:
            assert f'href="/docs/soap/{domain}/"' in page and f'href="/{domain}/soap/?wsdl"' in page


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_a_document_is_only_read(site, method):
    for path in ("/openapi.json", "/docs/", "/docs/soap/", "/docs/soap/products/"):
        answer = site.rest(method, path, {})
        assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD", path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_service_is_only_posted_to(site, method):
    for path in ("/products/soap/", "/products/soap/?wsdl", "/products/soap/wsdl/"):
        answer = site.rest(method, path, {})
        assert answer.status_code == 405 and "POST" in answer.headers["Allow"], path
