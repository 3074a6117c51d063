"""Ways to break a running stack, conditions to wait for meanwhile, and checks of the answers that follow."""
import contextlib
import os
import re
import shlex
import subprocess
import threading

from database_proxy import Proxy
from site_client import Site, is_alive, wait_until


class Clients:
    """Clients that call a site for as long as the block runs, each on a thread and with connections of its own."""

    def __init__(self, site, count):
        self.running = True
        self.threads = [
            threading.Thread(target=self.run, args=(Site(site.url, site.dir), number)) for number in range(count)]

    def run(self, site, number):
        """The calls of one client, which go on while `running` is true."""
        raise NotImplementedError

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()


def is_unavailable(answer):
    return (answer.status_code, answer.headers.get("X-Error-Code"), "Retry-After" in answer.headers) == (
        503, "UNAVAILABLE", True)


def is_unknown(answer):
    return (answer.status_code, answer.headers.get("X-Error-Code"), "Retry-After" in answer.headers) == (
        500, "OUTCOME_UNKNOWN", False)


class Later:
    """A request that runs while the test continues."""

    def __init__(self, send):
        self.thread = threading.Thread(target=lambda: setattr(self, "answer", send()))
        self.thread.start()

    def result(self):
        self.thread.join(30)
        return self.answer


def patch_while_locked(site, product, brand):
    """Sends a change of a product's row, which waits while another session has the row locked."""
    own = Site(site.url, site.dir)
    later = Later(lambda: own.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": brand}))
    wait_until(lambda: waiting(site) > 0, what="a session that waits for the lock")
    return later


def waiting(site):
    """The number of sessions inside a prepared statement, which in these tests means that they wait for a row."""
    # innodb_trx would show it too, but its content stays the same while it is read every 0.1 s.
    return int(site.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Execute'")[0][0])


def waiting_for_table(site):
    """The number of sessions that wait for a table that another session has locked."""
    return int(site.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'")[0][0])


def ready_workers(stack):
    return {line["process"] for line in stack.site.log()
            if line["message"] in ("worker is ready", "worker has started and says 503")}


def log_since(stack, start, message):
    return [line for line in stack.site.log()[start:] if line["message"] == message]


def sessions(site):
    """The sessions of the program and of tests."""
    return site.sql("SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db IS NOT NULL")


def wait_for_the_end(site, old):
    """Waits until some sessions have ended."""
    wait_until(lambda: not [session for session in sessions(site) if session in old], what="the end of the sessions")


def kill_sessions(site):
    for [pid] in sessions(site):
        site.sql(f"KILL {pid}")


class Database:
    """The stack's MariaDB, which a test can end and start again with the arguments of `nginx/serve`."""

    def __init__(self, stack):
        self.site = stack.site
        self.pid = self.site.pid("mariadb")
        self.arguments = open(f"/proc/{self.pid}/cmdline").read().split("\0")[:-1]

    def end(self, number):
        os.kill(self.pid, number)
        wait_until(lambda: not is_alive(self.pid), 30, "the end of MariaDB")

    def start(self):
        # A shell starts it, since a child of the tests would become a zombie when it ends.
        command = " ".join(shlex.quote(argument) for argument in self.arguments)
        subprocess.run(["sh", "-c", f"setsid {command} </dev/null >/dev/null 2>&1 &"], check=True)
        wait_until(self.answers, 30, "MariaDB")
        self.pid = self.site.pid("mariadb")

    def answers(self):
        try:
            return self.site.sql("SELECT 1") == [["1"]]
        except subprocess.CalledProcessError:
            return False


@contextlib.contextmanager
def proxied(stack, **settings):
    """The stack's server with a proxy between it and MariaDB; its one thread sends statements in a known order."""
    path = stack.dir / "proxy.sock"
    path.unlink(missing_ok=True)
    proxy = Proxy(path, stack.dir / "mariadb.sock")
    try:
        stack.serve(PROCESSES=1, THREADS=1, DATABASE_SOCKET=path, **settings)
        yield proxy
    finally:
        stack.end_server()
        proxy.close()


def memory(pid):
    """The process's proportional share of memory in kB."""
    rollup = open(f"/proc/{pid}/smaps_rollup").read()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE).group(1))
