"""The OpenAPI document describes every answer to the recorded requests of the contract."""
import collections
import importlib.util
import shlex
import types

import pytest

from openapi_document import OpenAPI, published
from site_client import DOMAINS, ROOT

FILES = [*DOMAINS, "http", "json"]
METHODS = {"GET", "PUT", "POST", "PATCH", "DELETE"}

# Requests whose answers come from HTTP or the site as a whole instead of an operation. Only these may be undocumented,
# and each of them occurs.
OUTSIDE = {
    "a URL that is none of the site's": "404, and the document has no such path",
    "a URL without its last slash": "301 or 308 to the one with it",
    "a method that the resource lacks": "405, and Allow names exactly the documented ones",
    "OPTIONS": "describes the resource itself, as DRF did, or is a CORS preflight",
    "an index": "/ and /{domain}/api/ list URLs",
}
INDEXES = {"/"} | {f"/{domain}/api/" for domain in DOMAINS}


def load_contract():
    """The contract's checker as a new module, so that its functions can be wrapped."""
    spec = importlib.util.spec_from_file_location("contract", ROOT / "Tests/Contract/contract.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def record(site, name):
    """Replays a file of scenarios; returns the requests with their answers."""
    contract = load_contract()
    exchanges = []
    send = contract.request

    def recording(client, step, context):
        answer = send(client, step, context)
        method, path, headers, _ = contract.build(step, context, client)
        exchanges.append(types.SimpleNamespace(
            name=step.get("name", "setup"), method=method, path=path.split("?")[0], query=path.partition("?")[2],
            status=answer["status"], headers=answer["raw_headers"], body=answer.get("body"), length=answer["len"],
            is_json="body" in answer))
        return answer

    contract.request = recording
    client = contract.Client(site.url)
    reset = f"{shlex.quote(str(ROOT / 'Tests/System/reset-database'))} {shlex.quote(str(site.dir))}"
    options = types.SimpleNamespace(control=False, reset_cmd=reset)
    for _, file in contract.load([str(ROOT / f"Tests/Contract/open/{name}.json")]):
        for number, scenario in enumerate(file["scenarios"]):
            if scenario.get("legacy"):
                continue
            if number == 0 or scenario.get("clean"):
                contract.reset(client, options)
            contract.run_scenario(scenario, client, options, lambda *_: None)
    return exchanges


def without_suffix(path):
    """The documented path for `/products/api/products.json` and `/products/api/.json`."""
    for ending in (".json/", ".json"):
        if path.endswith(ending):
            return path.removesuffix(ending).removesuffix("/") + "/"
    return path


def judge(document, exchange):
    """Why no operation is responsible for the answer, and what is wrong with the answer."""
    path = without_suffix(exchange.path)
    methods = document.methods(path)
    if exchange.method == "OPTIONS":
        return "OPTIONS", [] if exchange.status in (200, 404, 406) else [f"status {exchange.status}"]
    if exchange.status in (301, 308):
        assert (exchange.status == 301) == (exchange.method in ("GET", "HEAD"))
        whole = without_suffix(exchange.path + "/")
        is_right = methods is None and (document.methods(whole) or whole in INDEXES)
        return "a URL without its last slash", [] if is_right else ["redirected, and not to a documented URL"]
    if methods is None and path in INDEXES:
        return "an index", [] if exchange.status in (200, 404, 405, 406) else [f"status {exchange.status}"]
    if methods is None:
        return "a URL that is none of the site's", [] if exchange.status == 404 else [f"status {exchange.status}"]
    method = "GET" if exchange.method == "HEAD" else exchange.method
    if method not in methods:
        allowed = {name.strip() for name in exchange.headers.get("allow", "").split(",")}
        is_right = exchange.status == 405 and allowed & METHODS == set(methods)
        return "a method that the resource lacks", [] if is_right else [f"status {exchange.status}, Allow {allowed}"]
    problems = document.problems(
        methods[method], exchange.status, exchange.headers, exchange.body, has_body=exchange.method != "HEAD")
    if exchange.length and not exchange.is_json:
        problems.append("the body is no JSON")
    return None, problems


@pytest.fixture(scope="module")
def judged(shared_site):
    """Every exchange with its verdict."""
    document = OpenAPI(published(shared_site))
    return {name: [(exchange, *judge(document, exchange)) for exchange in record(shared_site, name)] for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_every_answer_is_documented(judged, name):
    wrong = collections.defaultdict(list)
    for exchange, _, problems in judged[name]:
        for problem in problems:
            request = f"{exchange.method} {exchange.path}?{exchange.query}"
            wrong[problem].append(f"{request} {exchange.status}: {exchange.name}")
    assert len(judged[name]) > 80
    assert not wrong, "\n".join(f"{problem} ({len(cases)}): {cases[0]}" for problem, cases in wrong.items())


def test_nothing_is_outside_the_document_but_what_no_document_describes(judged):
    reasons = collections.Counter(reason for verdicts in judged.values() for _, reason, _ in verdicts)
    print(reasons)
    assert set(reasons) - {None} == set(OUTSIDE)
    assert reasons[None] > 5000
