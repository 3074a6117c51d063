"""The failures of `seller-center migrate`: one line that says what to do, and nothing half done."""
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from migrating import Schema, schema, three
from site_client import USER, ROOT, wait_until

ADVICE = (
    "Run SET GLOBAL log_bin_trust_function_creators = 1 as an administrator and put "
    "log_bin_trust_function_creators = 1 into the server's configuration, or run migrate as a user with SUPER.\n")
TRIGGER = "CREATE OR REPLACE TRIGGER {name} BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1;"


class LoggingServer:
    """A private MariaDB with the binary log on, whose users have passwords."""

    def __init__(self, dir):
        self.dir = pathlib.Path(dir)
        self.password = self.dir / "password"
        self.password.write_text("correct-horse\n")
        data = f"--datadir={self.dir}/data"
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", data, "--auth-root-authentication-method=socket",
             f"--auth-root-socket-user={USER}", f"--user={USER}", "--skip-test-db"], check=True, capture_output=True)
        (self.dir / "tmp").mkdir()
        self.child = subprocess.Popen(
            [shutil.which("mariadbd") or "/usr/sbin/mariadbd", "--no-defaults", data, f"--user={USER}",
             f"--socket={self.dir}/mariadb.sock", f"--pid-file={self.dir}/mariadb.pid", f"--tmpdir={self.dir}/tmp",
             "--skip-networking", "--log-bin=binlog", "--server-id=1", "--innodb-buffer-pool-size=32M",
             "--performance-schema=OFF", f"--log-error={self.dir}/mariadb.log"])
        wait_until(self.answers, what="MariaDB")

    def answers(self):
        assert self.child.poll() is None, (self.dir / "mariadb.log").read_text()
        try:
            return self.sql("SELECT 1")
        except subprocess.CalledProcessError:
            return False

    def sql(self, text, database="mysql"):
        done = subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.dir}/mariadb.sock", "--batch", "--raw",
             "--skip-column-names", f"--user={USER}", database],
            input=text, capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def stop(self):
        self.child.terminate()
        self.child.wait(60)


@pytest.fixture(scope="module")
def logging_server():
    # In /tmp and not in pytest's own temporary directory, since the path of a unix socket must be short.
    dir = tempfile.mkdtemp(prefix="seller-center-", dir="/tmp")
    server = LoggingServer(dir)
    yield server
    server.stop()
    shutil.rmtree(dir)


class LoggedSchema(Schema):
    """A database on that server, and a user who has the named rights to it."""

    def grant(self, rights, on=None):
        user = f"{self.name}_user"
        self.sql(f"CREATE USER IF NOT EXISTS {user}@localhost IDENTIFIED BY 'correct-horse'")
        self.sql(f"GRANT {rights} ON {on or f'{self.name}.*'} TO {user}@localhost")

    def start(self, *options, **settings):
        return super().start(*options, **{
            "DATABASE_USER": f"{self.name}_user", "DATABASE_PASSWORD_FILE": self.site.password} | settings)

    def refused(self, **settings):
        """The line on standard error of a run that fails; it must not contain the usage."""
        code, out, err = self.migrate(**settings)
        assert code == 1 and out == []
        assert err.startswith("migrate: ") and err.count("\n") == 1 and "Usage" not in err
        return err


@pytest.fixture
def logged(logging_server, shared_site, tmp_path):
    schema = LoggedSchema(logging_server, shared_site.program(), tmp_path)
    schema.grant("ALL")
    schema.write("001_a.sql", "CREATE TABLE IF NOT EXISTS a (id INT);")
    yield schema
    schema.drop()


def test_our_own_files_need_a_trusted_user_and_nothing_is_half_done(logged):
    for path in (ROOT / "sql").glob("*.sql"):
        shutil.copy(path, logged.directory)
    (logged.directory / "001_a.sql").unlink()
    assert logged.refused() == (
        "migrate: 001_products.sql changes triggers, for which the user needs SUPER while the binary log is on. "
        "Nothing was applied. " + ADVICE)
    assert logged.tables() == {"schema_lease", "schema_migrations"}
    # The advice in the message works.
    logged.sql("SET GLOBAL log_bin_trust_function_creators = 1")
    try:
        files = sorted(path.name for path in logged.directory.iterdir())
        assert logged.migrate() == (0, [f"applied {name}" for name in files], "")
    finally:
        logged.sql("SET GLOBAL log_bin_trust_function_creators = 0")
    # A migration without missing files needs no rights.
    assert logged.migrate() == (0, ["The schema is up to date."], "")


def test_a_user_with_super_may_make_triggers(logged):
    logged.write("002_b.sql", TRIGGER.format(name="b"))
    assert "002_b.sql changes triggers" in logged.refused()
    assert "a" not in logged.tables()
    logged.grant("SUPER", on="*.*")
    assert logged.migrate() == (0, ["applied 001_a.sql", "applied 002_b.sql"], "")


