"""MariaDB is lost, ends sessions or lets requests wait: clients are told so, and the site recovers."""
import signal
import threading

import pytest

from faults import Database, kill_sessions
from site_client import ROOT, DatabaseSession, Site, SOAPFault, wait_until

BODY = {"product_id": "P1", "name": "Cup", "sku": "S1", "price": "1.00"}


@pytest.fixture
def stack(file_stack):
    if not Database.answers(file_stack):
        file_stack.start("--no-demo")
    file_stack.site.reset()
    return file_stack


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_without_mariadb_clients_are_told_to_come_back_and_with_it_all_is_well(file_stack, number):
    site = file_stack.site
    site.reset()
    wait_until(lambda: len(site.workers()) == 2, what="two workers")
    workers, database = site.workers(), Database(file_stack)
    site.product("P")
    database.end(number)
    try:
        for _ in range(4):
            get, post, soap_11, soap_12 = [
                site.rest("GET", "/products/api/products/"), site.rest("POST", "/products/api/products/", BODY),
                site.soap("products", "list_products"),
                site.soap("products", "get_product", "<product_id>P</product_id>", version=12)]
            for answer in (get, post):
                assert (answer.status_code, answer.json()["detail"] != "") == (503, True)
            for answer, code in ((soap_11, "Server"), (soap_12, "Receiver")):
                fault = SOAPFault(answer)
                assert (fault.status, fault.fault_code, fault.code) == (503, code, "UNAVAILABLE")
                assert b"<retryable>true</retryable>" in answer.content
            for answer in (get, post, soap_11, soap_12):
                assert int(answer.headers["Retry-After"]) >= 1
                assert answer.headers["X-Request-ID"]
            ready = site.rest("GET", "/health/ready")
            assert ready.status_code == 503
            assert ready.headers["Retry-After"]
            assert site.rest("GET", "/health/live").status_code == 200
        assert site.workers() == workers
    finally:
        database.start()
    for _ in range(16):
        assert site.rest("GET", "/health/ready").status_code == 200
        assert site.rest("GET", "/products/api/products/").json()["count"] >= 1
    assert site.soap("products", "get_product", "<product_id>P</product_id>").status_code == 200
    assert site.workers() == workers


KINDS = {
    "a read": lambda site, n: site.rest("GET", "/products/api/products/").status_code == 200,
    "a write": lambda site, n: site.rest("POST", "/products/api/products/", BODY | {
        "product_id": f"P{n}", "sku": f"S{n}"}).status_code == 201,
    "an action": lambda site, n: site.rest("GET", "/products/api/products/search/?q=x").status_code == 200,
    "a description": lambda site, n: site.rest("OPTIONS", "/products/api/products/1/").status_code == 200,
    "a SOAP read": lambda site, n: site.soap("orders", "list_orders").status_code == 200,
    "a SOAP time": lambda site, n: site.soap("orders", "get_service_info").status_code == 200,
    "readiness": lambda site, n: site.rest("GET", "/health/ready").status_code == 200,
}


@pytest.mark.parametrize("kind", KINDS)
def test_sessions_that_were_killed_between_requests_fail_none(stack, kind):
    site = stack.site
    failed = 0
    for number in range(12):
        # All sessions are ended, so that it does not matter which thread answers.
        kill_sessions(site)
        failed += not KINDS[kind](site, number)
    assert failed == 0


def test_a_deadlock_is_retried_until_it_works(stack):
    """The server locks an inventory and then its product; another program locks them in the opposite order."""
    site = stack.site
    for number in range(4):
        product = site.product(f"P{number}")
        stock = site.create("/products/api/inventory/", {"product": product["id"], "available_quantity": 1})
        with DatabaseSession(site) as session:
            session.run("SET innodb_lock_wait_timeout = 20")
            # MariaDB rolls back the transaction that has changed less, which is the server's.
            session.run("BEGIN; UPDATE products SET brand = 'x'; UPDATE products SET brand = 'y'")
            answers = []
            own = Site(site.url, site.dir)
            ours = threading.Thread(target=lambda: answers.append(
                own.rest("PATCH", f"/products/api/inventory/{stock['id']}/", {"available_quantity": 2})))
            ours.start()
            # The server has locked the inventory and waits for the product, whose revision its change increases.
            wait_until(lambda: site.sql("SELECT 1 FROM information_schema.processlist WHERE command = 'Execute' "
                                        "AND info LIKE 'UPDATE %'"), what="our change")
            session.run(f"UPDATE inventory SET available_quantity = 3 WHERE id = {stock['id']}")
            session.run("COMMIT")
            ours.join(30)
        assert answers[0].status_code == 200, answers[0].text
        assert answers[0].json()["available_quantity"] == 2
    status = site.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")
    assert int(status[0][1]) >= 4


@pytest.fixture
def short_waits(stack):
    """A stack whose writes wait one second for a locked row."""
    stack.serve(LOCK_SECONDS=1)
    yield stack.site
    stack.serve()


def test_a_lock_that_is_held_for_a_while_only_costs_time(short_waits):
    site = short_waits
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        # Longer than one wait for a lock, and shorter than all of them together.
        threading.Timer(1.5, lambda: other.run("ROLLBACK")).start()
        answer = site.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": "late"})
        assert (answer.status_code, answer.json().get("brand")) == (200, "late")


