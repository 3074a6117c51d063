"""The supervisor and its workers: how many run, how they are replaced, and how they stop."""
import datetime
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from faults import Clients, Database, Later, log_since, patch_while_locked, ready_workers, waiting_for_table
from site_client import ROOT, DatabaseSession, Site, SOAPFault, frozen, is_alive, wait_until


# With these, no request of Load is refused because the machine is slow: all its writes have room at one worker, and more
# than half of that worker's threads are free of them.
PATIENT = {"THREADS": 13, "QUEUE_SECONDS": 20}


class Load(Clients):
    """Clients that read and write all the time; `failures` has every answer that is wrong."""

    def __init__(self, site, count=6):
        super().__init__(site, count)
        self.failures, self.created, self.answered = [], [], 0
        self.product = site.product("LOAD")["id"]

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


@pytest.fixture
def stack(file_stack):
    """The file's stack with an empty database and a supervisor for this test alone, which is `stack.child`."""
    file_stack.serve()
    file_stack.site.reset()
    return file_stack


def test_there_are_two_workers_of_four_threads(stack):
    # The four threads, the main thread, and the one that waits for signals.
    assert [len(os.listdir(f"/proc/{pid}/task")) for pid in stack.site.workers()] == [6, 6]


def read_while_locked(site, product, count):
    """Reads a product while another session has its table locked."""
    path = f"/products/api/products/{product['id']}/"
    return [Later(lambda: Site(site.url, site.dir).rest("GET", path).status_code) for _ in range(count)]


def test_a_worker_does_as_much_at_once_as_it_has_threads(stack):
    # One worker, since connections are spread over two unpredictably. The fifth request has to stay in the queue.
    stack.serve(PROCESSES=1, QUEUE_SECONDS=60)
    site = stack.site
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run("LOCK TABLES products WRITE")
        reads = read_while_locked(site, product, 5)
        wait_until(lambda: waiting_for_table(site) == 4, what="4 requests at once")
        assert [waiting_for_table(site) for _ in range(10)] == [4] * 10
        other.run("UNLOCK TABLES")
        assert {read.result() for read in reads} == {200}


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
    stack.serve(QUEUE_SECONDS=60)
    site = stack.site
    for pid in site.workers():
        os.kill(pid, signal.SIGKILL)
    assert site.rest("GET", "/products/api/products/").status_code == 200
    wait_until(lambda: len(site.workers()) == 2, what="two workers")


def test_workers_that_had_been_ready_are_replaced_at_once_however_often(stack):
    site = stack.site
    for _ in range(8):
        old = set(site.workers())
        victim = max(old)
        os.kill(victim, signal.SIGKILL)
        start = time.monotonic()
        wait_until(lambda: len(set(site.workers()) - {victim}) == 2, what="another worker")
        # The time for starting a process; if the pauses doubled, the last one would take a dozen seconds.
        assert time.monotonic() - start < 3
        assert site.rest("GET", "/products/api/products/").status_code == 200
        wait_until(lambda: ready_workers(stack) >= old - {victim} | set(site.workers()), what="its readiness")


def test_workers_that_never_become_ready_are_started_ever_more_slowly(own_stack):
    own_stack.start("--no-demo")
    site, link, program = own_stack.site, own_stack.dir / "current", own_stack.program
    link.symlink_to(program)
    own_stack.program = link
    own_stack.serve()
    link.unlink()
    link.symlink_to("/bin/false")
    start = len(site.log())
    os.kill(site.workers()[0], signal.SIGKILL)
    failed = wait_until(lambda: (lines := log_since(own_stack, start, "a worker does not become ready"))[4:] and lines)
    times = [datetime.datetime.fromisoformat(line["time"]) for line in failed[:5]]
    pauses = [(later - earlier).total_seconds() for earlier, later in zip(times, times[1:])]
    for number, pause in enumerate(pauses):
        assert pause >= 0.1 * 2 ** number - 0.01, pauses
    # The other worker serves, and once the program works again, there is a second one.
    assert site.rest("GET", "/products/api/products/").status_code == 200
    link.unlink()
    link.symlink_to(program)
    wait_until(lambda: len(ready_workers(own_stack) & set(site.workers())) == 2, what="two workers")


