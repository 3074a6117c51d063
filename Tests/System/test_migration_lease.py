"""The lease of `seller-center migrate`: a row that keeps two nodes of a cluster from changing the schema at once.

On one server GET_LOCK would hide the lease, so these tests change the row as a migration of another node would.
"""
import pytest

from migrating import schema, three
from site_client import DatabaseSession, wait_until

SHORT = ["--lease-seconds", "3"]


@pytest.fixture
def fourth(three):
    """A database that lacks the last of four files."""
    three.migrate()
    three.write("004_d.sql", "CREATE TABLE d (id INT);")
    return three


def hold(schema, seconds, owner="somebody else"):
    """Gives the lease to another process; returns the time of its end."""
    schema.sql(f"UPDATE schema_lease SET owner = '{owner}', until = UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND")
    return schema.sql("SELECT until FROM schema_lease")[0][0]


def lease(schema):
    """The owner and the end of the lease."""
    return schema.sql("SELECT owner, until FROM schema_lease")[0]


class Gate:
    """A statement in a migration that waits until the test lets it continue."""

    def __init__(self, schema):
        self.schema, self.session = schema, DatabaseSession(schema.site)
        self.statement = f"DO GET_LOCK('{schema.name}', 60);"

    def __enter__(self):
        self.session.__enter__()
        self.session.run(f"DO GET_LOCK('{self.schema.name}', 0)")
        return self

    def __exit__(self, *_):
        self.session.__exit__()

    def wait(self):
        """Waits until the migration has reached the statement."""
        wait_until(lambda: self.schema.sql(
            f"SELECT 1 FROM information_schema.processlist WHERE db = '{self.schema.name}' AND state = 'User lock'"),
            what="the file")

    def open(self):
        self.session.run(f"DO RELEASE_LOCK('{self.schema.name}')")


@pytest.fixture
def gate(schema):
    with Gate(schema) as gate:
        yield gate


def test_a_lease_of_another_is_waited_for_and_its_holder_is_named(fourth):
    until = hold(fourth, 60)
    child = fourth.start()
    assert child.stderr.readline() == (
        f"migrate: waiting for somebody else, whose lease lasts until {until.split('.')[0]} UTC if it is not renewed\n")
    assert child.poll() is None and "d" not in fourth.tables()
    fourth.sql("UPDATE schema_lease SET owner = ''")
    assert child.communicate(timeout=10) == ("applied 004_d.sql\n", "")
    assert child.returncode == 0


def test_a_lease_that_runs_out_is_taken_and_not_before(fourth):
    until = hold(fourth, 2)
    code, out, err = fourth.migrate()
    assert (code, out) == (0, ["applied 004_d.sql"]) and "waiting for somebody else" in err
    assert fourth.sql(f"SELECT applied_at > '{until}' FROM schema_migrations WHERE number = 4") == [["1"]]


def test_who_waited_finds_nothing_to_do(fourth):
    hold(fourth, 60)
    child = fourth.start()
    child.stderr.readline()
    # The other process applies the file meanwhile.
    fourth.sql((fourth.directory / "004_d.sql").read_text())
    fourth.sql("INSERT INTO schema_migrations SELECT 4, '004_d.sql', SHA2('CREATE TABLE d (id INT);', 256), NOW(6)")
    fourth.sql("UPDATE schema_lease SET owner = ''")
    assert child.communicate(timeout=10) == ("The schema is up to date.\n", "")


def test_a_lease_is_given_back_also_after_a_failure(three):
    three.migrate()
    assert lease(three)[0] == ""
    three.write("004_d.sql", "no statement")
    assert three.migrate()[0] == 1
    assert lease(three)[0] == ""


def test_a_row_that_is_gone_is_made_again(fourth):
    fourth.sql("DELETE FROM schema_lease")
    assert fourth.migrate() == (0, ["applied 004_d.sql"], "")


