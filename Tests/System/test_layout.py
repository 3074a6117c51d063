"""The layout shows the architecture: what a folder must not know does not stand in it."""
import re

import pytest

from site_client import ROOT

SOURCES = ROOT / "Sources"
DOMAINS = sorted(path for path in (SOURCES / "Controllers").glob("*/*.swift"))


def found(files, pattern):
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files for number, line in enumerate(path.read_text().splitlines(), 1) if re.search(pattern, line)]


@pytest.mark.parametrize("pattern", [
    # A protocol, its spelling or its status; a statement; a transaction; a reply.
    r"\.json\b", r"\.xml\b", r'"[{<]', r"\bstatus: \d", r"application/|text/",
    r"\b(SELECT|INSERT|UPDATE|DELETE) ", r"\b(transact|snapshot|run)\(|transaction \{|snapshot \{",
    r"^import (MariaDB|Wire|FastCGI|XML)\b", r"\breply\.",
])
def test_domains_know_no_protocol_and_no_transaction(pattern):
    assert len(DOMAINS) > 20
    assert found(DOMAINS, pattern) == []


def test_one_place_runs_transactions():
    """The pipeline runs a session, and a session alone runs transactions."""
    files = sorted(SOURCES.rglob("*.swift"))
    runs = {line.split(":")[0] for line in found(files, r"\bsession\.run\(")}
    assert runs == {"Sources/SellerCenter/Pipeline.swift"}
    transactions = {line.split(":")[0] for line in found(files, r"\.transact\(|START TRANSACTION")}
    assert transactions == {"Sources/Engine/Session.swift", "Sources/MariaDB/Connection+Transactions.swift"}


def test_only_writing_changes_tables():
    engine = sorted((SOURCES / "Engine").glob("*.swift"))
    assert {line.split(":")[0] for line in found(engine, r'"?(INSERT INTO|UPDATE \\\(|DELETE FROM)')} == {
        "Sources/Engine/Writing.swift", "Sources/Engine/Insertion.swift"}
    assert {line.split(":")[0] for line in found(engine, r"\binsertion\.statement\(")} == {"Sources/Engine/Writing.swift"}


def test_no_file_is_longer_than_300_lines():
    assert [path.name for path in SOURCES.rglob("*.swift") if len(path.read_text().splitlines()) > 300] == []
