"""REST and SOAP do the same: random operations by one on one database and by the other on another.

PARITY_SEED=N repeats a run, PARITY_STEPS=N makes it longer.
"""
import os
import random

import pytest

pytest.register_assert_rewrite("parity_steps", "parity_answers", "parity_rows")

from parity_steps import Walk  # noqa: E402  (what it asserts is to be told in full)

STEPS = int(os.environ.get("PARITY_STEPS", 1000))


@pytest.fixture
def walk(site, own_stack):
    own_stack.start("--no-demo")
    seed = int(os.environ.get("PARITY_SEED", random.randrange(2**32)))
    print(f"PARITY_SEED={seed}")
    walk = Walk(site, own_stack.site, random.Random(seed))
    yield walk
    print("\n".join(walk.trace[-3:]))


def test_rest_and_soap_do_the_same(walk):
    operations = walk.schema.operations
    # Deleting comes as often as creating, and parents take their children along: without more creates all is empty.
    creates = [operation for operation in operations if operation.name.startswith("create_")]
    for operation in creates * 3:
        walk.create(operation, operation.resource, mistakes=0)
    walk.same_tables()
    for round in range(STEPS // len(operations)):
        order = operations + creates * 3
        walk.random.shuffle(order)
        for operation in order:
            walk.perform(operation)
        walk.same_tables()
    print(dict(walk.refused), sum(walk.succeeded.values()), "succeeded")
    assert not {operation.name for operation in operations} - set(walk.done)
    # Both sides of every comparison were seen, refusals of each kind and successes of nearly all.
    assert {"VALIDATION", "NOT_FOUND", "ALREADY_EXISTS", "CONFLICT"} <= set(walk.refused)
    assert len(walk.succeeded) > 0.9 * len(operations)