@pytest.fixture
def with_password(own_stack):
    """A stack whose server uses a user with a password, which is stored in the file `password`."""
    own_stack.start("--no-demo")
    own_stack.site.sql("CREATE USER shop@localhost IDENTIFIED BY 'right'; GRANT ALL ON seller_center.* TO shop@localhost")
    own_stack.password = own_stack.dir / "password"
    own_stack.password.write_text("right")
    own_stack.serve(DATABASE_USER="shop", DATABASE_PASSWORD_FILE=own_stack.password)
    return own_stack


def reload(stack):
    """Starts a deploy; returns the log line with its outcome."""
    start = len(stack.site.log())
    os.kill(stack.site.pid("seller-center"), signal.SIGHUP)
    return wait_until(lambda: [line for line in stack.site.log()[start:]
                               if line["message"] in ("replaced the workers", "deploy failed")], what="a deploy")[0]


def test_a_deploy_whose_workers_could_not_answer_keeps_the_old_ones(with_password):
    stack, site = with_password, with_password.site
    old = set(site.workers())

    def is_kept(said):
        start = len(site.log())
        line = reload(stack)
        assert (line["message"], line["level"]) == ("deploy failed", "error"), line
        # The reason is logged once, though several threads may have had it.
        assert line["reason"].count(said) == 1, line
        wait_until(lambda: set(site.workers()) == old, what="the end of the new workers")
        assert site.rest("GET", "/products/api/products/").status_code == 200
        assert site.is_ready()
        assert log_since(stack, start, "a worker does not become ready") == []

    stack.password.write_text("wrong")
    is_kept("1045")
    stack.password.write_text("right")
    stack.password.unlink()
    is_kept("DATABASE_PASSWORD_FILE")
    stack.password.write_text("right")
    # Some of the new threads get a session, and some do not.
    site.sql("ALTER USER shop@localhost WITH MAX_USER_CONNECTIONS 5")
    is_kept("1226")
    site.sql("ALTER USER shop@localhost WITH MAX_USER_CONNECTIONS 0")
    # The schema becomes older than the program.
    site.sql("UPDATE schema_migrations SET number = number + 100 ORDER BY number DESC LIMIT 1")
    site.sql("UPDATE schema_migrations SET number = 0 ORDER BY number DESC LIMIT 1")
    try:
        line = reload(stack)
        assert line["message"] == "deploy failed" and "migrate" in line["reason"]
        ready = site.rest("GET", "/health/ready")
        assert (ready.status_code, ready.headers["X-Error-Code"]) == (503, "UNAVAILABLE")
        assert ready.json()["database"] == "up"
    finally:
        site.sql(f"UPDATE schema_migrations SET number = {len(list(ROOT.glob('sql/*.sql')))} WHERE number = 0")
    assert reload(stack)["message"] == "replaced the workers"
    wait_until(lambda: not old & set(site.workers()), what="the end of the old workers")


def test_a_program_that_does_not_start_fails_a_deploy_and_nothing_else(own_stack):
    own_stack.start("--no-demo")
    link = own_stack.dir / "current"
    link.symlink_to(own_stack.program)
    own_stack.program = link
    own_stack.serve()
    old = own_stack.site.workers()
    for broken in ("/bin/false", "/nowhere/at/all"):
        link.unlink()
        link.symlink_to(broken)
        assert reload(own_stack)["message"] == "deploy failed"
        assert own_stack.site.workers() == old
        assert own_stack.site.rest("GET", "/products/api/products/").status_code == 200


def test_a_new_worker_that_dies_before_the_others_are_ready_fails_the_deploy(own_stack):
    own_stack.start("--no-demo")
    link, program, taken = own_stack.dir / "current", own_stack.dir / "broken", own_stack.dir / "taken"
    link.symlink_to(own_stack.program)
    own_stack.program = link
    own_stack.serve()
    old = own_stack.site.workers()
    # One worker says that it is ready and ends; the other never says anything.
    program.write_text(f"#!/bin/sh\nif mkdir {taken} 2>/dev/null; then echo ready >&4; exit 3; fi\nexec sleep 600\n")
    program.chmod(0o755)
    link.unlink()
    link.symlink_to(program)
    line = reload(own_stack)
    assert (line["message"], line["reason"]) == ("deploy failed", "it ended with code 3")
    wait_until(lambda: own_stack.site.workers() == old, what="the end of the other")
    # The supervisor still reacts to the next signal.
    link.unlink()
    link.symlink_to("/bin/false")
    assert reload(own_stack)["message"] == "deploy failed"
    assert own_stack.site.rest("GET", "/products/api/products/").status_code == 200


