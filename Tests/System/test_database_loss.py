"""MariaDB goes away, ends sessions, makes requests wait: clients are told, and nothing stays broken."""
import os
import shlex
import signal
import subprocess
import threading
import time

import pytest

from site_client import DatabaseSession, Site, SOAPFault, is_alive, wait_until

BODY = {"product_id": "P1", "name": "Cup", "sku": "S1", "price": "1.00"}


class Database:
    """The stack's MariaDB, ended and started again with the arguments that `nginx/serve` gave it."""

    def __init__(self, stack):
        self.site = stack.site
        self.pid = self.site.pid("mariadb")
        self.arguments = open(f"/proc/{self.pid}/cmdline").read().split("\0")[:-1]

    def end(self, number):
        os.kill(self.pid, number)
        wait_until(lambda: not is_alive(self.pid), 30, "the end of MariaDB")

    def start(self):
        # By a shell in between, so that it is not a child of the tests that nobody waits for.
        command = " ".join(shlex.quote(argument) for argument in self.arguments)
        subprocess.run(["sh", "-c", f"setsid {command} </dev/null >/dev/null 2>&1 &"], check=True)
        wait_until(self.answers, 30, "MariaDB")
        self.pid = self.site.pid("mariadb")

    def answers(self):
        try:
            return self.site.sql("SELECT 1") == [["1"]]
        except subprocess.CalledProcessError:
            return False


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


def kill_sessions(site):
    ours = "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db IS NOT NULL"
    for [pid] in site.sql(ours):
        site.sql(f"KILL {pid}")


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
        # Whichever thread answers, its session is gone.
        kill_sessions(site)
        failed += not KINDS[kind](site, number)
    assert failed == 0


def test_a_deadlock_is_retried_until_it_works(stack):
    """Ours locks an order's item and then the order; another program locks them the other way round."""
    site = stack.site
    for number in range(4):
        order = site.order(f"O{number}")
        other = site.product(f"P{number}")
        item = site.create("/orders/api/order-items/", {
            "order": order["id"], "product": other["id"], "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"})
        with DatabaseSession(site) as session:
            session.run("SET innodb_lock_wait_timeout = 20")
            # The heavier transaction survives, so that ours is the victim.
            session.run(f"BEGIN; UPDATE products SET brand = 'x'; UPDATE products SET brand = 'y';"
                        f"SELECT id FROM orders WHERE id = {order['id']} FOR UPDATE")
            answers = []
            own = Site(site.url, site.dir)
            ours = threading.Thread(target=lambda: answers.append(
                own.rest("PATCH", f"/orders/api/order-items/{item['id']}/", {"quantity": 2})))
            ours.start()
            # Ours has the item and waits for the order, which its change bumps.
            time.sleep(0.3)
            session.run(f"UPDATE order_items SET quantity = 3 WHERE id = {item['id']}")
            session.run("COMMIT")
            ours.join(30)
        assert answers[0].status_code == 200, answers[0].text
        assert answers[0].json()["quantity"] == 2
    status = site.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")
    assert int(status[0][1]) >= 4


@pytest.fixture
def short_waits(stack):
    """A stack whose sessions wait one second for a row; the sessions are new, so that the setting counts."""
    site = stack.site
    site.sql("SET GLOBAL innodb_lock_wait_timeout = 1")
    kill_sessions(site)
    yield site
    site.sql("SET GLOBAL innodb_lock_wait_timeout = 50")
    kill_sessions(site)


def test_a_lock_that_is_held_for_a_while_only_costs_time(short_waits):
    site = short_waits
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        # Longer than one wait, shorter than all of them.
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
        # Who only reads does not wait.
        assert site.rest("GET", f"/products/api/products/{product['id']}/").json()["brand"] == ""


# What MariaDB says when the same request may succeed later, by its error numbers.
PASSING = {
    "too many connections": 1040, "a Galera node that is not ready": 1047, "a shutdown": 1053,
    "a lock wait that was too long": 1205, "a deadlock": 1213,
    "a session that was killed": 1927, "a statement that took too long": 1969,
}


@pytest.mark.parametrize("number", PASSING.values(), ids=PASSING)
def test_a_failure_that_passes_is_503_and_no_internal_error(stack, number):
    site = stack.site
    site.sql("CREATE TRIGGER fails BEFORE INSERT ON warehouses FOR EACH ROW "
             f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}")
    try:
        body = {"warehouse_id": "W", "name": "W", "address": "a", "city": "c", "state": "s", "country": "c",
                "postal_code": "1", "capacity": 1}
        answer = site.rest("POST", "/logistics/api/warehouses/", body)
        assert answer.status_code == 503, answer.text
        assert answer.headers["Retry-After"]
    finally:
        site.sql("DROP TRIGGER fails")
    assert site.create("/logistics/api/warehouses/", body)
