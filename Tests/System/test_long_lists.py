"""Lists without pages: rendered whole, sent in parts from one snapshot, or refused; other requests are not delayed."""
import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from fastcgi import Connection
from faults import memory, proxied
from site_client import Site, SOAPFault, at_once, wait_until

ROWS = 60_000
SEARCH = "/products/api/products/search/"
TOP = "/analytics/api/product-analytics/top_products/"
FILL = f"""
    INSERT INTO products (id, product_id, name, description, sku, price, created_at, updated_at)
    SELECT seq, CONCAT('P', seq), CONCAT('Cup ', seq), REPEAT('d', 150), CONCAT('S', seq), 1.00, '2026-01-01', '2026-01-01'
    FROM seq_1_to_{ROWS};
    INSERT INTO product_images (product_id, image_url, is_primary, created_at)
    SELECT seq, 'https://example.com/a.png', 1, '2026-01-02' FROM seq_1_to_{ROWS};
    INSERT INTO product_analytics (product_id, product_name, revenue, report_date, created_at)
    SELECT CONCAT('P', seq), CONCAT('Cup ', seq), seq, '2026-01-01', '2026-01-01' FROM seq_1_to_5000;
"""


@pytest.fixture(scope="module")
def full(file_stack):
    file_stack.site.sql(FILL)
    return file_stack


@pytest.fixture
def stack(full):
    full.serve()
    return full


def test_a_long_list_is_whole_and_chunked(stack):
    answer = stack.site.rest("GET", SEARCH)
    assert answer.status_code == 200
    assert answer.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in answer.headers
    assert answer.headers["Content-Type"] == "application/json" and answer.headers["X-Content-Type-Options"]
    rows = answer.json()
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert len(rows) == ROWS and rows[0] == stack.site.rest("GET", f"/products/api/products/{rows[0]['id']}/").json()
    assert [len(row["images"]) for row in rows] == [1] * ROWS


def test_a_list_that_fits_is_whole_before_it_is_sent(stack):
    site = stack.site
    # The search finds 'Cup 12' and all names that begin so: 1,111 rows.
    # Without compression, since nginx does not know the length of an answer that it compresses.
    plain = {"headers": {"Accept-Encoding": "identity"}}
    answer = site.rest("GET", SEARCH + "?q=Cup 12", **plain)
    assert len(answer.json()) == 1111 and int(answer.headers["Content-Length"]) == len(answer.content)
    limits = {}
    for limit in (2000, 2001):
        limits[limit] = site.rest("GET", f"{TOP}?limit={limit}", **plain)
        assert len(limits[limit].json()) == limit
    assert limits[2000].headers.get("Content-Length") and limits[2001].headers.get("Transfer-Encoding") == "chunked"
    assert limits[2001].json()[:2000] == limits[2000].json()


def test_a_huge_limit_means_all_there_are_in_both_protocols(stack):
    site = stack.site
    limit = 2 ** 63 - 1
    rows = site.rest("GET", f"{TOP}?limit={limit}").json()
    assert [row["revenue"] for row in rows] == [f"{number}.00" for number in range(5000, 0, -1)]
    result = site.call("analytics", "get_top_products", f"<query><limit>{limit}</limit></query>")
    assert result.findtext("{*}total_count") == "5000"
    assert [row.findtext("{*}revenue") for row in result.iterfind("{*}product_analytics")] == [
        row["revenue"] for row in rows]


def test_the_head_of_a_long_list_is_that_of_its_answer(stack):
    whole, head = stack.site.rest("GET", SEARCH), stack.site.rest("HEAD", SEARCH)
    assert (head.status_code, head.content) == (200, b"")
    differing = {"Date", "X-Request-ID", "Transfer-Encoding", "Connection"}
    assert {k: v for k, v in head.headers.items() if k not in differing} == {
        k: v for k, v in whole.headers.items() if k not in differing}


def test_http_1_0_cannot_tell_an_end_and_is_refused(stack):
    connection = http.client.HTTPConnection("127.0.0.1", stack.site.port, timeout=60)
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
    for path, status in ((SEARCH, 503), (SEARCH + "?q=Cup 12".replace(" ", "%20"), 200)):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == status, path
        content = answer.read()
        assert status == 200 or "HTTP/1.0" in json.loads(content)["detail"]
        connection.close()


def test_it_is_one_snapshot_whatever_is_written_meanwhile(stack):
    site = stack.site
    connection = Connection(stack.dir / "fastcgi.sock")
    connection.send("GET", SEARCH + "?q=Cup")
    # The client reads nothing, so that the list cannot end.
    wait_until(lambda: connection.socket.recv(1, 2), what="the first part")
    site.sql("UPDATE products SET brand = 'changed' WHERE id <= 100; DELETE FROM products WHERE id = 7")
    status, body = connection.answer()
    rows = {row["id"]: row for row in json.loads(body)}
    assert (status, len(rows)) == (200, ROWS)
    assert {rows[number]["brand"] for number in range(1, 101)} == {""}
    site.sql("INSERT INTO products (id, product_id, name, sku, price, created_at, updated_at) "
             "VALUES (7, 'P7', 'Cup 7', 'S7', 1, '2026-01-01', '2026-01-01'); UPDATE products SET brand = '';"
             "INSERT INTO product_images (product_id, image_url, is_primary, created_at) "
             "VALUES (7, 'https://example.com/a.png', 1, '2026-01-02')")


