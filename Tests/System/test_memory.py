"""A worker process stays small, after its start and after thousands of requests of every size."""
import time

import pytest

from faults import memory
from site_client import Site, at_once, wait_until
from test_statements import FILL

LIMIT = 30 * 1024


@pytest.fixture(scope="module")
def fresh(file_stack):
    wait_until(lambda: len(file_stack.site.workers()) == 2, what="two workers")
    return file_stack.site


def test_a_worker_is_small_when_it_starts(fresh):
    assert max(map(memory, fresh.workers())) < LIMIT


def test_a_worker_stays_small_over_thousands_of_requests(file_stack):
    # Without the row cache, which has a limit of its own.
    file_stack.serve(CACHE_MEGABYTES=0)
    fresh = file_stack.site
    fresh.reset()
    fresh.sql(FILL.format(parents=120, all=840))
    workers = fresh.workers()
    page = "<query><page_size>100</page_size></query>"

    def use(site: Site, name, rounds):
        for number in range(rounds):
            key = f"{name}-{number}"
            answers = [
                site.rest("GET", "/products/api/products/"),
                site.rest("GET", "/orders/api/orders/?page=2"),
                site.soap("products", "list_products", page),
                site.rest("POST", "/products/api/products/", {
                    "product_id": key, "name": "x" * 200, "sku": key, "price": "1.00", "description": "y" * 20_000}),
                site.rest("GET", "/products/api/products/search/?q=nothing"),
                site.soap("products", "get_product", f"<product_id>{key}</product_id>"),
                site.rest("POST", "/products/api/products/", {"price": "none"}),
                site.soap("products", "no_such_operation"),
                site.soap("products", "delete_product", f"<product_id>{key}</product_id>"),
                site.rest("GET", "/orders/api/orders/0/"),
            ]
            statuses = [answer.status_code for answer in answers]
            assert statuses == [200, 200, 200, 201, 200, 200, 400, 500, 200, 404]
        return True

    def load(rounds, part):
        return at_once(fresh, [
            lambda site, name=name: use(site, f"{part}-{name}", rounds) for name in range(4)])

    assert load(30, "warm") == [True] * 4
    warm = {pid: memory(pid) for pid in workers}
    assert load(40, "long") == [True] * 4
    used = {pid: memory(pid) for pid in workers}
    assert fresh.workers() == workers
    assert max(used.values()) < LIMIT, (warm, used)
    # Only buffers and statements that fill up once have grown, and nothing for each request: 1,600 requests leave less
    # than 3 kB each. Some difference remains, since the two workers never do exactly the same.
    assert sum(used.values()) - sum(warm.values()) < 4800, (warm, used)


def test_the_largest_pages_do_not_stay_in_memory(fresh):
    """Every thread answers a page of 1,000 products with their parts."""
    fresh.reset()
    fresh.sql(FILL.format(parents=1000, all=5000))
    fresh.sql("UPDATE products SET description = REPEAT('z', 1000)")
    page = "<query><page_size>1000</page_size></query>"
    for _ in range(3):
        answers = at_once(fresh, [lambda site: site.soap("products", "list_products", page)] * 8)
        assert {answer.status_code for answer in answers} == {200}
        assert min(len(answer.content) for answer in answers) > 1_000_000
    time.sleep(0.5)
    assert max(map(memory, fresh.workers())) < 2 * LIMIT
