"""Large answers, packed by nginx for whoever takes them packed."""
import gzip
import json
import re

import pytest

from received_answers import REST, SOAP, JSON, HTML, TYPES, ASSET, ask, check_headers
from site_client import ENVELOPE_11, ENVELOPE_12


@pytest.fixture(scope="module")
def filled(shared_site):
    shared_site.reset()
    shared_site.sql(
        "INSERT INTO products (product_id, sku, name, price, created_at, updated_at) "
        "SELECT CONCAT('P', seq), CONCAT('S', seq), CONCAT('Täßchen ', seq), 1, '2026-01-01', '2026-01-01' FROM seq_1_to_2500")
    return shared_site


def list_products(envelope):
    return (f'<e:Envelope xmlns:e="{envelope}"><e:Body><list_products xmlns="http://messo.products.soap/v1"/></e:Body>'
            "</e:Envelope>")


LARGE = {
    "a page": ("GET", REST, None, "", JSON),
    "a list in parts": ("GET", REST + "search/", None, "", JSON),
    "SOAP 1.1": ("POST", SOAP, "text/xml", list_products(ENVELOPE_11), TYPES["soap11"]),
    "SOAP 1.2": ("POST", SOAP, "application/soap+xml", list_products(ENVELOPE_12), TYPES["soap12"]),
    "the WSDL": ("GET", SOAP + "?wsdl", None, "", "text/xml; charset=utf-8"),
    "OpenAPI": ("GET", "/openapi.json", None, "", JSON),
    "HTML": ("GET", "/docs/soap/products/", None, "", HTML),
    "CSS": ("GET", ASSET, None, "", "text/css"),
    "JavaScript": ("GET", "/docs/assets/swagger-ui-bundle.js", None, "", "text/javascript"),
}


def timeless(content):
    """The content without next_updated_since, which differs between two answers."""
    return re.sub(rb"<next_updated_since>[^<]*", b"", content)


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_sent_small_to_whoever_asks(filled, name):
    method, path, type, body, answered = LARGE[name]
    plain, packed, refused = [ask(filled, method, path, *line, type=type, body=body) for line in (
        [], ["Accept-Encoding: gzip, deflate"], ["Accept-Encoding: gzip;q=0, identity"])]
    for answer in (plain, packed, refused):
        check_headers(answer, None)
        assert (answer.status, answer.one("Content-Type")) == (200, answered)
        assert "accept-encoding" in answer.vary()
    assert [each.one("Content-Encoding") for each in (plain, packed, refused)] == [None, "gzip", None]
    assert len(plain.content) > 1024 and timeless(plain.content) == timeless(refused.content)
    assert len(packed.content) < len(plain.content) / 2
    assert timeless(gzip.decompress(packed.content)) == timeless(plain.content)
    assert (plain.one("Transfer-Encoding") == "chunked") == (name == "a list in parts")


def test_an_asset_that_was_packed_has_a_weak_tag_that_is_known_again(shared_site):
    strong = ask(shared_site, "GET", ASSET).one("ETag")
    weak = ask(shared_site, "GET", ASSET, "Accept-Encoding: gzip").one("ETag")
    assert weak == "W/" + strong
    assert ask(shared_site, "GET", ASSET, "Accept-Encoding: gzip", f"If-None-Match: {weak}").status == 304


@pytest.mark.parametrize("size, is_packed", [(1023, False), (1024, True)])
def test_what_is_small_is_sent_as_it_is(site, size, is_packed):
    row = site.product("P")
    path = f"{REST}{row['id']}/"
    length = len(ask(site, "GET", path).content)
    site.sql(f"UPDATE products SET description = REPEAT('d', {size - length})")
    answer = ask(site, "GET", path, "Accept-Encoding: gzip")
    check_headers(answer, None)
    assert answer.one("Content-Encoding") == ("gzip" if is_packed else None)
    assert ("accept-encoding" in answer.vary()) == is_packed
    content = gzip.decompress(answer.content) if is_packed else answer.content
    assert len(content) == size and json.loads(content)["description"] == "d" * (size - length)
