"""With SERVER_TIMING on, an answer tells how long its stages took."""
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import new_stack
from site_client import DatabaseSession

STAGES = ["queue", "find", "read", "sql", "render"]


@pytest.fixture(scope="module")
def site():
    with new_stack() as stack:
        stack.start("--no-demo", SERVER_TIMING="on")
        yield stack.site


def stages(answer):
    header = answer.headers["Server-Timing"]
    found = re.findall(r"(\w+);dur=(\d+\.\d{3})", header)
    assert ", ".join(f"{name};dur={time}" for name, time in found) == header
    return {name: float(time) for name, time in found}


def test_it_is_off_by_default(shared_site):
    for answer in (shared_site.rest("GET", "/products/api/products/"), shared_site.soap("products", "list_products")):
        assert answer.status_code == 200 and "Server-Timing" not in answer.headers


def test_reads_and_writes_of_both_protocols_have_all_stages(site):
    product = site.product_answer("P")
    path = f"/products/api/products/{product.json()['id']}/"
    answers = [
        product, site.rest("GET", path), site.rest("GET", "/products/api/products/"), site.rest("HEAD", path),
        site.rest("PATCH", path, {"name": "N"}), site.soap("products", "get_product", "<product_id>P</product_id>"),
        site.soap("products", "list_products"), site.rest("GET", "/products/api/products/search/?q=P"),
    ]
    for answer in answers:
        assert answer.status_code in (200, 201)
        assert list(stages(answer)) == STAGES


def test_a_fault_has_the_stages_up_to_it(site):
    assert list(stages(site.rest("GET", "/products/api/products/999999/"))) == ["queue", "find", "read", "sql"]
    assert list(stages(site.rest("GET", "/nowhere/"))) == ["queue"]
    assert list(stages(site.soap("products", "no_such_operation"))) == ["queue"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_time_of_statements_is_theirs(site, method):
    """A write waits for a locked row: that time is sql's, and no other stage's."""
    product = site.product("LOCKED-" + method)
    with DatabaseSession(site) as other, ThreadPoolExecutor(1) as pool:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        waiting = pool.submit(site.rest, method, f"/products/api/products/{product['id']}/", {"name": "N"})
        other.run("SELECT SLEEP(0.5); ROLLBACK")
        times = stages(waiting.result())
    assert 300 < times.pop("sql") < 5000
    assert max(times.values()) < 300


def test_a_list_in_slices_sends_none(site):
    site.sql("""
        INSERT INTO orders (order_id, customer_name, customer_email, total_amount, shipping_address, payment_method,
            created_at, updated_at)
        SELECT CONCAT('O', seq), 'Ana', 'a@example.com', 1, 'a', 'card', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_2500""")
    answer = site.rest("GET", "/orders/api/orders/by_status/?status=pending")
    assert len(answer.json()) == 2500 and "Server-Timing" not in answer.headers
    assert "Server-Timing" not in site.rest("HEAD", "/orders/api/orders/by_status/?status=pending").headers
    assert "Server-Timing" in site.rest("GET", "/orders/api/orders/").headers