def test_a_user_with_every_right_may_make_triggers(logged):
    logged.write("002_b.sql", TRIGGER.format(name="b"))
    logged.grant("ALL", on="*.*")
    assert logged.migrate() == (0, ["applied 001_a.sql", "applied 002_b.sql"], "")


@pytest.mark.parametrize("text", [
    "CREATE DEFINER = CURRENT_USER TRIGGER b BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1",
    "-- A comment.\n\ncreate\n  trigger b BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1",
    "CREATE TABLE b (id INT);CREATE TRIGGER IF NOT EXISTS b BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1",
    "DROP TRIGGER IF EXISTS b",
], ids=["a definer", "small letters after a comment", "the second statement", "one that goes"])
def test_a_trigger_is_seen_however_it_is_written(logged, text):
    logged.write("002_b.sql", text)
    assert "002_b.sql changes triggers" in logged.refused()
    assert "a" not in logged.tables()


def test_files_that_make_no_trigger_need_no_trusted_user(logged):
    logged.write("002_b.sql", "-- CREATE TRIGGER comes later.\nCREATE TABLE b (id INT COMMENT 'no trigger');")
    assert logged.migrate() == (0, ["applied 001_a.sql", "applied 002_b.sql"], "")


def test_what_is_refused_on_the_way_names_the_file_and_what_to_set(logged):
    logged.migrate()
    # The same restriction applies to functions.
    logged.write("002_b.sql", "CREATE FUNCTION b() RETURNS INT DETERMINISTIC RETURN 1;")
    err = logged.refused()
    assert err.startswith("migrate: 002_b.sql failed: 1419 You do not have the SUPER privilege")
    assert err.endswith(". " + ADVICE)


def test_a_statement_that_fails_is_one_line_with_its_number(three):
    three.write("002_b.sql", "CREATE TABLE b (\n  id NOTHING\n);")
    code, out, err = three.migrate()
    assert (code, out) == (1, ["applied 001_a.sql"])
    assert err.startswith("migrate: 002_b.sql failed: ") and err.count("\n") == 1 and "NOTHING" in err
    assert "Usage" not in err


def test_a_changed_file_is_one_line(three):
    three.migrate()
    three.write("002_b.sql", "CREATE TABLE other (id INT)")
    assert three.migrate() == (
        1, [], "migrate: 002_b.sql was applied and has changed since. Nothing was applied.\n")


def test_a_wrong_password_is_no_mistake_in_the_command_line(logged, tmp_path):
    (tmp_path / "other").write_text("battery-staple")
    err = logged.refused(DATABASE_PASSWORD_FILE=tmp_path / "other")
    assert "1045" in err and "SELLER_CENTER_DATABASE_PASSWORD_FILE" in err and "battery-staple" not in err


def test_a_user_whom_the_server_does_not_know_is_told(three):
    code, out, err = three.migrate(DATABASE_USER="nobody_at_all")
    assert (code, out) == (1, []) and err.startswith(("migrate: 1045 ", "migrate: 1698 ")) and "SELLER_CENTER_DATABASE_USER" in err


def test_a_database_that_is_not_there_is_named(logged):
    logged.grant("ALL", on="nowhere.*")
    assert logged.refused(DATABASE_NAME="nowhere") == (
        "migrate: 1049 Unknown database 'nowhere'. Run CREATE DATABASE `nowhere`, or set SELLER_CENTER_DATABASE_NAME.\n")


def test_a_user_without_access_is_told_which_rights_to_get(logged):
    err = logged.refused(DATABASE_NAME="mysql")
    assert "1044" in err and f"{logged.name}_user" in err and "Run GRANT ALL ON `mysql`.* TO this user" in err


def test_a_right_that_is_missing_is_named(logged):
    logged.migrate()
    logged.sql(f"REVOKE ALL ON {logged.name}.* FROM {logged.name}_user@localhost")
    logged.grant("SELECT, INSERT, UPDATE, CREATE")
    logged.write("002_b.sql", "ALTER TABLE a ADD COLUMN b INT;")
    err = logged.refused()
    assert err.startswith("migrate: 002_b.sql failed: 1142 ALTER command denied") and logged.name in err
    assert "Run GRANT ALL ON" in err


def test_a_user_with_one_session_is_refused_before_the_lease_is_taken(logged):
    logged.sql(f"ALTER USER {logged.name}_user@localhost WITH MAX_USER_CONNECTIONS 1")
    assert logged.refused().startswith("migrate: 1226 ")
    assert logged.sql("SELECT owner FROM schema_lease") == [[""]] and "a" not in logged.tables()


def test_a_server_that_is_not_there_is_named(logged):
    err = logged.refused(DATABASE_SOCKET=logged.site.dir / "none")
    assert "2002" in err and f"{logged.site.dir}/none" in err and "SELLER_CENTER_DATABASE_SOCKET" in err


def test_a_server_that_takes_no_writes_is_named(logged):
    logged.migrate()
    logged.sql("SET GLOBAL read_only = 1")
    try:
        err = logged.refused()
    finally:
        logged.sql("SET GLOBAL read_only = 0")
    assert "1290" in err and "run migrate on the one that takes writes" in err
