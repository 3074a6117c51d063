"""The supervisor and its workers: how many there are, how they are replaced, and how they stop."""
import os
import pathlib
import shutil
import signal
import threading
import time

import pytest

from site_client import DatabaseSession, Site, SOAPFault, is_alive, wait_until


class Load:
    """Clients that read and write all the time; `failures` has every answer that is not as it should be."""

    def __init__(self, site, clients=6):
        self.failures, self.created, self.answered = [], [], 0
        self.running = True
        self.product = site.product("LOAD")["id"]
        self.threads = [
            threading.Thread(target=self.run, args=(Site(site.url, site.dir), number)) for number in range(clients)]
        for thread in self.threads:
            thread.start()

    def run(self, site, number):
        count = 0
        while self.running:
            count += 1
            name = f"L{number}-{count}"
            body = {"product_id": name, "name": name, "sku": name, "price": "1.00"}
            for expected, send in [
                (200, lambda: site.rest("GET", f"/products/api/products/{self.product}/")),
                (201, lambda: site.rest("POST", "/products/api/products/", body)),
                (200, lambda: site.soap("products", "get_product", "<product_id>LOAD</product_id>")),
            ]:
                try:
                    status = send().status_code
                except OSError as error:
                    status = str(error)
                if status != expected:
                    self.failures.append((status, expected))
                elif status == 201:
                    self.created.append(name)
                self.answered += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()


class Later:
    """A request that is under way while the test goes on."""

    def __init__(self, send):
        self.thread = threading.Thread(target=lambda: setattr(self, "answer", send()))
        self.thread.start()

    def result(self):
        self.thread.join(30)
        return self.answer


