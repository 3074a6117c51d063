"""`seller-center migrate` applies each file once and in order, and does not change a database that does not fit."""
import shutil
import time

import pytest

from migrating import schema, three
from site_client import ROOT, DatabaseSession


def test_the_files_are_applied_in_order_and_each_is_named(three):
    assert three.migrate() == (0, ["applied 001_a.sql", "applied 002_b.sql", "applied 003_c.sql"], "")
    assert three.tables() == {"a", "b", "c", "schema_lease", "schema_migrations"}
    assert three.applied() == ["001_a.sql", "002_b.sql", "003_c.sql"]


def test_a_second_run_does_nothing_and_says_so(three):
    three.migrate()
    before = three.site.sql("SELECT * FROM schema_migrations", three.name)
    assert three.migrate() == (0, ["The schema is up to date."], "")
    assert three.site.sql("SELECT * FROM schema_migrations", three.name) == before


def test_only_what_is_new_is_applied(three):
    three.migrate()
    three.write("004_d.sql", "CREATE TABLE d (id INT)")
    assert three.migrate() == (0, ["applied 004_d.sql"], "")


def test_two_processes_at_once_apply_every_file_once(schema):
    for path in (ROOT / "sql").glob("*.sql"):
        shutil.copy(path, schema.directory)
    files = sorted(path.name for path in schema.directory.iterdir())
    # A statement that fails if it is applied twice.
    schema.write(f"{len(files) + 1:03}_once.sql", "CREATE TABLE once (id INT); INSERT INTO once VALUES (1);")
    children = [schema.start() for _ in range(3)]
    outputs = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0, 0], outputs
    lines = [line for out, _ in outputs for line in out.splitlines() if line.startswith("applied")]
    assert lines == [f"applied {name}" for name in files + [f"{len(files) + 1:03}_once.sql"]]
    assert sum("up to date" in out for out, _ in outputs) == 2
    assert schema.site.sql("SELECT COUNT(*) FROM once", schema.name) == [["1"]]


def change(three):
    three.write("002_b.sql", "CREATE TABLE IF NOT EXISTS b (id BIGINT);")


def touch_comment(three):
    three.write("002_b.sql", "CREATE TABLE IF NOT EXISTS b (id INT); -- harmless")


def rename(three):
    (three.directory / "002_b.sql").rename(three.directory / "002_bb.sql")


def lose_the_last(three):
    (three.directory / "003_c.sql").unlink()


@pytest.mark.parametrize("damage, name", [
    (change, "002_b.sql"), (touch_comment, "002_b.sql"), (rename, "002_b.sql"), (lose_the_last, "003_c.sql"),
], ids=["changed", "a comment added", "renamed", "the last is missing"])
def test_a_file_that_is_not_what_was_applied_stops_everything(three, damage, name):
    three.migrate()
    damage(three)
    # A new file is not applied either.
    number = len(list(three.directory.iterdir())) + 1
    three.write(f"00{number}_new.sql", "CREATE TABLE new (id INT)")
    code, out, err = three.migrate()
    assert code not in (0, 2)
    assert out == []
    assert name in err
    assert "new" not in three.tables()
    assert three.applied() == ["001_a.sql", "002_b.sql", "003_c.sql"]


@pytest.mark.parametrize("names, at_fault", [
    (["001_a.sql", "003_c.sql"], "003_c.sql"), (["002_b.sql"], "002_b.sql"),
    (["001_a.sql", "001_b.sql"], "001_b.sql"), (["001_a.sql", "later.sql"], "later.sql"),
], ids=["a gap", "no first", "one number twice", "no number"])
def test_files_out_of_order_are_refused_before_anything_is_done(schema, names, at_fault):
    for name in names:
        schema.write(name, "CREATE TABLE x (id INT)")
    code, out, err = schema.migrate()
    assert code not in (0, 2)
    assert out == []
    assert at_fault in err
    assert schema.tables() == set()


def test_a_directory_without_migrations_is_refused(schema):
    code, out, err = schema.migrate()
    assert code not in (0, 2) and out == [] and str(schema.directory) in err


def test_other_files_in_the_directory_are_no_migrations(three):
    three.write("README.md", "not SQL")
    assert three.migrate()[0] == 0


def test_a_file_that_fails_is_not_recorded_and_can_be_mended(three):
    three.write("002_b.sql", "CREATE TABLE IF NOT EXISTS b (id INT); CREATE TABLE no_type (id NOTHING);")
    code, out, err = three.migrate()
    assert code not in (0, 2)
    # The output names what was applied before the failure; the error names the file.
    assert out == ["applied 001_a.sql"]
    assert "002_b.sql" in err and "NOTHING" in err
    assert three.applied() == ["001_a.sql"]
    three.write("002_b.sql", "CREATE TABLE IF NOT EXISTS b (id INT);")
    assert three.migrate() == (0, ["applied 002_b.sql", "applied 003_c.sql"], "")


def test_a_table_in_use_makes_it_wait_and_nobody_else(schema):
    schema.write("001_a.sql", "CREATE TABLE IF NOT EXISTS a (id INT);")
    schema.migrate()
    schema.write("002_b.sql", "ALTER TABLE a ADD COLUMN IF NOT EXISTS b INT;")
    with DatabaseSession(schema.site) as backup:
        backup.run(f"START TRANSACTION; SELECT * FROM {schema.name}.a")
        child = schema.start()
        longest = 0
        end = time.monotonic() + 7
        while time.monotonic() < end:
            start = time.monotonic()
            schema.site.sql("SELECT * FROM a", schema.name)
            longest = max(longest, time.monotonic() - start)
        # The migration gives up its place in the queue after two seconds, and waits five before the next attempt.
        assert child.poll() is None and 1 < longest < 4
        backup.run("COMMIT")
        assert child.communicate(timeout=30) == ("applied 002_b.sql\n", "")
