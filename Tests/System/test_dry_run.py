"""A dry run answers as the real call would, of every operation that writes and in both protocols, and stores nothing."""
import json
import re
import subprocess

import pytest
from lxml import etree

from openapi_document import GOLDEN
from parity_schema import Schema
from site_client import DOMAINS, ENVELOPE_11, ENVELOPE_12, USER, DatabaseSession

DOCUMENT = json.loads(GOLDEN.read_text())
BLOCK = "<m:dry_run>true</m:dry_run>"
WRITES = sorted(
    (operation["operationId"], method.upper(), path)
    for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
    if any(parameter["name"] == "dry_run" for parameter in operation.get("parameters", [])))
# What differs between two calls of the same: ids that are given and times that are set.
CHANGING = re.compile(rb'("id":\d+|<id>\d+</id>|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)')


def stored(site):
    """Everything that the database holds, but for the counters of AUTO_INCREMENT."""
    dump = subprocess.run(
        ["mariadb-dump", "--no-defaults", f"--socket={site.dir}/mariadb.sock", f"--user={USER}", "--skip-comments",
         "--order-by-primary", "seller_center"], capture_output=True, text=True, check=True).stdout
    return re.sub(r" AUTO_INCREMENT=\d+", "", dump)


def same(first, second):
    return CHANGING.sub(b"?", first) == CHANGING.sub(b"?", second)


@pytest.fixture
def shop(site):
    """One row of each resource, by the paths of the document."""
    product = site.product("P")["id"]
    order = site.order("O")["id"]
    bodies = {
        "/products/api/products/": None, "/orders/api/orders/": None,
        "/products/api/product-images/": {"product": product, "image_url": "https://example.com/a.jpg"},
        "/products/api/inventory/": {"product": product, "available_quantity": 5},
        "/orders/api/order-items/": {
            "order": order, "product": product, "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"},
        "/orders/api/order-tracking/": {"order": order, "tracking_number": "T", "carrier": "DHL"},
        "/logistics/api/shipments/": {
            "shipment_id": "S", "order": order, "carrier_name": "DHL", "tracking_number": "T", "origin_address": "a",
            "destination_address": "b", "weight": "1", "shipping_cost": "1"},
        "/logistics/api/warehouses/": {
            "warehouse_id": "W", "name": "N", "address": "A", "city": "C", "state": "S", "country": "DE",
            "postal_code": "1", "capacity": 1},
        "/finance/api/payments/": {
            "payment_id": "PAY", "order": order, "amount": "1", "payment_method": "credit_card"},
        "/finance/api/invoices/": {
            "invoice_id": "I", "order": order, "invoice_number": "I", "subtotal": "1", "total_amount": "1"},
        "/finance/api/settlements/": {
            "settlement_id": "SE", "period_start": "2026-01-01", "period_end": "2026-01-31", "total_sales": "1",
            "commission": "0", "net_amount": "1"},
        "/promotions/api/campaigns/": {
            "campaign_id": "C", "name": "N", "start_date": "2026-01-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"},
        "/promotions/api/discounts/": {
            "discount_id": "D", "code": "D", "name": "N", "discount_type": "percentage", "discount_value": "5",
            "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-02-01T00:00:00Z"},
        "/promotions/api/vouchers/": {"voucher_id": "V", "code": "V"},
        "/promotions/api/product-promotions/": {
            "promotion_id": "PP", "product": product, "discount_percentage": "5", "start_date": "2026-01-01T00:00:00Z",
            "end_date": "2026-02-01T00:00:00Z"},
        "/analytics/api/sales-reports/": {
            "report_id": "R", "period_type": "daily", "period_start": "2026-01-01", "period_end": "2026-01-01",
            "total_sales": "1", "total_orders": 1, "total_items_sold": 1, "average_order_value": "1"},
        "/analytics/api/product-analytics/": {"product_id": "P", "product_name": "N", "report_date": "2026-01-01"},
        "/analytics/api/customer-insights/": {"customer_email": "ana@example.com"},
        "/analytics/api/performance-metrics/": {
            "metric_type": "orders", "metric_value": "1", "metric_date": "2026-01-01"},
    }
    site.rows = {path: site.create(path, body) for path, body in bodies.items() if body}
    shipment = site.rows["/logistics/api/shipments/"]["id"]
    events = "/logistics/api/shipment-events/"
    site.rows[events] = site.create(events, {"shipment": shipment, "event_type": "scan", "description": "x"})
    site.rows |= {
        "/products/api/products/": site.rest("GET", f"/products/api/products/{product}/").json(),
        "/orders/api/orders/": site.rest("GET", f"/orders/api/orders/{order}/").json()}
    return site