def test_a_lock_that_is_held_too_long_is_no_internal_error(short_waits):
    site = short_waits
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        answer = site.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": "never"})
        assert answer.status_code == 503, answer.text
        assert answer.headers["Retry-After"]
        # Requests that only read do not wait.
        assert site.rest("GET", f"/products/api/products/{product['id']}/").json()["brand"] == ""


# The program's own table of MariaDB's error numbers that are temporary or need an administrator; all other numbers mean
# a mistake of the program. Numbers below 1000 are left out, since a trigger cannot raise them.
MEANINGS = {
    int(number): meaning for number, meaning in (
        line.split() for line in (ROOT / "Tests/MariaDBTests/Golden/meanings.txt").read_text().splitlines())
    if int(number) >= 1000} | {1064: "ours", 1406: "ours", 1644: "ours"}


# With these, MariaDB may have stored the INSERT that was a transaction by itself.
UNKNOWN = (1053, 1180, 1927)


@pytest.mark.parametrize("number, meaning", MEANINGS.items(), ids=lambda value: str(value))
def test_what_passes_is_unavailable_and_only_our_own_mistakes_are_internal(stack, number, meaning):
    status, level = {"passing": (503, "error"), "refused": (503, "critical"), "ours": (500, "error")}[meaning]
    code = {503: "UNAVAILABLE", 500: "INTERNAL"}[status]
    if number in UNKNOWN:
        status, code = 500, "OUTCOME_UNKNOWN"
    site = stack.site
    site.sql("CREATE TRIGGER fails BEFORE INSERT ON warehouses FOR EACH ROW "
             f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}")
    try:
        body = {"warehouse_id": "W", "name": "W", "address": "a", "city": "c", "state": "s", "country": "c",
                "postal_code": "1", "capacity": 1}
        answer = site.rest("POST", "/logistics/api/warehouses/", body)
        assert (answer.status_code, answer.headers["X-Error-Code"]) == (status, code), answer.text
        assert ("Retry-After" in answer.headers) == (status == 503)
        fault = SOAPFault(site.soap("logistics", "create_warehouse", "<warehouse>" + "".join(
            f"<{name}>{value}</{name}>" for name, value in body.items()) + "</warehouse>"))
        assert (fault.status, fault.code) == (status, code)
        [line] = [line for line in site.log() if line.get("request_id") == answer.headers["X-Request-ID"]]
        assert (line["level"], line["number"]) == (level, str(number))
    finally:
        site.sql("DROP TRIGGER fails")
    assert site.create("/logistics/api/warehouses/", body)


def test_a_server_that_takes_no_writes_goes_on_with_reads(stack):
    site = stack.site
    product = site.product("P")
    try:
        # read_only does not apply to the administrator, whose account the server usually has here.
        site.sql("CREATE OR REPLACE USER shop@localhost IDENTIFIED BY 'x'; GRANT ALL ON seller_center.* TO shop@localhost")
        password = stack.dir / "password"
        password.write_text("x")
        stack.serve(DATABASE_USER="shop", DATABASE_PASSWORD_FILE=password)
        site.sql("SET GLOBAL read_only = ON")
        answer = site.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": "B"})
        assert (answer.status_code, answer.headers["X-Error-Code"]) == (503, "UNAVAILABLE")
        assert site.rest("GET", f"/products/api/products/{product['id']}/").json() == product
        assert site.is_ready()
    finally:
        site.sql("SET GLOBAL read_only = OFF")
    assert site.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": "B"}).status_code == 200


def test_what_is_kept_goes_with_the_server_that_said_it(stack):
    """Another MariaDB, or the same one with older data, answers at the socket: nothing read before is shown."""
    stack.serve(PROCESSES=1)
    site = stack.site
    product = site.product("P")
    for number in range(150):
        site.sql(f"INSERT INTO products (product_id, name, sku, price, created_at, updated_at) "
                 f"VALUES ('Q{number}', 'Q', 'Q{number}', 1, '2026-01-01', '2026-01-01')")
    path = f"/products/api/products/{product['id']}/"
    for _ in range(8):
        assert site.rest("GET", path).json()["brand"] == ""
        assert site.rest("GET", "/products/api/products/?page=2").json()["count"] == 151
    # The same versions, ids and notes of counts with other content, as after a restore.
    site.sql("CREATE TABLE before_restore AS SELECT * FROM row_counts")
    revision = site.sql(f"SELECT revision FROM products WHERE id = {product['id']}")
    site.sql(f"UPDATE products SET brand = 'restored' WHERE id = {product['id']}")
    site.sql(f"UPDATE products SET revision = {revision[0][0]} WHERE id = {product['id']}")
    site.sql("DELETE FROM products WHERE product_id = 'Q3'")
    site.sql("DELETE FROM row_counts; INSERT INTO row_counts SELECT * FROM before_restore; DROP TABLE before_restore")
    kill_sessions(site)
    for _ in range(8):
        assert site.rest("GET", path).json()["brand"] == "restored"
        assert site.rest("GET", "/products/api/products/?page=2").json()["count"] == 150
