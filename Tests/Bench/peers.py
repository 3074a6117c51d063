"""The peers: the same rows and the same nginx settings, behind a program in C, PHP-FPM and Go's net/http/fcgi."""
import getpass
import os
import pathlib
import shutil
import subprocess
import urllib.request

import load
from stack import wait_for
from variants import target

SOURCES = pathlib.Path(__file__).resolve().parent / "peers"
# The same number of MariaDB sessions as the server under test has: two workers of four threads.
SESSIONS = 8
TITLES = {"c": "C", "php": "PHP-FPM", "go": "Go fcgi"}


def start_peers(stack, names):
    """Starts some peers; returns their targets by name."""
    stack.sql("CREATE USER bench@localhost IDENTIFIED BY 'bench'; "
              "GRANT SELECT, INSERT, UPDATE, DELETE ON seller_center.* TO bench@localhost")
    starts = {"c": start_c, "php": start_php, "go": start_go}
    return {name: starts[name](stack) for name in names}


def params(**values):
    """A change of nginx.conf that passes further parameters."""
    first = "fastcgi_param REQUEST_METHOD"
    return {first: "".join(f"fastcgi_param {name} {value};\n            " for name, value in values.items()) + first}


def start_program(stack, name, changes):
    """Starts a program that was built in the peer's directory."""
    dir = stack.dir / name
    process = stack.start(name, [dir / "peer"], env=os.environ | {
        "DATABASE_SOCKET": f"{stack.dir}/mariadb.sock", "SOCKET": f"{dir}/fastcgi.sock"})
    wait_for((dir / "fastcgi.sock").exists, f"the peer {name}")
    return target(stack, name, process.pid, changes)


def start_c(stack):
    dir = stack.dir / "c"
    dir.mkdir()
    library = subprocess.run(["mariadb_config", "--cflags", "--libs"], capture_output=True, text=True, check=True)
    subprocess.run(
        ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", dir / "peer",
         *sorted((SOURCES / "c").glob("*.c")), *library.stdout.split()], check=True)
    return start_program(stack, "c", {})


def start_php(stack):
    dir = stack.dir / "php"
    dir.mkdir()
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}/products/soap/?wsdl11", timeout=30) as answer:
        (dir / "products.wsdl").write_bytes(answer.read())
    root = os.geteuid() == 0
    owner = f"user = {getpass.getuser()}\nlisten.owner = {getpass.getuser()}\n" if root else ""
    (dir / "fpm.conf").write_text(f"""[global]
error_log = {dir}/fpm.log
daemonize = no
[bench]
{owner}listen = {dir}/fastcgi.sock
listen.backlog = 4096
pm = static
pm.max_children = {SESSIONS}
php_admin_value[soap.wsdl_cache_dir] = {dir}
env[DATABASE_SOCKET] = {stack.dir}/mariadb.sock
env[WSDL] = {dir}/products.wsdl
""")
    programs = sorted(pathlib.Path("/usr/sbin").glob("php-fpm[0-9]*"))
    if not programs:
        raise SystemExit("bench: there is no php-fpm")
    command = [programs[-1], "--nodaemonize", "--fpm-config", dir / "fpm.conf"]
    process = stack.start("php-fpm", command + (["--allow-to-run-as-root"] if root else []))
    wait_for(lambda: (dir / "fastcgi.sock").exists() and len(load.family(process.pid)) > SESSIONS, "php-fpm")
    # A process of PHP-FPM serves one connection at a time, so that a kept connection would block it for others.
    more = params(SCRIPT_FILENAME=SOURCES / "php/index.php", QUERY_STRING="$query_string")
    return target(stack, "php", process.pid, more | {"fastcgi_keep_conn on": "fastcgi_keep_conn off"})


def start_go(stack):
    dir = stack.dir / "go"
    dir.mkdir()
    # Debian's packages serve as the GOPATH, so that nothing is downloaded.
    environment = os.environ | {
        "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOCACHE": str(dir / "cache")}
    go = shutil.which("go") or "/usr/lib/go/bin/go"
    subprocess.run([go, "build", "-o", dir / "peer", "."], cwd=SOURCES / "go", env=environment, check=True)
    return start_program(stack, "go", params(SERVER_PROTOCOL="$server_protocol"))