def request(site, name, method, path):
    """The path and the body of a call that is not refused."""
    collection = path.split("{")[0]
    row = site.rows[collection]
    if "{id}" not in path:
        # The row again with other values where no two rows may have the same.
        body = {key: new(key, value) for key, value in row.items()}
        if collection in ("/products/api/inventory/", "/orders/api/order-tracking/"):
            site.other = site.product("P-2")["id"] if "inventory" in collection else site.order("O-2")["id"]
            body["product" if "inventory" in collection else "order"] = site.other
        if collection == "/finance/api/invoices/":
            body["order"] = site.order("O-2")["id"]
        if collection == "/orders/api/order-items/":
            body["product"] = row["product"]["id"]
        return path, body
    body = {"put": row, "patch": row, "post": {"status": "delivered"}}.get(method.lower())
    if method in ("PUT", "PATCH"):
        body = {key: value for key, value in row.items() if not isinstance(value, (dict, list))}
        text = next((key for key in ("name", "notes", "carrier", "carrier_name", "description", "customer_segment")
                     if key in body), None)
        if text:
            body[text] = "changed"
        if isinstance(row.get("product"), dict):
            body["product"] = row["product"]["id"]
    if name == "delete_product":
        site.sql("DELETE FROM order_items")
    if name == "refund_payment":
        site.sql("UPDATE payments SET status = 'completed'")
    return path.replace("{id}", str(row["id"])), body


def new(key, value):
    ids = ("product_id", "sku", "order_id", "tracking_number", "shipment_id", "warehouse_id", "payment_id", "invoice_id",
           "invoice_number", "settlement_id", "campaign_id", "discount_id", "code", "voucher_id", "promotion_id",
           "report_id")
    return f"{value}-2" if key in ids else value


def test_the_document_names_the_parameter_at_all_operations_that_write():
    others = [
        (method, operation["operationId"]) for methods in DOCUMENT["paths"].values()
        for method, operation in methods.items()
        if operation["operationId"] not in {name for name, *_ in WRITES}]
    assert {method for method, _ in others} == {"get", "post"}
    assert [name for method, name in others if method == "post"] == ["validate_discount_code"]
    assert len(WRITES) == 20 * 4 + 10


@pytest.mark.parametrize("name, method, path", WRITES, ids=[name for name, *_ in WRITES])
def test_a_dry_run_answers_as_the_call_and_stores_nothing(shop, name, method, path):
    path, body = request(shop, name, method, path)
    before = stored(shop)
    tried = shop.rest(method, path + "?dry_run=true", body)
    assert tried.headers["X-Dry-Run"] == "true"
    assert stored(shop) == before
    done = shop.rest(method, path, body)
    assert "X-Dry-Run" not in done.headers
    assert done.status_code in (200, 201, 204), done.text
    assert (tried.status_code, tried.headers.get("Content-Type")) == (done.status_code, done.headers.get("Content-Type"))
    assert same(tried.content, done.content)
    if method == "DELETE" or name.startswith("create_") or "changed" in str(body) or method == "POST":
        assert stored(shop) != before