def kill_readers(site):
    for [session] in site.sql("SELECT trx_mysql_thread_id FROM information_schema.innodb_trx"):
        site.sql(f"KILL {session}")


def test_a_failure_on_the_way_is_seen_by_the_client(stack):
    site = stack.site
    connection = Connection(stack.dir / "fastcgi.sock")
    connection.send("GET", SEARCH)
    wait_until(lambda: connection.socket.recv(1, 2), what="the first part")
    start = len(site.log())
    kill_readers(site)
    with pytest.raises(AssertionError, match="closed the connection"):
        connection.answer()
    [line] = wait_until(lambda: [line for line in site.log()[start:] if line["message"] == "MariaDB failed"])
    assert line["number"] in ("1927", "2013", "2006")
    # The thread continues with the next request.
    assert site.rest("GET", SEARCH).status_code == 200


def test_a_failure_on_the_way_is_seen_through_nginx_too(stack):
    site = stack.site

    def read():
        with requests.get(site.url + SEARCH, stream=True, timeout=60) as answer:
            assert answer.status_code == 200
            content = answer.iter_content(65536)
            next(content)
            kill_readers(site)
            return sum(map(len, content))

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        read()


@pytest.mark.parametrize("end", ["lose", "lose the answer", 1205])
def test_how_its_snapshot_ends_is_of_no_account(full, end):
    with proxied(full) as proxy:
        proxy.decide = lambda text: end if text == "ROLLBACK" else None
        assert len(full.site.rest("GET", SEARCH).json()) == ROWS
        result = full.site.call("analytics", "get_top_products", "<query><limit>3000</limit></query>")
        assert len(result.findall("{*}product_analytics")) == 3000
        assert len(full.site.rest("GET", "/products/api/products/").json()["results"]) == 100


def test_many_long_lists_are_whole_or_refused_and_hold_up_nobody(stack):
    site = stack.site
    before = sum(map(memory, site.workers()))
    size = len(site.rest("GET", SEARCH).content)
    others_told, seconds, used, running = [], [], [], [True]

    def others():
        own = Site(site.url, site.dir)
        while running[0]:
            start = time.monotonic()
            others_told.append(own.rest("GET", "/products/api/products/77/").status_code)
            seconds.append(time.monotonic() - start)

    def watch():
        while running[0]:
            used.append(sum(map(memory, site.workers())))
            time.sleep(0.02)

    watchers = [threading.Thread(target=others), threading.Thread(target=watch)]
    for watcher in watchers:
        watcher.start()
    answers = at_once(site, [lambda own: own.rest("GET", SEARCH)] * 8)
    running[0] = False
    for watcher in watchers:
        watcher.join()
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 503} and 200 in statuses
    assert {len(answer.content) for answer in answers if answer.status_code == 200} == {size}
    assert {answer.headers["X-Error-Code"] for answer in answers if answer.status_code == 503} <= {"UNAVAILABLE"}
    assert set(others_told) == {200} and max(seconds) < 1
    assert max(used) - before < 100 * 1024
    # The memory is freed and not kept for the next list.
    wait_until(lambda: sum(map(memory, site.workers())) - before < 30 * 1024, 10, "the memory to be given back")


def test_one_list_more_than_a_quarter_of_the_threads_is_refused_in_its_own_form(stack):
    stack.serve(PROCESSES=1)
    site = stack.site
    connection = Connection(stack.dir / "fastcgi.sock")
    connection.send("GET", SEARCH)
    wait_until(lambda: connection.socket.recv(1, 2), what="the first part")
    refused = site.rest("GET", SEARCH)
    assert (refused.status_code, refused.headers["X-Error-Code"]) == (503, "UNAVAILABLE") and refused.headers["Retry-After"]
    fault = SOAPFault(site.soap("analytics", "get_top_products", "<query><limit>3000</limit></query>"))
    assert (fault.status, fault.code) == (503, "UNAVAILABLE")
    # Short lists are not limited.
    assert site.rest("GET", SEARCH + "?q=Cup 12").status_code == 200
    connection.close()
    wait_until(lambda: site.rest("GET", SEARCH).status_code == 200, what="the place of the one that left")


def test_clients_that_ask_for_it_and_leave_cost_nothing_for_long(stack):
    site = stack.site
    before = sum(map(memory, site.workers()))

    def leave(_):
        with requests.get(site.url + SEARCH, stream=True, timeout=60) as answer:
            if answer.status_code == 200:
                next(answer.iter_content(1024))

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(leave, range(24)))
    # Each worker has a free place again.
    wait_until(lambda: [site.rest("GET", SEARCH).status_code for _ in range(4)] == [200] * 4, what="the end of all lists")
    wait_until(lambda: sum(map(memory, site.workers())) - before < 30 * 1024, 10, "the memory to be given back")
