"""Each thread notes what it inserts in a slot of its own, so that writers of one table do not wait for one another."""
import os
import re
import signal

import pytest

from conftest import new_stack
from site_client import wait_until

PROCESSES, THREADS = 3, 8


@pytest.fixture(scope="module")
def stack():
    with new_stack() as stack:
        stack.start("--no-demo", PROCESSES=PROCESSES, THREADS=THREADS)
        stack.site.sql("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1")
        yield stack


def slots_of_new_sessions(stack, count, end):
    """Ends workers, and returns the slots that the sessions of their successors have set."""
    before = set(stack.site.workers())
    stack.site.sql("TRUNCATE mysql.general_log")
    end()

    def slots():
        rows = stack.site.sql("SELECT argument FROM mysql.general_log WHERE argument LIKE '%@slot = %'")
        return [re.search(r"@slot = (\w+)", text)[1] for text, in rows if text.startswith("SET ")]

    # The desks have sessions as well, without a slot.
    wait_until(lambda: len([slot for slot in slots() if slot != "NULL"]) == count, what="the sessions")
    wait_until(lambda: len(stack.site.workers()) == PROCESSES and set(stack.site.workers()) != before)
    stack.wait_for_all_workers()
    return sorted(int(slot) for slot in slots() if slot != "NULL")


def test_every_thread_has_a_slot_of_its_own(stack):
    def deploy():
        os.kill(stack.site.pid("seller-center"), signal.SIGHUP)

    for _ in range(2):
        assert slots_of_new_sessions(stack, PROCESSES * THREADS, deploy) == list(range(PROCESSES * THREADS))


def test_a_worker_that_replaces_another_has_its_slots(stack):
    worker = stack.site.workers()[0]
    slots = slots_of_new_sessions(stack, THREADS, lambda: os.kill(worker, signal.SIGKILL))
    assert len(slots) == THREADS and slots[0] % THREADS == 0 and slots == list(range(slots[0], slots[0] + THREADS))


def test_a_row_is_noted_in_the_threads_slot_and_other_programs_use_the_first_ones(stack):
    site = stack.site
    read = "SELECT slot, inserts FROM row_counts WHERE table_name = 'warehouses' ORDER BY slot"
    assert len(site.sql(read)) == 64

    def noted(insert):
        before = site.sql(read)
        insert()
        return [int(new[0]) for old, new in zip(before, site.sql(read), strict=True) if old != new]

    row = {
        "warehouse_id": "W", "name": "N", "address": "A", "city": "C", "state": "S", "country": "DE",
        "postal_code": "1", "capacity": 1,
    }
    # More threads than the sessions' own numbers would reach: some note their rows behind the first 16 slots.
    slots = {
        slot for number in range(200)
        for slot in noted(lambda: site.create("/logistics/api/warehouses/", row | {"warehouse_id": f"W{number}"}))}
    assert max(slots) < PROCESSES * THREADS and max(slots) >= 16
    insert = (
        "INSERT INTO warehouses (warehouse_id, name, address, city, state, country, postal_code, capacity) "
        "VALUES ('V', 'N', 'A', 'C', 'S', 'DE', '1', 1)")
    [slot] = noted(lambda: site.sql(insert))
    assert slot < 16
    [slot] = noted(lambda: site.sql("SET @slot = 63; " + insert.replace("'V'", "'U'")))
    assert slot == 63