def patch_while_locked(site, product, brand):
    """A change of the product's row, which waits as long as somebody else has it locked."""
    own = Site(site.url, site.dir)
    later = Later(lambda: own.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": brand}))
    wait_until(lambda: waiting(site) > 0, what="a session that waits for the lock")
    return later


def waiting(site):
    """How many sessions are inside a prepared statement, which here means that they wait for a row."""
    # innodb_trx would say it too, but keeps its answer for as long as somebody asks every 0.1 s.
    return int(site.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Execute'")[0][0])


@pytest.fixture
def stack(file_stack):
    """The file's stack with an empty database and a supervisor that is this test's alone: `stack.child`."""
    file_stack.serve()
    file_stack.site.reset()
    return file_stack


def test_there_are_two_workers_of_four_threads(stack):
    site = stack.site
    workers = site.workers()
    assert len(workers) == 2
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        requests = [patch_while_locked(site, product, f"{number}") for number in range(10)]
        wait_until(lambda: waiting(site) == 8, what="8 requests at once")
        time.sleep(0.5)
        # The other two wait in the socket's queue.
        assert waiting(site) == 8
        other.run("ROLLBACK")
        assert {request.result().status_code for request in requests} == {200}
    # The four, the main thread, and the one that waits for signals.
    assert [len(os.listdir(f"/proc/{pid}/task")) for pid in workers] == [6, 6]


def test_a_killed_worker_is_replaced_and_the_other_serves_meanwhile(stack):
    site = stack.site
    first, second = site.workers()
    os.kill(first, signal.SIGKILL)
    answers = []
    while len(workers := site.workers()) < 2 or first in workers:
        answers.append(site.rest("GET", "/products/api/products/").status_code)
        assert len(answers) < 2000
    assert second in workers
    assert set(answers) <= {200}
    assert site.product("P")
    ended = [line for line in site.log() if line["message"] == "a worker ended"][-1]
    assert (ended["worker"], ended["code"], ended["level"]) == (str(first), "137", "error")


def test_when_all_workers_are_killed_requests_wait_and_are_answered(stack):
    site = stack.site
    for pid in site.workers():
        os.kill(pid, signal.SIGKILL)
    assert site.rest("GET", "/products/api/products/").status_code == 200
    wait_until(lambda: len(site.workers()) == 2, what="two workers")


def test_a_worker_that_keeps_ending_is_started_ever_more_slowly(stack):
    site = stack.site
    pauses = []
    for _ in range(4):
        old = set(site.workers())
        victim = max(old)
        os.kill(victim, signal.SIGKILL)
        start = time.monotonic()
        # A process that was killed is listed until the supervisor has taken note of it.
        while not set(site.workers()) - old:
            assert time.monotonic() - start < 10
        pauses.append(time.monotonic() - start)
    for number, pause in enumerate(pauses):
        # At least what it should be, and not much more: the start of a process comes on top.
        assert 0.1 * 2 ** number <= pause < 0.1 * 2 ** number + 0.5, pauses


def test_reloading_under_load_fails_no_request_and_leaves_new_workers_only(stack):
    site = stack.site
    supervisor, seen = site.pid("seller-center"), set(site.workers())
    with Load(site) as load:
        for _ in range(4):
            old = set(site.workers())
            os.kill(supervisor, signal.SIGHUP)
            wait_until(lambda: len(site.workers()) == 2 and not old & set(site.workers()), what="new workers")
            assert not seen & set(site.workers())
            seen |= set(site.workers())
            answered = load.answered
            wait_until(lambda: load.answered > answered + 100, what="work with the new ones")
    assert load.failures == []
    assert load.answered > 500
    assert int(site.sql("SELECT COUNT(*) FROM products WHERE product_id LIKE 'L%-%'")[0][0]) == len(load.created)
    assert site.pid("seller-center") == supervisor and is_alive(supervisor)


def test_a_reload_lets_a_slow_request_finish(stack):
    site = stack.site
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        slow = patch_while_locked(site, product, "slow")
        old = set(site.workers())
        os.kill(site.pid("seller-center"), signal.SIGHUP)
        wait_until(lambda: len(set(site.workers()) - old) == 2, what="new workers beside the old")
        assert site.rest("GET", "/products/api/products/").status_code == 200
        other.run("ROLLBACK")
        assert slow.result().json()["brand"] == "slow"
    wait_until(lambda: not old & set(site.workers()), what="the end of the old workers")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_stopping_finishes_what_is_in_flight_and_exits_with_0(stack, number):
    site, child = stack.site, stack.child
    product, workers = site.product("P"), site.workers()
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        slow = patch_while_locked(site, product, "last")
        child.send_signal(number)
        time.sleep(1)
        assert child.poll() is None
        other.run("ROLLBACK")
        assert slow.result().json()["brand"] == "last"
    assert child.wait(10) == 0
    assert not any(map(is_alive, workers))


def test_stopping_does_not_wait_for_ever(stack):
    site = stack.site
    child = stack.serve(DRAIN_SECONDS=1, RECEIVE_SECONDS=1)
    product, workers = site.product("P"), site.workers()
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        stuck = patch_while_locked(site, product, "never")
        child.terminate()
        assert child.wait(6) == 0
        assert not any(map(is_alive, workers))
        assert stuck.result().status_code == 503


def test_idle_workers_stop_at_once(stack):
    child = stack.child
    # nginx keeps its connections for a second after their last request.
    time.sleep(1.5)
    start = time.monotonic()
    child.terminate()
    assert child.wait(10) == 0
    assert time.monotonic() - start < 1


def test_workers_end_with_their_supervisor(stack):
    site = stack.site
    workers = site.workers()
    os.kill(site.pid("seller-center"), signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, workers)), what="the end of the workers")


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_supervisor_that_is_killed_while_it_starts_leaves_no_worker_behind(file_stack):
    left_behind = []
    for milliseconds in range(0, 60, 4):
        file_stack.end_server()
        child = file_stack.run("serve")
        time.sleep(milliseconds / 1000)
        started = children(child.pid)
        child.kill()
        child.wait()
        deadline = time.monotonic() + 2
        while any(map(is_alive, started)) and time.monotonic() < deadline:
            time.sleep(0.02)
        for pid in filter(is_alive, started):
            # It would keep the socket from all tests to come.
            os.kill(pid, signal.SIGKILL)
            left_behind.append(milliseconds)
    assert left_behind == []


def test_without_any_worker_soap_clients_get_a_fault_and_others_json(own_stack):
    own_stack.start("--no-demo")
    own_stack.end_server()
    for version, code in ((11, "Server"), (12, "Receiver")):
        fault = SOAPFault(own_stack.site.soap("products", "list_products", version=version))
        assert (fault.status, fault.version, fault.fault_code) == (503, version, code)
    answer = own_stack.site.rest("POST", "/products/api/products/", {})
    assert answer.status_code == 503 and answer.json()["detail"]
    assert answer.headers["Retry-After"]


def test_a_reload_starts_what_a_symbolic_link_leads_to_by_then(own_stack):
    own_stack.start("--no-demo")
    link, program = own_stack.dir / "current", own_stack.program
    link.symlink_to(program)
    own_stack.program = link
    own_stack.serve()
    old = set(own_stack.site.workers())
    copy = shutil.copy(program, own_stack.dir / "next")
    link.unlink()
    link.symlink_to(copy)
    own_stack.child.send_signal(signal.SIGHUP)
    wait_until(lambda: len(own_stack.site.workers()) == 2 and not old & set(own_stack.site.workers()), what="new workers")
    assert {os.readlink(f"/proc/{pid}/exe") for pid in own_stack.site.workers()} == {str(copy)}
