"""REST and SOAP do the same: random operations by REST on one database, and by SOAP on another.

PARITY_SEED=N repeats a run, PARITY_STEPS=N makes it longer.
"""
import os
import random

import pytest

from parity_steps import Walk

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
    # Deletions are as frequent as creations and remove children too: without more creations the tables would be empty.
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
    # The walk has seen refusals of each kind, and successes of nearly all operations.
    assert {"VALIDATION", "NOT_FOUND", "ALREADY_EXISTS", "CONFLICT"} <= set(walk.refused)
    assert len(walk.succeeded) > 0.9 * len(operations)
