"""The stack under load: `nginx/serve` with its MariaDB and workers, and further nginx with the same settings."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

import load

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The user who runs the bench is the administrator of its database.
USER = pwd.getpwuid(os.geteuid()).pw_name


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """A site in a directory of its own; leaving the block ends all its processes."""

    def __init__(self):
        # In /tmp, since the path of a unix socket must be short.
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="seller-center-bench.", dir="/tmp"))
        self.port = free_port()
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        subprocess.run([ROOT / "nginx/serve", "--stop", "--dir", self.dir], stdout=subprocess.DEVNULL)
        shutil.rmtree(self.dir, ignore_errors=True)

    def serve(self):
        # A separate directory for temporary files: a MariaDB that starts deletes the temporary tables in its directory,
        # and /tmp may have those of others.
        temporary = self.dir / "tmp"
        temporary.mkdir()
        done = subprocess.run(
            [ROOT / "nginx/serve", "--detach", "--no-demo", "--port", str(self.port), "--dir", self.dir],
            env=os.environ | {"TMPDIR": str(temporary)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"bench: the stack does not start\n{done.stdout}")

    def pid(self, part):
        return int((self.dir / f"{part}.pid").read_text())

    def sql(self, text, database="seller_center"):
        """The rows of the statements, as lists of texts."""
        done = subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.dir}/mariadb.sock", f"--user={USER}", "--batch", "--raw",
             "--skip-column-names", database], input=text, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: {done.stderr}\n{text[:2000]}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def start(self, name, command, **options):
        """Starts a process that ends together with the bench."""
        with open(self.dir / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                **options)
        self.started.append(process)
        return process

    def another_nginx(self, name, changes):
        """An nginx with the generated settings, changed by some replacements, in the directory `name` and on a port of
        its own. A FastCGI program belongs at the socket `fastcgi.sock` there. Returns the port and the process."""
        dir, port = self.dir / name, free_port()
        dir.mkdir(exist_ok=True)
        lines = (self.dir / "nginx.conf").read_text().splitlines(keepends=True)
        text = "".join(line for line in lines if not line.lstrip().startswith("listen [::1]"))
        changes = {f"{self.dir}/": f"{dir}/", f"127.0.0.1:{self.port}": f"127.0.0.1:{port}",
                   "daemon on;": "daemon off;"} | changes
        for old, new in changes.items():
            if old not in text:
                raise SystemExit(f"bench: nginx.conf has no {old!r} any more")
            text = text.replace(old, new)
        (dir / "nginx.conf").write_text(text)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        process = self.start(
            f"nginx-{name}", [nginx, "-p", dir, "-c", dir / "nginx.conf", "-e", dir / "nginx-error.log"])
        # nginx opens the port before its worker runs.
        wait_for(lambda: answers(port) and len(load.family(process.pid)) > 1, f"nginx for {name}")
        return port, process.pid

    def static_nginx(self):
        return self.another_nginx("static", {
            "location / {": f"location /files/ {{ root {self.dir}/static; }}\n        location / {{"})

    def empty_logs(self):
        """Empties the access logs, which grow by megabytes per second under load."""
        for log in self.dir.glob("**/nginx-access.log"):
            with open(log, "r+b") as file:
                file.truncate()

    def last_log_lines(self, count=5):
        """The end of every log except the access logs, for a message."""
        lines = []
        for log in sorted([*self.dir.glob("*.log"), *self.dir.glob("*/nginx-error.log")]):
            if log.name != "nginx-access.log":
                lines += [f"{log.name}: {line}" for line in log.read_text(errors="replace").splitlines()[-count:]]
        return "\n".join(lines)

    def resize_buffer_pool(self, megabytes):
        """Gives MariaDB's buffer pool this size, which some versions do in the background."""
        bytes = megabytes << 20
        self.sql(f"SET GLOBAL innodb_buffer_pool_size = {bytes}")
        # Some of the memory goes to the pool's own lists.
        pages = "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_total'"
        wait_for(
            lambda: 0.9 < int(self.sql(pages)[0][1]) * 16384 / bytes <= 1, "the resizing of the buffer pool", 120)

    def forget_created(self, last):
        """Deletes the products above the data set, and waits until MariaDB has purged them."""
        self.sql(f"DELETE FROM products WHERE id > {last}")
        query = "SHOW GLOBAL STATUS LIKE 'Innodb_history_list_length'"
        wait_for(lambda: int(self.sql(query)[0][1]) < 100, "MariaDB's purge", 30)


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait_for(condition, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"bench: {what} takes more than {seconds} s")
        time.sleep(0.05)