def test_a_supervisor_that_was_killed_has_a_successor_at_once_whatever_its_workers_still_do(stack):
    site = stack.site
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        slow = patch_while_locked(site, product, "slow")
        stack.child.kill()
        stack.child.wait()
        # Nobody listens any more, and clients are told so at once.
        wait_until(lambda: site.rest("GET", "/products/api/products/").status_code == 503, 2, "the end of listening")
        assert site.rest("GET", "/health/live").status_code == 503
        start = time.monotonic()
        stack.child = stack.run("serve")
        (stack.dir / "seller-center.pid").write_text(f"{stack.child.pid}\n")
        wait_until(site.is_ready, 3, "the successor")
        assert time.monotonic() - start < 3
        assert site.rest("GET", "/products/api/products/").status_code == 200
        other.run("ROLLBACK")
        assert slow.result().status_code == 200


def test_what_a_failed_start_left_in_the_reply_is_in_no_answer(file_stack):
    """The workers start while a table lacks a column that the first pages need."""
    site = file_stack.site
    site.reset()
    product = site.product("P")
    file_stack.end_server()
    site.sql("ALTER TABLE product_images RENAME COLUMN image_url TO lost")
    try:
        file_stack.serve()
        assert log_since(file_stack, 0, "requests cannot be answered yet")[-1]["level"] == "critical"
    finally:
        site.sql("ALTER TABLE product_images RENAME COLUMN lost TO image_url")
    # Enough requests for each of the eight threads to answer some, since their order is not known.
    for _ in range(60):
        assert site.rest("GET", "/").json()["version"] == "1.0"
        assert site.rest("GET", f"/products/api/products/{product['id']}/").json() == product


def test_health_is_answered_while_every_thread_waits(stack):
    stack.serve(PROCESSES=1)
    site = stack.site
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run("LOCK TABLES products WRITE")
        reads = read_while_locked(site, product, 4)
        wait_until(lambda: waiting_for_table(site) == 4, what="4 requests at once")
        for path in ("/health/live", "/health/ready") * 3:
            start = time.monotonic()
            assert site.rest("GET", path).status_code == 200
            assert time.monotonic() - start < 1
        assert waiting_for_table(site) == 4
        other.run("UNLOCK TABLES")
        assert {read.result() for read in reads} == {200}


