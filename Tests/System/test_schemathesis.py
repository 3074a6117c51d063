"""Requests that schemathesis makes up from the OpenAPI document cause no server failure and no undocumented answer."""
import json
import os
import random

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi import checks

from openapi_document import GOLDEN, published
from parity_rows import fill
from parity_schema import Schema

SEED = int(os.environ.get("SCHEMATHESIS_SEED", 1))
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", 8))
# The document's promises about answers. Checks about requests ("negative data is rejected") would be wrong, since the
# contract accepts more than the document describes, such as numbers in text.
CHECKS = [
    schemathesis.checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.response_headers_conformance,
]
# Operations of the golden copy, which name the tests; other tests check that the site publishes the same.
OPERATIONS = [
    (method, path) for path, methods in json.loads(GOLDEN.read_text(encoding="utf-8"))["paths"].items()
    for method, details in methods.items() if "operationId" in details]


@pytest.fixture(scope="module")
def target(shared_site):
    """The document in schemathesis, aimed at the site, and rows for the requests."""
    shared_site.reset()
    schema = Schema(shared_site)
    api = schemathesis.openapi.from_dict(published(shared_site))
    api.config.update(base_url=shared_site.url)
    return shared_site, api, schema, fill(shared_site, schema, random.Random(SEED), 4)


def aim(case, ledger, resource, choice):
    """Replaces two of three made-up ids by those of existing rows, since most made-up ids do not exist."""
    def id_of(name):
        return choice.choice(ledger.rows[name]).id if choice.random() < 0.67 else None

    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = id_of(resource.singular) or case.path_parameters["id"]
    if isinstance(case.body, dict):
        for field in resource.fields:
            if field.target and field.name in case.body:
                case.body[field.name] = id_of(field.target) or case.body[field.name]


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("method, path", OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
def test_made_up_requests_get_documented_answers(target, method, path, mode):
    site, api, schema, ledger = target
    resource = next(each for each in schema.resources.values() if path.startswith(each.path))
    operation = api[path][method]
    if mode == "negative" and not (operation.body or operation.path_parameters or operation.query):
        return  # the request has no part that could be wrong
    choice = random.Random(SEED)

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate])
    @hypothesis.given(operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    def send(case):
        aim(case, ledger, resource, choice)
        # An id has no slash or dot by the contract: a URL with one leads nowhere, and its 404 is an HTML page.
        hypothesis.assume(not set("./") & set(str((case.path_parameters or {}).get("id", ""))))
        case.validate_response(case.call(session=site.session), checks=CHECKS)

    send()
