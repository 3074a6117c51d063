"""The logs: JSON lines, one request id in all of them, and causes told to the operator and not to clients."""
import json

import pytest

from site_client import SOAPFault, wait_until

SECRET = "correct-horse-battery-staple"


def access_log(site):
    return [json.loads(line) for line in (site.dir / "nginx-access.log").read_text().splitlines()]


def access_line(site, request_id):
    """nginx writes its line after it has sent the answer, which may be a moment after the client has read it."""
    def find():
        return next((line for line in access_log(site) if line["request_id"] == request_id), None)

    return wait_until(find, 5, "the access line")


@pytest.mark.parametrize("send, status", [
    (lambda site: site.rest("GET", "/products/api/products/"), 200),
    (lambda site: site.rest("POST", "/products/api/products/", {}), 400),
    (lambda site: site.rest("GET", "/products/api/products/1/"), 404),
    (lambda site: site.rest("GET", "/products/api/products"), 301),
    (lambda site: site.soap("products", "list_products"), 200),
    (lambda site: site.soap("products", "nothing"), 500),
    (lambda site: site.rest("GET", "/products/soap/?wsdl"), 200),
    (lambda site: site.session.post(site.url + "/products/api/products/", data=b"x" * 5_000_000), 413),
], ids=["a page", "a refusal", "a missing row", "a redirect", "SOAP", "a SOAP fault", "a WSDL", "too large"])
def test_the_id_of_the_answer_is_the_id_in_the_access_log(site, send, status):
    answer = send(site)
    assert answer.status_code == status
    # Exactly one header: not one from nginx and another from the program.
    [request_id] = answer.headers["X-Request-ID"].split(", ")
    assert len(request_id) == 32
    line = access_line(site, request_id)
    assert (line["status"], line["uri"]) == (status, answer.request.path_url)


def test_every_request_has_another_id(site):
    ids = {site.rest("GET", "/health/live").headers["X-Request-ID"] for _ in range(20)}
    assert len(ids) == 20


def test_a_client_does_not_choose_the_id(site):
    answer = site.rest("GET", "/health/live", headers={"X-Request-ID": "mine"})
    assert answer.headers["X-Request-ID"] != "mine"


def test_every_line_of_the_server_is_one_json_object_with_its_time_and_level(site):
    text = (site.dir / "seller-center.log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines
    for line in lines:
        assert {"time", "level", "message", "process"} <= set(line)
        assert line["time"].endswith("Z")


def test_a_client_cannot_write_lines_into_the_logs(site):
    answer = site.rest("GET", '/products/api/products/x%0A{"level":"error"}/?a="\\')
    access_line(site, answer.headers["X-Request-ID"])
    test_every_line_of_the_server_is_one_json_object_with_its_time_and_level(site)


@pytest.fixture
def broken(file_stack):
    """A stack with a view in place of a table, broken since a column is missing: to the program this looks like a
    mistake of its own."""
    site = file_stack.site
    site.reset()
    site.product("P", name=SECRET, description=SECRET)
    site.sql("RENAME TABLE products TO lost; CREATE VIEW products AS SELECT * FROM lost;"
             "ALTER TABLE lost RENAME COLUMN brand TO gone")
    yield site
    site.sql("DROP VIEW products; ALTER TABLE lost RENAME COLUMN gone TO brand; RENAME TABLE lost TO products")


def server_line(site, request_id):
    [line] = [line for line in site.log() if line.get("request_id") == request_id]
    return line


FAILING = {
    "a read": lambda site: site.rest("GET", "/products/api/products/"),
    "a write": lambda site: site.rest("POST", "/products/api/products/", {
        "product_id": "Q", "name": SECRET, "sku": "Q", "price": "1.00", "brand": SECRET}),
    "a search": lambda site: site.rest("GET", f"/products/api/products/search/?q={SECRET}"),
}


@pytest.mark.parametrize("kind", FAILING)
def test_an_internal_failure_of_rest_tells_the_client_its_id_and_no_more(broken, kind):
    answer = FAILING[kind](broken)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    # `detail` is the key of every error in the contract; its text must not show the cause.
    assert set(body) == {"detail", "request_id"}
    assert body["request_id"] == answer.headers["X-Request-ID"]
    for word in ("brand", "column", "products", "SELECT", "MariaDB", "swift"):
        assert word.lower() not in body["detail"].lower()
    line = server_line(broken, body["request_id"])
    # The operator's log shows the cause.
    assert line["level"] == "error"
    assert line["number"] == "1356" and "products" in line["error"]
    assert SECRET not in json.dumps(line)
    assert access_line(broken, body["request_id"])["status"] == 500


@pytest.mark.parametrize("version", [11, 12])
def test_an_internal_failure_of_soap_tells_the_client_its_id_and_no_more(broken, version):
    answer = broken.soap("products", "get_product", "<product_id>P</product_id>", version=version)
    fault = SOAPFault(answer)
    assert (fault.status, fault.code, fault.fields) == (500, "INTERNAL", {})
    assert fault.fault_code == ("Server" if version == 11 else "Receiver")
    request_id = answer.headers["X-Request-ID"]
    assert f"<request_id>{request_id}</request_id>" in answer.text
    for word in ("brand", "column", "SELECT", "MariaDB", SECRET):
        assert word.lower() not in answer.text.lower()
    assert "products" in server_line(broken, request_id)["error"]


@pytest.mark.parametrize("damage, repair, number", [
    ("ALTER TABLE products RENAME COLUMN brand TO lost", "ALTER TABLE products RENAME COLUMN lost TO brand", "1054"),
    ("RENAME TABLE products TO lost", "RENAME TABLE lost TO products", "1146"),
], ids=["a column", "a table"])
def test_a_schema_that_lacks_something_is_unavailable_and_critical(file_stack, damage, repair, number):
    site = file_stack.site
    site.reset()
    product = site.product("P")
    site.sql(damage)
    try:
        for answer in (site.rest("GET", "/products/api/products/"),
                       site.soap("products", "get_product", "<product_id>P</product_id>")):
            assert (answer.status_code, answer.headers["X-Error-Code"]) == (503, "UNAVAILABLE")
            assert "brand" not in answer.text
            line = server_line(site, answer.headers["X-Request-ID"])
            assert (line["level"], line["number"]) == ("critical", number)
    finally:
        site.sql(repair)
    assert site.rest("GET", f"/products/api/products/{product['id']}/").json() == product


def test_after_the_failure_is_mended_all_is_well(file_stack):
    file_stack.site.reset()
    for number in range(10):
        assert file_stack.site.product(f"P{number}")["brand"] == ""


def test_ordinary_refusals_are_no_errors_in_the_log(site):
    before = len([line for line in site.log() if line["level"] == "error"])
    site.product("P")
    for answer in (site.rest("POST", "/products/api/products/", {"product_id": "P"}),
                   site.rest("GET", "/nowhere/"), site.soap("products", "get_product", "<product_id>Q</product_id>"),
                   site.post("products", "<broken")):
        assert answer.status_code in (400, 404, 500)
    assert len([line for line in site.log() if line["level"] == "error"]) == before