def test_a_long_file_keeps_the_lease(three, gate):
    three.write("002_b.sql", gate.statement + "CREATE TABLE b (id INT);")
    child = three.start(*SHORT)
    gate.wait()
    owner, first = lease(three)
    assert f"process {child.pid} on " in owner
    # Longer than the lease lasts without renewal.
    wait_until(lambda: three.sql(f"SELECT UTC_TIMESTAMP(6) > '{first}'") == [["1"]], what="the end of the first lease")
    assert lease(three)[0] == owner
    assert three.sql("SELECT until > UTC_TIMESTAMP(6) FROM schema_lease") == [["1"]]
    gate.open()
    assert child.communicate(timeout=10) == ("applied 001_a.sql\napplied 002_b.sql\napplied 003_c.sql\n", "")


def test_a_lease_that_is_taken_away_ends_the_file_that_runs(three, gate):
    three.write("002_b.sql", gate.statement + "CREATE TABLE late (id INT);")
    child = three.start(*SHORT)
    gate.wait()
    until = hold(three, 60)
    # The test does not open the gate: the keeper must end the session that waits there.
    out, err = child.communicate(timeout=10)
    assert (child.returncode, out) == (1, "applied 001_a.sql\n")
    assert err == ("migrate: The lease was taken away by somebody else: stopped at 002_b.sql, which is not recorded as "
                   "applied. Run migrate again.\n")
    gate.open()
    assert three.tables() == {"a", "schema_lease", "schema_migrations"}
    assert three.applied() == ["001_a.sql"]
    assert lease(three) == ["somebody else", until]


def test_a_lease_that_is_lost_at_the_end_of_a_file_stops_before_it_is_recorded(three):
    # So quickly that the keeper's session cannot have noticed it.
    three.write("002_b.sql", "CREATE TABLE b (id INT); UPDATE schema_lease SET owner = 'somebody else';")
    code, out, err = three.migrate()
    assert (code, out) == (1, ["applied 001_a.sql"])
    assert "by somebody else" in err and "002_b.sql" in err
    assert three.tables() == {"a", "b", "schema_lease", "schema_migrations"}
    assert three.applied() == ["001_a.sql"]
    assert lease(three)[0] == "somebody else"


def test_a_killed_migration_is_followed_by_the_next_when_its_lease_runs_out(three, gate):
    three.write("002_b.sql", gate.statement + "CREATE TABLE IF NOT EXISTS b (id INT);")
    killed = three.start(*SHORT)
    gate.wait()
    killed.kill()
    killed.communicate()
    owner, until = lease(three)
    assert f"process {killed.pid} on " in owner
    gate.open()
    code, out, err = three.migrate()
    assert (code, out) == (0, ["applied 002_b.sql", "applied 003_c.sql"])
    assert err.startswith(f"migrate: waiting for {owner}, whose lease lasts until ")
    assert three.sql(f"SELECT applied_at > '{until}' FROM schema_migrations WHERE number = 2") == [["1"]]


def test_a_row_that_is_locked_makes_it_wait(fourth):
    with DatabaseSession(fourth.site) as session:
        session.run(f"START TRANSACTION; SELECT * FROM {fourth.name}.schema_lease FOR UPDATE")
        child = fourth.start()

        def attempts():
            return fourth.sql(
                "SELECT 1 FROM information_schema.processlist "
                f"WHERE db = '{fourth.name}' AND info LIKE 'UPDATE schema_lease%'")

        wait_until(attempts, what="the first attempt")
        wait_until(lambda: not attempts(), what="its end")
        wait_until(attempts, what="the next one")
        session.run("ROLLBACK")
        assert child.communicate(timeout=20) == ("applied 004_d.sql\n", "")


@pytest.mark.parametrize("seconds", ["2", "60", "-3", "many"])
def test_a_lease_of_no_fit_length_is_a_mistake_in_the_command_line(three, seconds):
    code, out, err = three.migrate(f"--lease-seconds={seconds}")
    assert code not in (0, 1, 2) and out == [] and "Usage: seller-center migrate" in err
    assert three.tables() == set()