@pytest.mark.parametrize("method, path, body, status", [
    ("POST", "/products/api/products/", {"product_id": "P", "name": "", "sku": "P-SKU", "price": "x"}, 400),
    ("POST", "/products/api/products/", {"product_id": "P", "name": "N", "sku": "P-SKU", "price": "1"}, 400),
    ("PATCH", "/products/api/products/99999999/", {"name": "N"}, 404),
    ("DELETE", "/products/api/products/{product}/", None, 409),
    ("POST", "/orders/api/orders/{order}/cancel/", None, 400),
    ("PUT", "/orders/api/orders/{order}/", {"status": "shut"}, 400),
])
def test_a_dry_run_is_refused_as_the_call(shop, method, path, body, status):
    shop.sql("UPDATE orders SET status = 'delivered'")
    path = path.format(product=shop.rows["/products/api/products/"]["id"], order=shop.rows["/orders/api/orders/"]["id"])
    before = stored(shop)
    tried = shop.rest(method, path + "?dry_run=true", body)
    done = shop.rest(method, path, body)
    assert (tried.status_code, tried.headers["X-Error-Code"], tried.text) == (
        status, done.headers["X-Error-Code"], done.text)
    assert tried.headers["X-Dry-Run"] == "true" and "X-Dry-Run" not in done.headers
    assert stored(shop) == before


@pytest.mark.parametrize("value", ["", "1", "0", "True", "TRUE", "yes", "true ", "truefalse"])
def test_what_is_neither_true_nor_false_is_refused_and_nothing_is_done(site, value):
    before = stored(site)
    answer = site.rest("POST", "/products/api/products/", {"product_id": "P", "name": "N", "sku": "S", "price": "1"},
                       params={"dry_run": value})
    assert (answer.status_code, answer.json()) == (400, {"dry_run": ["Must be true or false."]})
    assert answer.headers["X-Error-Code"] == "VALIDATION" and "X-Dry-Run" not in answer.headers
    assert stored(site) == before


@pytest.mark.parametrize("operation, content", [
    ("update_product", "<product_id>P</product_id><changes><name>new</name></changes>"),
    ("delete_product", "<product_id>P</product_id>"),
    ("update_inventory", "<product_id>P</product_id><changes><reserved_quantity>3</reserved_quantity></changes>"),
    ("delete_inventory", "<product_id>P</product_id>"),
    ("create_product", "<product><product_id>Q</product_id><sku>Q</sku><name>N</name><price>1.00</price></product>"),
])
def test_operations_of_soap_are_tried_and_then_done(site, operation, content):
    product = site.product("P", name="old")
    site.create("/products/api/inventory/", {"product": product["id"]})
    before = stored(site)
    tried = call(site, "products", operation, content, BLOCK)
    assert (tried.status_code, tried.headers["X-Dry-Run"]) == (200, "true") and stored(site) == before
    done = call(site, "products", operation, content, "")
    assert done.status_code == 200 and same(tried.content, done.content) and stored(site) != before


@pytest.mark.parametrize("query, block, status", [
    ("?dry_run=true", "", 200), ("?dry_run=true", "<m:dry_run>true</m:dry_run>", 200),
    ("?dry_run=true", "<m:dry_run>false</m:dry_run>", 500), ("?dry_run=yes", "", 500)])
def test_the_parameter_of_rest_counts_in_soap_as_well(site, query, block, status):
    """A client that means a dry run must not store anything."""
    content = "<product><product_id>P</product_id><sku>S</sku><name>N</name><price>1.00</price></product>"
    body, type = envelope("products", "create_product", content, block)
    answer = site.session.post(f"{site.url}/products/soap/{query}", data=body, headers={"Content-Type": type}, timeout=30)
    assert answer.status_code == status and (answer.headers.get("X-Dry-Run") == "true") == (status == 200)
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


def test_two_values_must_be_the_same(site):
    body = {"product_id": "P", "name": "N", "sku": "S", "price": "1"}
    assert site.rest("POST", "/products/api/products/?dry_run=true&dry_run=false", body).status_code == 400
    assert site.rest("POST", "/products/api/products/?dry_run=true&dry_run=true", body).status_code == 201
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]
    assert site.rest("POST", "/products/api/products/?dry_run=false&dry_run=false", body).status_code == 201
    assert site.sql("SELECT COUNT(*) FROM products") == [["1"]]


