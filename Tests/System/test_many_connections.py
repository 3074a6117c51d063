"""Thousands of connections, and too few descriptors for them: those that fit are served, and the others wait."""
import contextlib
import os
import resource
import time

import pytest

from fastcgi import Connection
from site_client import Site, wait_until


@pytest.fixture
def stack(file_stack):
    file_stack.site.reset()
    return file_stack


def cpu_seconds(pids):
    ticks = sum(sum(map(int, open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[11:13])) for pid in pids)
    return ticks / os.sysconf("SC_CLK_TCK")


def test_two_thousand_kept_connections_are_served(stack):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # A shell's usual limit of descriptors, which the server raises by itself.
    stack.serve(before=["prlimit", "--nofile=1024:10000"], PROCESSES=1)
    with contextlib.ExitStack() as end:
        connections = [end.enter_context(contextlib.closing(Connection(stack.dir / "fastcgi.sock")))
                       for _ in range(2000)]
        for _ in range(2):
            for connection in connections:
                assert connection.request("GET", "/")[0] == 200
        assert stack.site.rest("GET", "/products/api/products/").status_code == 200


def test_above_the_descriptors_that_there_are_connections_wait_and_nothing_spins(stack):
    stack.serve(before=["prlimit", "--nofile=200:200"], PROCESSES=1, RECEIVE_SECONDS=2)
    [worker] = stack.site.workers()
    with contextlib.ExitStack() as end:
        for _ in range(400):
            end.enter_context(contextlib.closing(Connection(stack.dir / "fastcgi.sock")))
        # The last connection waits until the first ones have been silent too long, and is then answered.
        last = Connection(stack.dir / "fastcgi.sock", timeout=60)
        last.send("GET", "/")
        before, start = cpu_seconds([worker]), time.monotonic()
        assert last.answer()[0] in (200, 503)
        # Nothing was busy while it waited.
        assert cpu_seconds([worker]) - before < 0.3 * (time.monotonic() - start) + 0.2
    wait_until(lambda: Site(stack.site.url, stack.site.dir).rest("GET", "/").status_code == 200, what="room")
    assert stack.site.workers() == [worker]


def test_the_last_descriptor_is_enough_for_a_request(stack):
    """Connections have a second descriptor, to be ended by when late; without one they are served nevertheless."""
    stack.serve(PROCESSES=1)
    [worker] = stack.site.workers()
    numbers = {int(number) for number in os.listdir(f"/proc/{worker}/fd")}
    free = next(number for number in range(1000) if number not in numbers)
    soft, hard = resource.prlimit(worker, resource.RLIMIT_NOFILE)
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (free + 1, hard))
    try:
        with contextlib.closing(Connection(stack.dir / "fastcgi.sock", timeout=10)) as connection:
            for _ in range(3):
                assert connection.request("GET", "/products/api/products/")[0] == 200
    finally:
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (soft, hard))
    assert stack.site.rest("GET", "/products/api/products/").status_code == 200
    assert stack.site.workers() == [worker]
