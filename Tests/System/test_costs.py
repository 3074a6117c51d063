"""The cost of requests in instructions and allocations is at most that in costs.json: slowness without a clock.

`UPDATE_COSTS=1` writes new costs, to be reviewed in the diff.
"""
import contextlib
import itertools
import json
import os
import pathlib

import pytest

from callgrind import CountedWorker
from conftest import new_stack
from site_client import ENVELOPE_11

COSTS = pathlib.Path(__file__).with_name("costs.json")
IS_UPDATE = os.environ.get("UPDATE_COSTS") == "1"

# Two and a half pages: products with two images and an inventory, orders with three items and a tracking.
ROWS = """
    INSERT INTO products (id, product_id, name, description, sku, price, stock_quantity, category, brand, weight,
        created_at, updated_at)
    SELECT seq, CONCAT('PROD-', 100000 + seq), CONCAT('Steel water bottle ', 1000 + seq),
        REPEAT('Keeps drinks cold. ', 12), CONCAT('BOTTLE-', 100000 + seq), 19.90, 1000, 'Kitchen', 'Messo', 0.35,
        '2026-01-01' + INTERVAL seq MINUTE, '2026-01-01' + INTERVAL seq MINUTE FROM seq_1_to_250;
    INSERT INTO product_images (id, product_id, image_url, is_primary, created_at)
    SELECT seq, 1 + seq DIV 2 % 250, CONCAT('https://images.example.com/', 1000 + seq, '.jpg'), seq % 2, '2026-01-02'
    FROM seq_1_to_500;
    INSERT INTO inventory (id, product_id, warehouse_location, reserved_quantity, available_quantity, last_restocked_at)
    SELECT seq, seq, 'Hall 4, row 12', 3, 997, '2026-01-02' FROM seq_1_to_250;
    INSERT INTO orders (id, order_id, customer_name, customer_email, customer_phone, total_amount, shipping_address,
        billing_address, payment_method, created_at, updated_at)
    SELECT seq, CONCAT('ORD-', 100000 + seq), 'Ana Lopez', 'ana.lopez@example.com', '+34 600 000 000', 59.70,
        '1 Main Street, 28001 Madrid, Spain', '1 Main Street, 28001 Madrid, Spain', 'credit_card',
        '2026-02-01' + INTERVAL seq MINUTE, '2026-02-01' + INTERVAL seq MINUTE FROM seq_1_to_250;
    INSERT INTO order_items (id, order_id, product_id, quantity, unit_price, subtotal)
    SELECT seq, 1 + seq DIV 3 % 250, 1 + seq % 250, 1, 19.90, 19.90 FROM seq_1_to_750;
    INSERT INTO order_tracking (id, order_id, tracking_number, carrier, shipped_at)
    SELECT seq, seq, CONCAT('TRACK-', 100000 + seq), 'DHL', '2026-02-02' FROM seq_1_to_250;
"""
# Changes every row's revision, so that no kept rendering can be used.
CHANGES = """
    UPDATE products SET stock_quantity = stock_quantity + 1;
    UPDATE orders SET total_amount = total_amount + 0.01;
"""


class Shop:
    """The rows, a worker that keeps renderings, and one that keeps none."""

    def __init__(self, stack, end):
        stack.start("--no-demo")
        self.site = stack.site
        self.site.sql(ROWS)
        self.numbers = itertools.count(200001)
        self.keeping = end.enter_context(contextlib.closing(CountedWorker(stack, "keeping")))
        self.plain = end.enter_context(contextlib.closing(CountedWorker(stack, "plain", CACHE_MEGABYTES=0)))


@pytest.fixture(scope="module")
def shop():
    with new_stack() as stack, contextlib.ExitStack() as end:
        yield Shop(stack, end)


@pytest.fixture(scope="module")
def costs():
    costs = json.loads(COSTS.read_text())
    yield costs
    if IS_UPDATE:
        COSTS.write_text(json.dumps(costs, indent=2) + "\n")


def get(path, rows):
    """A request for a path whose answer shows `rows` products and orders."""
    def ask(worker, _):
        status, body = worker.connection.request("GET", path)
        assert (status, body.count(b'"updated_at"')) == (200, rows)
    return ask


def soap(operation, content, rows):
    body = (
        f'<e:Envelope xmlns:e="{ENVELOPE_11}"><e:Body><{operation} xmlns="http://messo.products.soap/v1">{content}'
        f"</{operation}></e:Body></e:Envelope>").encode()

    def ask(worker, _):
        status, answer = worker.connection.request("POST", "/products/soap/", body, "text/xml; charset=utf-8")
        assert (status, answer.count(b"<updated_at>")) == (200, rows)
    return ask


def create(worker, shop):
    number = next(shop.numbers)
    body = json.dumps({
        "product_id": f"PROD-{number}", "name": "Steel water bottle", "description": "Keeps drinks cold. " * 12,
        "sku": f"BOTTLE-{number}", "price": "19.90", "stock_quantity": 1000, "category": "Kitchen", "brand": "Messo",
        "weight": "0.35",
    }).encode()
    status, _ = worker.connection.request("POST", "/products/api/products/", body, "application/json")
    assert status == 201


def after_changes(ask):
    def ask_anew(worker, shop):
        shop.site.sql(CHANGES)
        ask(worker, shop)
    return ask_anew


PRODUCTS = get("/products/api/products/", rows=100)
# Each of an order's three items shows its product.
ORDERS = get("/orders/api/orders/", rows=100 + 300)
REQUESTS = {
    "product by id": ("keeping", get("/products/api/products/77/", rows=1)),
    "product by id, nothing kept": ("plain", get("/products/api/products/77/", rows=1)),
    "page of products": ("keeping", PRODUCTS),
    "page of products, changed": ("keeping", after_changes(PRODUCTS)),
    "order by id": ("keeping", get("/orders/api/orders/77/", rows=1 + 3)),
    "page of orders": ("keeping", ORDERS),
    "page of orders, changed": ("keeping", after_changes(ORDERS)),
    "SOAP product": ("keeping", soap("get_product", "<product_id>PROD-100077</product_id>", rows=1)),
    "SOAP list of products": ("keeping", soap("list_products", "<query><page_size>100</page_size></query>", rows=100)),
    # The last one, because it creates more rows.
    "create product": ("keeping", create),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_costs_no_more_than_is_written_down(shop, costs, name):
    kind, ask = REQUESTS[name]
    worker = getattr(shop, kind)
    counted = worker.per_request(lambda: ask(worker, shop))
    if IS_UPDATE:
        costs["costs"][name] = counted
        return
    room = costs["room"]
    assert not [
        f"{name}: {count:,} {what} a request are {count / written - 1:.1%} more than {written:,}; {room:.0%} is allowed"
        for what, count in counted.items() if count > (written := costs["costs"][name][what]) * (1 + room)]
