"""`nginx/serve` run by a user who is not root and has no home, and starts that fail: no process is left behind."""
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

from conftest import free_port
from site_client import ROOT, Site, is_alive, wait_until

NOBODY = 65534


class Clone:
    """The files that `nginx/serve` reads, readable for every user, and a directory of the user who runs it."""

    def __init__(self, root, program, other):
        self.sources, self.dir, self.port = root / "clone", root / "dir", free_port()
        # Only root can become another user; when anyone else runs the tests, that user is ordinary already.
        self.uid = NOBODY if other and os.geteuid() == 0 else os.geteuid()
        self.user = pwd.getpwuid(self.uid).pw_name
        switch = ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups"]
        self.become = switch if self.uid != os.geteuid() else []
        self.settings = {"SERVER_PROGRAM": str(self.sources / "seller-center"), "HOME": "/nonexistent"}
        self.dir.mkdir()
        for name in ("nginx", "sql"):
            shutil.copytree(ROOT / name, self.sources / name)
        shutil.copy(program, self.sources / "seller-center")
        # Swagger UI is stored in the clone, or in the user's directory if the clone belongs to another user.
        assets = (self.dir if self.become else self.sources / ".build") / "swagger-ui"
        if (ROOT / ".build/swagger-ui").is_dir():
            shutil.copytree(ROOT / ".build/swagger-ui", assets)
        subprocess.run(["chmod", "-R", "a+rX", root], check=True)
        if self.become:
            subprocess.run(["chown", "-R", f"{self.uid}:{self.uid}", self.dir], check=True)

    def command(self, *options):
        # The signals are reset, since the tests may run in the background, where some are ignored.
        return [*self.become, "env", "--default-signal=INT,QUIT,HUP", self.sources / "nginx/serve", *options]

    def environment(self):
        own = {name: value for name, value in os.environ.items() if not name.startswith("SELLER_CENTER_")}
        return own | self.settings

    def serve(self, *options):
        """Runs the script and waits for its end."""
        return subprocess.run(
            self.command("--dir", self.dir, *options), env=self.environment(), cwd="/", umask=0o077,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def start(self):
        return self.serve("--detach", "--no-demo", "--port", str(self.port))

    def sql(self, text):
        """The output of a statement that the user runs."""
        done = subprocess.run(
            [*self.become, "mariadb", "--no-defaults", f"--socket={self.dir}/mariadb.sock", f"--user={self.user}",
             "--batch", "--skip-column-names", "seller_center", "-e", text],
            capture_output=True, text=True, cwd="/", check=True)
        return done.stdout.split()

    def replace_program(self, text):
        """Replaces the server by a shell script, in which `$program` is the server."""
        program = self.sources / "program"
        (self.sources / "seller-center").rename(program)
        write_program(self.sources / "seller-center", f"program={program} dir={self.dir}\n{text}")

    def processes(self):
        """The processes that have to do with the directory: their ids and command lines."""
        found = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            # Other users' processes cannot be read, and any process may end meanwhile.
            with contextlib.suppress(OSError):
                command = (process / "cmdline").read_text(errors="replace")
                parts = [command, (process / "environ").read_text(errors="replace")]
                # nginx overwrites its command line and environment by its title, so its open files are compared as
                # well.
                parts += map(os.readlink, (process / "fd").iterdir())
                if any(f"{self.dir}/" in part for part in parts):
                    found[int(process.name)] = command.replace("\0", " ")
        return found


def write_program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def tools_without(clone, *names):
    """A directory with all programs except these, for use as the script's PATH."""
    tools = clone.sources / "tools"
    tools.mkdir()
    tools.chmod(0o755)
    for program in pathlib.Path("/usr/bin").iterdir():
        if program.name not in names:
            (tools / program.name).symlink_to(program)
    clone.settings["PATH"] = str(tools)
    return tools


@contextlib.contextmanager
def new_clone(program, other):
    # In /tmp and not in pytest's own temporary directory, since the path of a unix socket must be short.
    root = pathlib.Path(tempfile.mkdtemp(prefix="seller-center-", dir="/tmp"))
    clone = Clone(root, program, other)
    try:
        yield clone
    finally:
        clone.serve("--stop")
        for pid in clone.processes():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(root)


@pytest.fixture(params=["ourselves", "another user"])
def clone(request, file_stack):
    with new_clone(file_stack.program, request.param == "another user") as clone:
        yield clone


@pytest.fixture
def anothers(file_stack):
    with new_clone(file_stack.program, True) as clone:
        yield clone


def test_it_starts_answers_and_stops(clone):
    started = clone.start()
    assert started.returncode == 0, started.stdout + started.stderr
    site = Site(f"http://127.0.0.1:{clone.port}", clone.dir)
    created = site.product("P1")
    assert site.rest("GET", f"/products/api/products/{created['id']}/").json() == created
    assert site.rest("GET", "/docs/assets/swagger-ui-bundle.js").status_code == 200
    assert clone.sql("SELECT product_id FROM products") == ["P1"]
    wait_until(lambda: len(site.workers()) == 2, what="two workers")
    processes = clone.processes()
    # MariaDB, the supervisor with two workers, and nginx with one worker.
    assert len(processes) == 6, processes
    assert {os.stat(f"/proc/{pid}").st_uid for pid in processes} == {clone.uid}
    assert '"user" directive' not in started.stderr + (clone.dir / "nginx-error.log").read_text()
    stopped = clone.serve("--stop")
    assert stopped.returncode == 0, stopped.stderr
    assert clone.processes() == {}


def broken_migration(clone):
    (clone.sources / "sql/999_broken.sql").write_text("CREATE TABLE;\n")
    (clone.sources / "sql/999_broken.sql").chmod(0o644)


def broken_server(clone):
    clone.replace_program('[ "$1" = serve ] && { echo "no server today" >&2; exit 1; }\nexec "$program" "$@"')


def broken_database(clone):
    (clone.dir / "mariadb").mkdir()


def no_new_database(clone):
    write_program(tools_without(clone, "mariadb-install-db") / "mariadb-install-db", "echo 'no room'; exit 1")


def taken_port(clone):
    # Nothing listens on the port at first, so that only nginx notices that it is in use.
    clone.taken = socket.socket()
    clone.taken.bind(("127.0.0.1", clone.port))


@pytest.mark.parametrize("failure, said", [
    (broken_migration, ["999_broken.sql"]), (broken_server, ["no server today"]),
    (taken_port, ["nginx does not start"]), (broken_database, ["MariaDB has ended", "mariadb.log: ", "[ERROR]"]),
    (no_new_database, ["no room"]),
    ], ids=["migration", "server", "port", "database", "new database"])
def test_a_start_that_fails_says_why_and_leaves_no_process(clone, failure, said):
    failure(clone)
    started = time.monotonic()
    done = clone.start()
    assert done.returncode == 1
    assert all(words in done.stderr for words in said), done.stderr
    assert clone.processes() == {}
    assert time.monotonic() - started < 25
    assert not list(clone.dir.glob("*.pid"))


def test_a_database_that_refuses_the_user_is_told_from_one_that_does_not_start(clone):
    assert clone.start().returncode == 0
    clone.sql("DROP USER CURRENT_USER()")
    assert clone.serve("--stop").returncode == 0
    started = time.monotonic()
    done = clone.start()
    assert done.returncode == 1
    assert f"refuses the user {clone.user}" in done.stderr and "Access denied" in done.stderr
    assert clone.processes() == {}
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("number, send", [
    (signal.SIGINT, os.killpg), (signal.SIGHUP, os.killpg), (signal.SIGTERM, os.kill)],
    ids=["Ctrl-C", "hangup", "kill"])
def test_a_signal_in_the_middle_of_a_start_ends_it_at_once_and_leaves_no_process(anothers, number, send):
    anothers.replace_program('touch "$dir/here"\nexec sleep 600')
    child = subprocess.Popen(
        anothers.command("--dir", anothers.dir, "--port", str(anothers.port)), env=anothers.environment(), cwd="/",
        stdout=subprocess.DEVNULL, start_new_session=True)
    wait_until((anothers.dir / "here").exists, 60, "the start of the migration")
    send(child.pid, number)
    assert child.wait(30) == 128 + number
    assert anothers.processes() == {}


def test_a_stale_pid_file_with_the_number_of_anothers_part_harms_nothing(clone, file_stack):
    running = {part: file_stack.site.pid(part) for part in ("nginx", "seller-center", "mariadb")}
    for run in (lambda: clone.serve("--stop"), clone.start):
        for part, pid in running.items():
            (clone.dir / f"{part}.pid").write_text(f"{pid}\n")
            os.chown(clone.dir / f"{part}.pid", clone.uid, -1)
        done = run()
        assert done.returncode == 0, done.stderr
        assert all(map(is_alive, running.values()))


def test_a_directory_that_the_user_may_not_write_is_said(anothers):
    anothers.dir.chmod(0o555)
    done = anothers.start()
    anothers.dir.chmod(0o755)
    assert done.returncode == 1
    assert f"{anothers.user} may not write in {anothers.dir}" in done.stderr and "--dir" in done.stderr


@pytest.mark.parametrize("sudo", [None, "echo 'sudo: a password is required' >&2; exit 1"], ids=["none", "refuses"])
def test_packages_that_are_missing_and_cannot_be_installed_are_named(anothers, sudo):
    tools = tools_without(anothers, "sudo", "dpkg-query")
    write_program(tools / "dpkg-query", "exit 1")
    if sudo:
        write_program(tools / "sudo", sudo)
    started = time.monotonic()
    done = anothers.start()
    assert done.returncode == 1
    assert time.monotonic() - started < 10
    assert f"{anothers.user} may not install them" in done.stderr
    [line] = [line for line in done.stderr.splitlines() if "apt-get install" in line]
    assert {"mariadb-server", "libfcgi-dev", "curl"} <= set(line.split())
    assert not (anothers.dir / "mariadb").exists()