def test_the_desk_answers_as_the_rest_of_the_site_does(stack):
    site = stack.site
    ready = site.rest("GET", "/health/ready", headers={"Origin": "https://shop.example"})
    assert set(ready.json()) == {"status", "database", "schema", "version"}
    assert ready.json()["schema"] == len(list(ROOT.glob("sql/*.sql")))
    version = subprocess.run([stack.program, "--version"], capture_output=True, text=True).stdout.strip()
    assert ready.json()["version"] == version != ""
    assert log_since(stack, 0, "serving")[-1]["version"] == version
    assert ready.headers["Access-Control-Allow-Origin"] == "*"
    assert ready.headers["X-Content-Type-Options"] == "nosniff"
    assert len(ready.headers["X-Request-ID"]) == 32
    preflight = site.rest("OPTIONS", "/health/live", headers={
        "Origin": "https://shop.example", "Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 200 and preflight.headers["Access-Control-Allow-Methods"]
    head = site.rest("HEAD", "/health/live")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(site.rest("GET", "/health/live").content)
    assert (posted := site.rest("POST", "/health/live")).status_code == 405
    assert posted.headers["Allow"] == "GET, HEAD"
    assert site.rest("GET", "/health/").status_code == 404


def refusals(site, *request):
    """The answer, if it is a refusal."""
    answer = site.rest(*request)
    return [answer] if answer.status_code == 503 else []


def test_a_worker_that_drains_says_so_and_others_take_over_the_desk(stack):
    site = stack.site
    product, old, start = site.product("P"), site.workers(), len(site.log())
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        slow = [patch_while_locked(site, product, "slow")]
        os.kill(site.pid("seller-center"), signal.SIGHUP)
        wait_until(lambda: len(set(site.workers()) - set(old)) == 2, what="new workers")
        wait_until(lambda: log_since(stack, start, "replaced the workers"), what="the deploy")
        # The old workers' desks are closed, so that only the new ones answer, while the old ones finish their requests.
        assert {site.rest("GET", "/health/ready").status_code for _ in range(20)} == {200}
        other.run("ROLLBACK")
        assert {request.result().status_code for request in slow} == {200}
    wait_until(lambda: not set(old) & set(site.workers()), what="the end of the old workers")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        slow = patch_while_locked(site, product, "slow")
        stack.child.terminate()
        # The worker with the request stays until it has answered.
        [draining] = wait_until(lambda: refusals(site, "GET", "/health/ready"))
        assert draining.json()["status"] == "draining"
        other.run("ROLLBACK")
        assert slow.result().status_code == 200
    assert stack.child.wait(10) == 0


def test_a_signal_to_stop_is_heard_while_workers_start(file_stack):
    file_stack.end_server()
    with frozen(file_stack.site.pid("mariadb")):
        child = file_stack.run("serve")
        wait_until(lambda: children(child.pid), what="a worker that starts")
        start = time.monotonic()
        child.terminate()
        assert child.wait(10) == 0
        assert time.monotonic() - start < 1


def test_when_all_workers_died_without_mariadb_others_start_and_say_503(stack):
    site = stack.site
    database = Database(stack)
    database.end(signal.SIGKILL)
    try:
        old = set(site.workers())
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(new := set(site.workers()) - old) == 2 and new <= ready_workers(stack), what="workers")
        assert site.rest("GET", "/products/api/products/").status_code == 503
        assert site.rest("GET", "/health/live").status_code == 200
    finally:
        database.start()
    assert site.rest("GET", "/products/api/products/").status_code == 200


def test_the_last_worker_is_replaced_at_once_though_another_could_not_be(stack):
    site = stack.site
    database = Database(stack)
    database.end(signal.SIGKILL)
    try:
        start = len(site.log())
        first, second = site.workers()
        os.kill(first, signal.SIGKILL)
        # The pauses become longer, and are seconds by now.
        wait_until(lambda: len(log_since(stack, start, "a worker does not become ready")) >= 6, what="six failures")
        os.kill(second, signal.SIGKILL)
        wait_until(lambda: log_since(stack, start, "worker has started and says 503"), 2, "a worker that says 503")
        assert site.rest("GET", "/products/api/products/").status_code == 503
    finally:
        database.start()
    wait_until(lambda: site.rest("GET", "/products/api/products/").status_code == 200)


def test_a_deploy_can_go_back_to_a_program_that_knows_no_newer_options(stack):
    """Workers get everything newer by the environment, which a former program does not look at."""
    known = {"worker", "--descriptor", "--ready", "--desk", "--needs-database"}
    for pid in stack.site.workers():
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_text().split("\0")[1:-1]
        assert {word for word in words if not word.isdigit()} <= known


def test_a_second_reload_is_done_after_the_first(stack):
    site = stack.site
    seen = set(site.workers())
    start = len(site.log())
    for _ in range(2):
        os.kill(site.pid("seller-center"), signal.SIGHUP)
        wait_until(lambda: len(site.workers()) > 2 or log_since(stack, start, "replaced the workers"), what="a deploy")
    wait_until(lambda: len(log_since(stack, start, "replaced the workers")) == 2, what="both deploys")
    wait_until(lambda: len(site.workers()) == 2 and not seen & set(site.workers()), what="new workers")


def test_reloading_under_load_fails_no_request_and_leaves_new_workers_only(file_stack):
    file_stack.serve(**PATIENT)
    site = file_stack.site
    site.reset()
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


# Passes a socket as systemd does: as descriptor 3, for the process that it starts.
HELD_SOCKET = """
import os, sys
descriptor, *command = sys.argv[1:]
os.dup2(int(descriptor), 3)
os.set_inheritable(3, True)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(command[0], command)
"""


def test_a_restart_on_a_socket_that_somebody_holds_fails_no_request(file_stack):
    file_stack.end_server()
    path = file_stack.dir / "fastcgi.sock"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1024)

        def serve():
            return file_stack.run(
                "serve", before=[sys.executable, "-c", HELD_SOCKET, str(listener.fileno())],
                descriptors=[listener.fileno()], **PATIENT)

        child = serve()
        wait_until(file_stack.site.is_ready, what="the server")
        file_stack.site.reset()
        with Load(file_stack.site, count=4) as load:
            for _ in range(3):
                answered = load.answered
                wait_until(lambda: load.answered > answered + 50, what="work")
                child.terminate()
                assert child.wait(30) == 0
                child = serve()
            answered = load.answered
            wait_until(lambda: load.answered > answered + 50, what="work")
        assert load.failures == []
        child.terminate()
        assert child.wait(30) == 0
    assert int(file_stack.site.sql("SELECT COUNT(*) FROM products WHERE product_id LIKE 'L%-%'")[0][0]) == len(load.created)


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
    child = stack.serve(REQUEST_SECONDS=2, DRAIN_SECONDS=3, RECEIVE_SECONDS=1)
    workers = site.workers()
    with frozen(site.pid("mariadb")):
        stuck = Later(lambda: Site(site.url, site.dir).rest("GET", "/products/api/products/"))
        child.terminate()
        assert child.wait(9) == 0
        assert not any(map(is_alive, workers))
        assert stuck.result().status_code == 503


