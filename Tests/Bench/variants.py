"""The same program in other set-ups: with no cache or one that is far smaller than the data, and behind an nginx that
opens a connection for each request."""
import os
import urllib.request

import load
from stack import wait_for

TITLES = {"plain": "nothing kept", "small": "small cache", "closing": "a connection each"}


def start_variants(stack):
    """Starts the variants; returns their targets by name."""
    return {
        "plain": start_again(stack, "plain", megabytes=0), "small": start_again(stack, "small", megabytes=4),
        "closing": start_closing(stack)}


def start_again(stack, name, megabytes):
    """A server with another size of the cache."""
    dir = stack.dir / name
    dir.mkdir()
    program = os.readlink(f"/proc/{stack.pid('seller-center')}/exe")
    process = stack.start(name, [program, "serve"], env=os.environ | {
        "SELLER_CENTER_DATABASE_SOCKET": f"{stack.dir}/mariadb.sock", "SELLER_CENTER_SOCKET": f"{dir}/fastcgi.sock",
        "SELLER_CENTER_CACHE_MEGABYTES": str(megabytes)})
    wait_for(
        lambda: (dir / "fastcgi.sock").exists() and len(load.family(process.pid)) > 2, f"the variant {name}", 60)
    started = target(stack, name, process.pid, {})
    # Workers that start read the first page of every list, for which they count large tables.
    wait_for(lambda: is_served(started.port), f"the first answer of the variant {name}", 60)
    return started


def start_closing(stack):
    dir = stack.dir / "closing"
    dir.mkdir()
    (dir / "fastcgi.sock").symlink_to(stack.dir / "fastcgi.sock")
    return target(
        stack, "closing", stack.pid("seller-center"), {"fastcgi_keep_conn on": "fastcgi_keep_conn off"})


def is_served(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).status == 200
    except OSError:
        return False


def target(stack, name, pid, changes):
    port, nginx = stack.another_nginx(name, changes)
    return load.Target(name, port, {
        "app": load.family(pid), "nginx": load.family(nginx), "MariaDB": [stack.pid("mariadb")]})
