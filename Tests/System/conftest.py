"""The stacks that the tests run against; `Tests/run` starts the shared one."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import pytest

from site_client import ROOT, Site


@pytest.fixture(scope="session")
def shared_site():
    return Site(os.environ["SELLER_CENTER_URL"], os.environ["SELLER_CENTER_DIR"])


@pytest.fixture
def site(shared_site):
    """The shared stack, with every table empty."""
    shared_site.reset()
    return shared_site


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
