"""The benchmark: it runs, checks the answers and keeps figures. These tests do not judge how fast anything is."""
import json
import subprocess
import sys

import pytest

from site_client import ROOT

sys.path.insert(0, str(ROOT / "Tests/Bench"))
import answers  # noqa: E402
import workloads  # noqa: E402

KEPT = {
    "settings": {"products": 999, "orders": 400},
    "connections": {"4": {"product": {"site": {
        "requests_per_second": 0.001, "cpu": {"app": 0.001, "nginx": 0.001, "MariaDB": 0.001},
        "rows": 5}}}},
}


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    """The output of one run, and the figures that it kept."""
    dir = tmp_path_factory.mktemp("bench")
    (dir / "kept.json").write_text(json.dumps(KEPT))
    done = subprocess.run(
        [ROOT / "Tests/bench", "--quick", "--peers", "c", "--json", dir / "new.json",
         "--compare", dir / "kept.json"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads((dir / "new.json").read_text())


def test_every_workload_is_measured(quick_run):
    _, figures = quick_run
    expected = {workload.name for workload in workloads.all_workloads(400, 400)} | {"empty"}
    assert figures["connections"]["4"].keys() == expected
    for name, targets in figures["connections"]["4"].items():
        site = targets["site"]
        assert site["requests_per_second"] > 0 and 0 < site["p50"] <= site["p99"], name
        assert site["cpu"]["app"] > 0 and site["cpu"]["nginx"] > 0, name


def test_each_answer_from_the_database_costs_mariadb_work(quick_run):
    _, figures = quick_run
    for name, targets in figures["connections"]["4"].items():
        if name != "empty":
            assert targets["site"]["cpu"]["MariaDB"] > 0 and targets["site"]["statements"] >= 1, name


def test_the_peer_in_c_is_measured_in_the_same_rounds(quick_run):
    output, figures = quick_run
    for name, targets in figures["connections"]["4"].items():
        if name != "empty":
            assert targets["c"]["cpu"]["app"] > 0 and targets["site"]["cpu_ratios"]["c"] > 0, name
    assert "x C CPU" in output


def test_a_page_is_set_beside_a_static_file_of_the_same_bytes(quick_run):
    _, figures = quick_run
    page = figures["connections"]["4"]["products-first"]
    # The answers differ only in their headers.
    assert page["site"]["bytes"] == pytest.approx(page["static file"]["bytes"], abs=500)
    assert page["site"]["bytes"] > 50_000


def test_the_table_shows_every_title_and_the_memory(quick_run):
    output, _ = quick_run
    for workload in workloads.all_workloads(400, 400):
        assert workload.title in output
    assert "memory (proportional set size" in output


def test_the_comparison_shows_what_changed_and_that_the_data_differ(quick_run):
    output, _ = quick_run
    comparison = output[output.index("changes from the kept figures"):]
    assert "products were 999" in comparison
    row = next(line for line in comparison.splitlines() if line.startswith("product by id"))
    # The row shows the change of each of its six figures.
    assert row.count("%") == 6 and row.count("+") >= 5


def changed(path, value):
    """A correct product with one value replaced."""
    document = answers.product(7)
    *steps, last = path
    place = document
    for step in steps:
        place = place[step]
    place[last] = value
    return document


@pytest.mark.parametrize("document, says", [
    (answers.product(7), None),
    (changed(["price"], 3.58), "the answer.price is 3.58, not '3.58'"),
    (changed(["images"], []), "the answer.images has 0 elements, not 2"),
    (changed(["images", 1, "is_primary"], 0), "the answer.images[1].is_primary is 0, not False"),
    (changed(["inventory"], None), "the answer.inventory is None"),
    (changed(["extra"], 1), "the answer has the keys"),
], ids=["right", "money-as-a-number", "no-images", "a-number-for-a-boolean", "no-inventory", "one-key-more"])
def test_a_wrong_answer_is_seen(document, says):
    found = workloads.difference(document, answers.product(7))
    assert found is None if says is None else found.startswith(says)


@pytest.mark.parametrize("text, choose, filled", [
    (workloads.draw("uniform", 1, 9), lambda kind, first, last: last, "9"),
    ("PRD-" + workloads.draw("zipf", 1, 20_000, "%07d"), lambda kind, first, last: last, "PRD-0020000"),
], ids=["plain", "padded"])
def test_a_placeholder_is_filled(text, choose, filled):
    assert workloads.fill(text, choose) == filled


def test_a_body_whose_length_depends_on_the_numbers_is_refused():
    request = workloads.Request("/", None, "POST", "text/plain", workloads.draw("uniform", 1, 10))
    with pytest.raises(ValueError):
        request.bytes()


def test_a_data_set_that_is_too_small_is_refused_before_anything_starts():
    done = subprocess.run([ROOT / "Tests/bench", "--products", "5"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "--products must be from" in done.stderr
