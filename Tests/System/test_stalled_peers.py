"""Silent peers on the FastCGI socket do not delay others, and their connections are ended in time."""
import contextlib
import socket
import struct
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from site_client import DatabaseSession, Site, frozen, wait_until

RECEIVE_SECONDS = 2
BEGIN, PARAMS, STDIN = 1, 4, 5


def record(kind, content, length=None):
    """A FastCGI record; `length` is the announced length, if it differs from the content's."""
    return struct.pack("!BBHHBB", 1, kind, 1, len(content) if length is None else length, 0, 0) + content


def parameters(**values):
    return b"".join(
        struct.pack("!BB", len(name), len(value)) + name.encode() + value.encode() for name, value in values.items())


def start_of_request(method="GET", path="/", **more):
    return (record(BEGIN, struct.pack("!HBxxxxx", 1, 0))
            + record(PARAMS, parameters(REQUEST_METHOD=method, REQUEST_URI=path, HTTP_HOST="localhost", **more))
            + record(PARAMS, b""))


STALLS = {
    "nothing": b"",
    "half a record's head": record(BEGIN, bytes(8))[:4],
    "half a record": record(BEGIN, struct.pack("!HBxxxxx", 1, 0)) + record(PARAMS, b"\x0e\x03REQUEST", length=40),
    "no end of the parameters": record(BEGIN, struct.pack("!HBxxxxx", 1, 0)) + record(PARAMS, parameters(A="b")),
    "half a body": start_of_request(
        "POST", "/products/api/products/", CONTENT_LENGTH="1000", CONTENT_TYPE="application/json"
    ) + record(STDIN, b'{"name": '),
    "half a record of a body": start_of_request(
        "POST", "/products/api/products/", CONTENT_LENGTH="1000", CONTENT_TYPE="application/json"
    ) + record(STDIN, b'{"name": ', length=900),
}


@pytest.fixture(scope="module")
def stack(file_stack):
    # One worker: of two, one may take more peers than it has threads, and another request waits for two of their ends.
    file_stack.serve(RECEIVE_SECONDS=RECEIVE_SECONDS, QUEUE_SECONDS=60, PROCESSES=1, THREADS=8)
    return file_stack


@contextlib.contextmanager
def peers(stack, count, data):
    """Opens connections that send the data and then nothing."""
    with contextlib.ExitStack() as open_ones:
        connections = []
        for _ in range(count):
            connection = open_ones.enter_context(socket.socket(socket.AF_UNIX))
            connection.connect(str(stack.dir / "fastcgi.sock"))
            connection.sendall(data)
            connections.append(connection)
        yield connections


def seconds_to_answer(site):
    start = time.monotonic()
    assert Site(site.url, site.dir).rest("GET", "/products/api/products/").status_code == 200
    return time.monotonic() - start


def seconds_to_end(connection):
    """The seconds until the server ends the connection, whatever it sends before."""
    start = time.monotonic()
    connection.settimeout(4 * RECEIVE_SECONDS)
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(65536):
            pass
    return time.monotonic() - start


def test_the_records_of_these_tests_are_good(stack):
    with peers(stack, 1, start_of_request() + record(STDIN, b"")) as [connection]:
        connection.settimeout(5)
        assert b"Status: 200" in connection.recv(65536)


@pytest.mark.parametrize("stall", STALLS)
def test_a_few_silent_peers_delay_nobody(stack, stall):
    with peers(stack, 3, STALLS[stall]):
        time.sleep(0.2)
        assert max(seconds_to_answer(stack.site) for _ in range(10)) < 0.5


@pytest.mark.parametrize("stall", STALLS)
def test_a_silent_peer_is_dropped_in_time(stack, stall):
    with peers(stack, 1, STALLS[stall]) as [connection]:
        assert seconds_to_end(connection) < RECEIVE_SECONDS + 1


def test_hundreds_of_peers_that_say_nothing_hold_no_thread(stack):
    with peers(stack, 400, b""):
        time.sleep(0.2)
        assert max(seconds_to_answer(stack.site) for _ in range(20)) < 0.5


@pytest.mark.parametrize("stall", [stall for stall in STALLS if stall != "nothing"])
def test_as_many_silent_peers_as_threads_delay_others_no_longer_than_the_limit(stack, stall):
    with peers(stack, 8, STALLS[stall]):
        time.sleep(0.2)
        assert seconds_to_answer(stack.site) < RECEIVE_SECONDS + 1
        assert seconds_to_answer(stack.site) < 0.5


def test_a_peer_that_drips_is_dropped_in_time(stack):
    """The time limit is for the whole request, so that a byte now and then does not extend it."""
    with peers(stack, 1, record(BEGIN, struct.pack("!HBxxxxx", 1, 0))) as [connection]:
        ended = threading.Event()

        def drip():
            while not ended.wait(RECEIVE_SECONDS / 4):
                try:
                    connection.sendall(b"\x01")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            assert seconds_to_end(connection) < 2 * RECEIVE_SECONDS + 1
        finally:
            ended.set()
            dripping.join()


def test_peers_that_go_away_leave_nothing_behind(stack):
    def descriptors():
        return sum(len(list(open_files.iterdir())) for open_files in
                   (stack.dir.__class__(f"/proc/{pid}/fd") for pid in stack.site.workers()))

    before = descriptors()
    for stall in STALLS.values():
        with peers(stack, 20, stall):
            pass
    time.sleep(0.5)
    assert max(seconds_to_answer(stack.site) for _ in range(10)) < 0.5
    # A few more are allowed, since nginx opens and closes kept connections.
    assert descriptors() <= before + 4


def in_queue(stack):
    """The number of connections that no worker has accepted yet."""
    listing = subprocess.run(["ss", "-xlnH", "src", str(stack.dir / "fastcgi.sock")], capture_output=True, text=True)
    return int(listing.stdout.split()[2])


def test_a_peer_that_waits_for_a_thread_is_not_late(stack):
    """Otherwise it would be told to try again, and its request might be carried out nevertheless."""
    site = stack.site
    product = site.product("P")
    stack.serve(PROCESSES=1, THREADS=1, RECEIVE_SECONDS=RECEIVE_SECONDS, QUEUE_SECONDS=60)
    with DatabaseSession(site) as other, ThreadPoolExecutor(2) as pool:
        other.run(f"BEGIN; SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")

        def patch(brand):
            return Site(site.url, site.dir).rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": brand})

        # The server is new, so that nginx opens a connection for each request. The worker is stopped until both are in
        # the queue; its one thread then takes both connections, and waits in the first request.
        [worker] = site.workers()
        with frozen(worker):
            answers = [pool.submit(patch, brand) for brand in ("first", "second")]
            wait_until(lambda: in_queue(stack) == 2, what="both in the socket's queue")
        # Nothing observable shows that the server has checked the second connection's deadline.
        time.sleep(RECEIVE_SECONDS + 1)
        other.run("ROLLBACK")
        assert [answer.result().status_code for answer in answers] == [200, 200]
    stack.serve(RECEIVE_SECONDS=RECEIVE_SECONDS, QUEUE_SECONDS=60)


def test_stopping_does_not_wait_for_peers_that_say_nothing(stack):
    with peers(stack, 5, b""):
        stack.child.terminate()
        assert stack.child.wait(20) == 0
    stack.serve(RECEIVE_SECONDS=RECEIVE_SECONDS, QUEUE_SECONDS=60)
