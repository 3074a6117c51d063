"""The stacks that the tests run against; `Tests/run` starts the shared one."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from site_client import ROOT, Site
from soap_attack import Canary

# The tests in it run as those of each toolkit, and are to explain their failures as any other.
pytest.register_assert_rewrite("product_story")


@pytest.fixture(scope="session")
def shared_site():
    return Site(os.environ["SELLER_CENTER_URL"], os.environ["SELLER_CENTER_DIR"])


@pytest.fixture
def site(shared_site):
    """The shared stack, with every table empty."""
    shared_site.reset()
    return shared_site


@pytest.fixture
def attacked(shared_site):
    """The shared stack under attack: its processes and its log are as before afterwards, and it answers at once."""
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
    # What would call out does so before it answers; this is for what would do so a little later.
    time.sleep(0.01)
    calls = canary.calls
    canary.close()
    assert calls == 0, "the server called out"


@pytest.fixture
def in_time(request):
    """At most two seconds, or as many as the test's module says in SECONDS."""
    limit = getattr(request.module, "SECONDS", 2)
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < limit


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OwnStack:
    """A stack that a test may break: `start` and `stop` are `nginx/serve`."""

    def __init__(self, dir):
        self.dir = pathlib.Path(dir)
        self.port = free_port()
        self.site = Site(f"http://127.0.0.1:{self.port}", self.dir)

    def start(self, *options, **environment):
        settings = {f"SELLER_CENTER_{name}": str(value) for name, value in environment.items()}
        done = subprocess.run(
            [ROOT / "nginx/serve", "--detach", "--port", str(self.port), "--dir", self.dir, *options],
            env=os.environ | settings, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self):
        subprocess.run([ROOT / "nginx/serve", "--stop", "--dir", self.dir], check=True, capture_output=True)


@pytest.fixture
def own_stack():
    """A stack of this test alone, not started yet; it is gone afterwards."""
    # The path of a unix socket is short, so it is not pytest's own temporary directory.
    dir = tempfile.mkdtemp(prefix="seller-center-", dir="/tmp")
    stack = OwnStack(dir)
    yield stack
    stack.stop()
    shutil.rmtree(dir)
