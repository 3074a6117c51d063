"""A crashing worker logs it: the signal, the place, and the message of the check that failed."""
import json
import os
import re
import signal
import subprocess

import pytest

from faults import Later
from site_client import ROOT, wait_until


@pytest.fixture
def stack(file_stack):
    file_stack.serve()
    file_stack.site.reset()
    return file_stack


def text_of_log(stack):
    return (stack.dir / "seller-center.log").read_text()


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("number", [
    signal.SIGSEGV, signal.SIGILL, signal.SIGTRAP, signal.SIGBUS, signal.SIGFPE, signal.SIGABRT], ids=lambda s: s.name)
def test_a_signal_that_says_that_the_program_is_broken_leaves_a_line(stack, number):
    start = len(text_of_log(stack))
    victim = stack.site.workers()[0]
    os.kill(victim, number)
    wait_until(lambda: len(set(stack.site.workers()) - {victim}) == 2, what="another worker")
    lines = json_lines(text_of_log(stack)[start:])
    [crash] = [line for line in lines if line["message"] == "crashed"]
    assert (crash["level"], crash["process"], crash["signal"]) == ("critical", victim, number.name)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", crash["time"])
    assert any("seller-center+0x" in frame or "program+0x" in frame or frame.startswith("libc") for frame in
               crash["backtrace"]), crash
    [ended] = [line for line in lines if line["message"] == "a worker ended"]
    assert (ended["worker"], ended["code"]) == (str(victim), str(128 + number))
    assert stack.site.rest("GET", "/products/api/products/").status_code == 200


def test_a_check_of_ours_that_fails_leaves_its_words_and_where_it_stands(stack):
    """A column has a type that the program cannot read. No client can cause that, but an operator can."""
    site = stack.site
    product = site.product("P")
    start = len(text_of_log(stack))
    site.sql("ALTER TABLE products RENAME COLUMN brand TO kept;"
             "ALTER TABLE products ADD COLUMN brand DOUBLE NOT NULL DEFAULT 0")
    try:
        # Each worker that gets the request crashes, and so does its successor when it reads the first pages.
        asked = Later(lambda: site.rest("GET", f"/products/api/products/{product['id']}/"))
        wait_until(lambda: "crashed" in text_of_log(stack)[start:], what="the crash")
    finally:
        site.sql("ALTER TABLE products DROP COLUMN brand; ALTER TABLE products RENAME COLUMN kept TO brand")
    assert asked.result().status_code in (200, 503)
    wait_until(lambda: site.rest("GET", f"/products/api/products/{product['id']}/").status_code == 200)
    text = text_of_log(stack)[start:]
    assert "a column of type 5 is selected nowhere" in text
    crash = [line for line in json_lines(text) if line["message"] == "crashed"][0]
    # The offsets are those in the program's file, as addr2line takes them.
    offsets = [frame.split()[0].split("+")[1] for frame in crash["backtrace"] if frame.startswith("seller-center+")]
    assert len(offsets) > 5
    found = subprocess.run(["addr2line", "-f", "-e", stack.program, *offsets], capture_output=True, text=True).stdout
    assert "BinaryCell" in found


def test_no_text_of_a_check_is_dropped_by_the_optimizer():
    """A failed `precondition` prints nothing in a release build, while `fatalError` prints its message."""
    for path in (ROOT / "Sources").rglob("*.swift"):
        assert not re.search(r"\b(precondition|preconditionFailure|assert|assertionFailure)\(", path.read_text()), path
