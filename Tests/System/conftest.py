"""The stacks that the tests run against; `Tests/run` starts the shared one."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

from site_client import ROOT, Site, is_alive, wait_until
from soap_attack import Canary

# The assertions in these modules should be explained as those of a test are.
pytest.register_assert_rewrite("product_story", "received_answers", "parity_steps", "parity_answers", "parity_rows")


@pytest.fixture(scope="session")
def shared_site():
    return Site(os.environ["SITE_URL"], os.environ["SITE_DIR"])


@pytest.fixture
def site(shared_site):
    """The shared stack, with every table empty."""
    shared_site.reset()
    return shared_site


@pytest.fixture
def attacked(shared_site):
    """The shared stack under attack. Afterwards its workers and log must be unchanged, and it must answer at once."""
    workers = sorted(shared_site.workers())
    logged = len(shared_site.log())
    yield shared_site
    assert sorted(shared_site.workers()) == workers, "a worker died"
    assert shared_site.log()[logged:] == [], "the server logged a failure of its own"
    start = time.perf_counter()
    assert shared_site.rest("GET", "/products/api/products/").status_code == 200
    assert shared_site.soap("products", "get_service_info").status_code == 200
    assert time.perf_counter() - start < 2


@pytest.fixture
def canary():
    """A listener that must see no connection."""
    canary = Canary()
    yield canary
    # A server that calls out does so before it answers; the pause is for a call that comes a little later.
    time.sleep(0.01)
    calls = canary.calls
    canary.close()
    assert calls == 0, "the server called out"


@pytest.fixture
def in_time(request):
    """Fails a test that takes more than two seconds, or more than its module's SECONDS."""
    limit = getattr(request.module, "SECONDS", 2)
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < limit


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OwnStack:
    """A stack that a test may break; `start` and `stop` run `nginx/serve`."""

    def __init__(self, dir):
        self.dir = pathlib.Path(dir)
        self.port = free_port()
        self.site = Site(f"http://127.0.0.1:{self.port}", self.dir)
        self.child = None
        self.children = []

    def environment(self, settings):
        return os.environ | {f"SELLER_CENTER_{name}": str(value) for name, value in settings.items()}

    def start(self, *options, **settings):
        done = subprocess.run(
            [ROOT / "nginx/serve", "--detach", "--port", str(self.port), "--dir", self.dir, *options],
            env=self.environment(settings), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        self.program = self.site.program()
        self.wait_for_all_workers()
        return done.stdout

    def stop(self):
        self.end_server()
        # Children that a failed test has left.
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        subprocess.run([ROOT / "nginx/serve", "--stop", "--dir", self.dir], check=True, capture_output=True)

    def run(self, *arguments, before=(), descriptors=(), **settings):
        """Runs the server's program on this stack's database and socket, as a child of the test."""
        settings = {"DATABASE_SOCKET": self.dir / "mariadb.sock", "SOCKET": self.dir / "fastcgi.sock"} | settings
        with (self.dir / "seller-center.log").open("a") as log:
            child = subprocess.Popen(
                [*before, self.program, *arguments], env=self.environment(settings), stderr=log,
                start_new_session=True, pass_fds=descriptors)
        self.children.append(child)
        return child

    def serve(self, *arguments, **options):
        """Starts the server again as a child of the test, in place of the one that runs."""
        self.end_server()
        self.child = self.run(*(arguments or ["serve"]), **options)
        (self.dir / "seller-center.pid").write_text(f"{self.child.pid}\n")
        wait_until(self.site.is_ready, what="the server")
        if "worker" not in arguments:
            self.wait_for_all_workers()
        return self.child

    def wait_for_all_workers(self):
        """Waits for all workers, since the first one answers before there is a second."""
        wait_until(lambda: self.said("serving", self.site.pid("seller-center")), what="all workers")

    def said(self, message, pid):
        """Whether the log has this message of the process."""
        return f'"message":"{message}","process":{pid},' in (self.dir / "seller-center.log").read_text()

    def end_server(self):
        if self.child:
            self.child.terminate()
            self.child.wait(60)
        elif (self.dir / "seller-center.pid").exists() and is_alive(pid := self.site.pid("seller-center")):
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not is_alive(pid), 60, "the end of the server")
        self.child = None


@contextlib.contextmanager
def new_stack():
    # In /tmp and not in pytest's own temporary directory, since the path of a unix socket must be short.
    dir = tempfile.mkdtemp(prefix="seller-center-", dir="/tmp")
    stack = OwnStack(dir)
    try:
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(dir)


@pytest.fixture
def own_stack():
    """A stack for this test alone, not started yet; it is removed afterwards."""
    with new_stack() as stack:
        yield stack


@pytest.fixture(scope="module")
def file_stack():
    """A running stack for the tests of one file; each test leaves MariaDB and nginx as it found them."""
    with new_stack() as stack:
        stack.start("--no-demo")
        yield stack