@pytest.mark.parametrize("path", ["/products/api/products/", "/products/soap/"])
def test_it_cannot_hide_behind_more_parameters_than_are_read(site, path):
    body, type = json.dumps({"product_id": "P", "name": "N", "sku": "S", "price": "1"}), "application/json"
    if "soap" in path:
        content = "<product><product_id>P</product_id><sku>S</sku><name>N</name><price>1.00</price></product>"
        body, type = envelope("products", "create_product", content, "")
    for others in (1, 998, 999, 1000, 1500):
        answer = site.session.post(f"{site.url}{path}?{'a&' * others}dry_run=true", data=body,
                                   headers={"Content-Type": type}, timeout=30)
        if others <= 999:
            assert answer.ok and answer.headers["X-Dry-Run"] == "true"
        else:
            assert answer.status_code in (400, 500) and "exceeded 1000" in answer.text
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


def test_false_is_as_if_absent(site):
    answer = site.rest("POST", "/products/api/products/?dry_run=false",
                       {"product_id": "P", "name": "N", "sku": "S", "price": "1"})
    assert answer.status_code == 201 and "X-Dry-Run" not in answer.headers
    assert site.sql("SELECT COUNT(*) FROM products") == [["1"]]


@pytest.mark.parametrize("path", ["/products/api/products/", "/products/api/products/{id}/", "/products/api/products/search/"])
def test_operations_that_read_ignore_it(site, path):
    path = path.format(id=site.product("P")["id"])
    for value in ("true", "false", "nonsense"):
        answer = site.rest("GET", f"{path}?dry_run={value}")
        assert answer.status_code == 200 and "X-Dry-Run" not in answer.headers
    discount = site.create("/promotions/api/discounts/", {
        "discount_id": "D", "code": "D", "name": "N", "discount_type": "percentage", "discount_value": "5",
        "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2036-02-01T00:00:00Z"})
    answer = site.rest("POST", f"/promotions/api/discounts/{discount['id']}/validate_code/?dry_run=nonsense")
    assert answer.status_code == 200 and "X-Dry-Run" not in answer.headers


def test_a_dry_run_leaves_nothing_in_a_cache(site):
    id = site.product("P", name="old")["id"]
    path = f"/products/api/products/{id}/"
    for number in range(8):
        tried = site.rest("PATCH", path + "?dry_run=true", {"name": f"new {number}"})
        assert tried.json()["name"] == f"new {number}"
        assert site.rest("GET", path).json()["name"] == "old"
        assert site.product_answer("P-2", name="tried").status_code == 201
        assert site.rest("DELETE", path + "?dry_run=true").status_code == 204
        page = site.rest("GET", "/products/api/products/").json()
        assert page["count"] == 2 and [row["name"] for row in page["results"]] == ["tried", "old"]
        site.rest("DELETE", f"/products/api/products/{page['results'][0]['id']}/")


def test_a_dry_run_waits_for_locked_rows_as_the_call_does(site):
    id = site.product("P")["id"]
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {id} FOR UPDATE")
        answer = site.rest("PATCH", f"/products/api/products/{id}/?dry_run=true", {"name": "N"})
        assert (answer.status_code, answer.headers["X-Dry-Run"]) == (503, "true")
        other.run("ROLLBACK")
    assert site.rest("PATCH", f"/products/api/products/{id}/?dry_run=true", {"name": "N"}).status_code == 200


# SOAP


def envelope(domain, operation, content, block, version=11):
    namespace = {11: ENVELOPE_11, 12: ENVELOPE_12}[version]
    body = (
        f'<e:Envelope xmlns:e="{namespace}" xmlns:m="http://messo.{domain}.soap/v1" '
        f'xmlns:old="http://messo.{domain}.soap/"><e:Header>{block}</e:Header><e:Body>'
        f'<m:{operation} xmlns="http://messo.{domain}.soap/v1">{content}</m:{operation}></e:Body></e:Envelope>')
    return body.encode(), {11: "text/xml", 12: "application/soap+xml"}[version]


