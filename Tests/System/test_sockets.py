"""The listening socket can also be passed from outside: by systemd, or as descriptor 0 by spawn-fcgi."""
import os
import signal
import sys

import pytest

from site_client import is_alive, wait_until

# The steps of spawn-fcgi: bind, pass the socket as descriptor 0, start the program, and end.
SPAWN_FCGI = """
import os, socket, sys
path, pid_file, *command = sys.argv[1:]
os.path.exists(path) and os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(1024)
pid = os.fork()
if pid == 0:
    os.dup2(listener.fileno(), 0)
    os.setsid()
    os.execv(command[0], command)
open(pid_file, "w").write(str(pid))
import time; time.sleep(0.5)
"""

# The steps of systemd: pass the socket as descriptor 3, with the pid of the process it is meant for.
SYSTEMD = """
import os, socket, sys
path, pid, *command = sys.argv[1:]
os.path.exists(path) and os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(1024)
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ["LISTEN_FDS"] = "1"
os.environ["LISTEN_PID"] = pid or str(os.getpid())
os.execv(command[0], command)
"""


@pytest.fixture
def stack(file_stack):
    file_stack.end_server()
    return file_stack


def systemd(stack, pid=""):
    return [sys.executable, "-c", SYSTEMD, str(stack.dir / "fastcgi.sock"), pid]


def test_a_worker_serves_on_descriptor_0_and_outlives_spawn_fcgi(stack):
    pid_file = stack.dir / "spawned.pid"
    launcher = stack.run("worker", "--descriptor", "0", before=[
        sys.executable, "-c", SPAWN_FCGI, str(stack.dir / "fastcgi.sock"), str(pid_file)])
    assert launcher.wait(10) == 0
    pid = int(pid_file.read_text())
    try:
        wait_until(stack.site.is_ready, 3, what="the worker")
        assert stack.site.product("SPAWNED")
    finally:
        if is_alive(pid):
            os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not is_alive(pid), what="the end of the worker")


def test_a_worker_takes_the_socket_of_systemd_and_stops_with_0(stack):
    worker = stack.serve("worker", before=systemd(stack))
    assert stack.site.rest("GET", "/products/api/products/").status_code == 200
    worker.terminate()
    assert worker.wait(10) == 0
    # The socket belongs to systemd and remains for the next start.
    assert (stack.dir / "fastcgi.sock").is_socket()


def test_the_supervisor_takes_the_socket_of_systemd_and_reloads_on_it(stack):
    supervisor = stack.serve("serve", before=systemd(stack))
    old = set(stack.site.workers())
    assert len(old) == 2
    supervisor.send_signal(signal.SIGHUP)
    wait_until(lambda: len(stack.site.workers()) == 2 and not old & set(stack.site.workers()), what="new workers")
    assert stack.site.rest("GET", "/products/api/products/").status_code == 200
    supervisor.terminate()
    assert supervisor.wait(10) == 0


def test_a_socket_that_systemd_meant_for_another_process_is_not_taken(stack):
    # Descriptor 0 is no socket here, and descriptor 3 is meant for another pid: there is nothing to listen on.
    worker = stack.run("worker", before=systemd(stack, pid="1"))
    assert worker.wait(10) == 1


def test_a_descriptor_that_is_no_listening_socket_is_refused(stack):
    worker = stack.run("worker", "--descriptor", "0")
    assert worker.wait(10) == 1


def test_the_socket_is_for_the_group_alone(stack):
    stack.serve()
    assert (stack.dir / "fastcgi.sock").stat().st_mode & 0o777 == 0o660
    assert stack.dir.stat().st_mode & 0o777 == 0o750


def test_a_second_server_leaves_the_socket_of_the_first_alone(stack):
    stack.serve()
    second = stack.run("serve")
    assert second.wait(10) == 1
    assert stack.site.rest("GET", "/products/api/products/").status_code == 200


def test_a_socket_file_left_behind_is_replaced(stack):
    child = stack.serve()
    child.kill()
    child.wait()
    # The workers end with their supervisor; the socket's file remains.
    wait_until(lambda: not stack.site.is_ready(), what="the end of the workers")
    assert (stack.dir / "fastcgi.sock").is_socket()
    stack.serve()
    assert stack.site.rest("GET", "/products/api/products/").status_code == 200
