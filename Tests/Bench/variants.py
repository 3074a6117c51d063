"""The same program in other set-ups: without caches, and behind an nginx that opens a connection for each request."""
import os

import load
from stack import wait_for

TITLES = {"plain": "nothing kept", "closing": "a connection each"}


def start_variants(stack):
    """Starts the variants; returns their targets by name."""
    return {"plain": start_plain(stack), "closing": start_closing(stack)}


def start_plain(stack):
    """A server that reads every answer from MariaDB."""
    dir = stack.dir / "plain"
    dir.mkdir()
    program = os.readlink(f"/proc/{stack.pid('seller-center')}/exe")
    process = stack.start("plain", [program, "serve"], env=os.environ | {
        "SELLER_CENTER_DATABASE_SOCKET": f"{stack.dir}/mariadb.sock", "SELLER_CENTER_SOCKET": f"{dir}/fastcgi.sock",
        "SELLER_CENTER_CACHE_MEGABYTES": "0"})
    wait_for(lambda: (dir / "fastcgi.sock").exists() and len(load.family(process.pid)) > 2, "the plain variant", 60)
    return target(stack, "plain", process.pid, {})


def start_closing(stack):
    dir = stack.dir / "closing"
    dir.mkdir()
    (dir / "fastcgi.sock").symlink_to(stack.dir / "fastcgi.sock")
    return target(
        stack, "closing", stack.pid("seller-center"), {"fastcgi_keep_conn on": "fastcgi_keep_conn off"})


def target(stack, name, pid, changes):
    port, nginx = stack.another_nginx(name, changes)
    return load.Target(name, port, {
        "app": load.family(pid), "nginx": load.family(nginx), "MariaDB": [stack.pid("mariadb")]})