def call(site, domain, operation, content, block, version=11):
    body, type = envelope(domain, operation, content, block, version)
    return site.post(domain, body, type)


@pytest.mark.parametrize("version", [11, 12])
@pytest.mark.parametrize("block", [
    BLOCK, '<m:dry_run e:mustUnderstand="1">true</m:dry_run>', "<m:dry_run>\n  true\n</m:dry_run>",
    "<old:dry_run>true</old:dry_run>", '<dry_run xmlns="">true</dry_run>', "<x/>" + BLOCK + BLOCK])
def test_a_header_block_makes_a_dry_run(site, block, version):
    content = "<product><product_id>P</product_id><sku>S</sku><name>N</name><price>1.00</price></product>"
    before = stored(site)
    tried = call(site, "products", "create_product", content, block, version)
    assert (tried.status_code, tried.headers["X-Dry-Run"]) == (200, "true"), tried.text
    assert stored(site) == before
    done = call(site, "products", "create_product", content, "", version)
    assert done.status_code == 200 and "X-Dry-Run" not in done.headers
    assert same(tried.content, done.content)


@pytest.mark.parametrize("text", ["", "1", "0", "TRUE", "yes", "<m:true/>", "tr<!-- -->ue false"])
def test_another_text_in_the_block_is_refused(site, text):
    content = "<product><product_id>P</product_id><sku>S</sku><name>N</name><price>1.00</price></product>"
    answer = call(site, "products", "create_product", content, f"<m:dry_run>{text}</m:dry_run>")
    assert answer.status_code == 500 and "X-Dry-Run" not in answer.headers
    fault = etree.fromstring(answer.content).find(".//{*}service_fault")
    assert fault.findtext("{*}error_code") == "VALIDATION"
    assert [each.text for each in fault.iterfind("{*}field_error/{*}field")] == ["dry_run"]
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


@pytest.mark.parametrize("block", [
    "<m:dry_run>false</m:dry_run>", '<dry_run xmlns="http://example.com/">true</dry_run>',
    '<m:dry_run e:actor="http://example.com/other">true</m:dry_run>'])
def test_false_and_the_blocks_of_others_are_as_if_absent(site, block):
    content = "<product><product_id>P</product_id><sku>S</sku><name>N</name><price>1.00</price></product>"
    answer = call(site, "products", "create_product", content, block)
    assert answer.status_code == 200 and "X-Dry-Run" not in answer.headers
    assert site.sql("SELECT COUNT(*) FROM products") == [["1"]]


def test_operations_that_read_understand_the_block_and_ignore_it(site):
    block = '<m:dry_run e:mustUnderstand="1">nonsense</m:dry_run>'
    for domain in DOMAINS:
        answer = call(site, domain, "get_service_info", "", block)
        assert answer.status_code == 200 and "X-Dry-Run" not in answer.headers


def test_a_fault_of_a_dry_run_in_soap_says_so(site):
    site.order("O", status="delivered")
    tried = call(site, "orders", "cancel_order", "<order_id>O</order_id>", BLOCK)
    done = call(site, "orders", "cancel_order", "<order_id>O</order_id>", "")
    assert tried.headers["X-Dry-Run"] == "true" and "X-Dry-Run" not in done.headers
    assert (tried.status_code, tried.headers["X-Error-Code"]) == (500, "CONFLICT") == (
        done.status_code, done.headers["X-Error-Code"])


def test_a_fault_of_every_operation_of_soap_that_writes_says_so(shop):
    """Each is called without any element, so that its first check refuses it."""
    schema = Schema(shop)
    tried = set()
    for operation in schema.operations:
        if operation.soap is None or operation.name.startswith(("get_", "list_", "search_", "track_", "validate_")):
            continue
        tried.add(operation.name)
        before = stored(shop)
        answer = call(shop, operation.resource.domain, operation.soap, "", BLOCK)
        assert answer.status_code == 500 and answer.headers["X-Dry-Run"] == "true", operation.name
        assert stored(shop) == before
    assert len(tried) > 60