def test_who_comes_while_it_stops_is_told_at_once(stack):
    site, child = stack.site, stack.child
    product = site.product("P")
    with DatabaseSession(site) as other:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        slow = patch_while_locked(site, product, "last")
        child.terminate()
        # nginx keeps connections to the workers for a second, and the draining workers still answer on them.
        [late] = wait_until(lambda: refusals(site, "POST", "/products/api/products/", {}))
        assert late.headers["X-Error-Code"] == "UNAVAILABLE"
        assert late.elapsed.total_seconds() < 1
        other.run("ROLLBACK")
        assert slow.result().status_code == 200
    assert child.wait(10) == 0


def test_idle_workers_stop_at_once(stack):
    # A new server, since nginx keeps connections for a second after their last request.
    child = stack.serve()
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
            # A worker that stays would hold the socket during all following tests.
            os.kill(pid, signal.SIGKILL)
            left_behind.append(milliseconds)
    assert left_behind == []


def test_without_any_worker_soap_clients_get_a_fault_and_others_json(own_stack):
    own_stack.start("--no-demo")
    own_stack.end_server()
    for version, code in ((11, "Server"), (12, "Receiver")):
        fault = SOAPFault(own_stack.site.soap("products", "list_products", version=version))
        assert (fault.status, fault.version, fault.fault_code) == (503, version, code)
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        for path in ("/products/api/products/", "/products/api/products/1/", "/docs/", "/health/ready"):
            answer = own_stack.site.rest(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
            assert (answer.status_code, answer.headers["X-Error-Code"]) == (503, "UNAVAILABLE"), (method, path)
            assert answer.headers["Retry-After"] and (method == "HEAD" or answer.json()["detail"])


def test_a_body_that_nginx_cannot_keep_is_refused_in_the_form_of_its_protocol(own_stack):
    own_stack.start("--no-demo")
    # A large body goes to a file, which cannot be written here, as on a full disk.
    (own_stack.dir / "nginx-body").rename(own_stack.dir / "moved")
    (own_stack.dir / "nginx-body").touch()
    site, large = own_stack.site, "x" * 500_000
    answer = site.rest("POST", "/products/api/products/", {"name": large})
    assert (answer.status_code, answer.headers["X-Error-Code"]) == (503, "UNAVAILABLE") and answer.json()["detail"]
    for version in (11, 12):
        fault = SOAPFault(site.soap("products", "list_products", large, version=version))
        assert (fault.status, fault.version, fault.code) == (503, version, "UNAVAILABLE")


def test_a_worker_that_dies_in_the_first_start_is_replaced(file_stack):
    file_stack.end_server()
    with frozen(file_stack.site.pid("mariadb")):
        child = file_stack.run("serve")
        wait_until(lambda: len(children(child.pid)) == 2, what="workers that start")
        os.kill(children(child.pid)[0], signal.SIGKILL)
        wait_until(lambda: len(children(child.pid)) == 2, what="another")
    wait_until(file_stack.site.is_ready, what="the server")
    child.terminate()
    assert child.wait(10) == 0


def test_however_often_workers_die_there_is_soon_another(stack):
    site = stack.site
    for _ in range(14):
        for pid in site.workers():
            os.kill(pid, signal.SIGKILL)
        start = time.monotonic()
        wait_until(lambda: site.rest("GET", "/products/api/products/").status_code == 200, 5, "an answer")
        assert time.monotonic() - start < 5


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
