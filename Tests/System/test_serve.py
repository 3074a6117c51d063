"""`nginx/serve`: its options, the files in its directory, and what remains after a stop."""
import os
import pathlib
import re
import signal
import socket
import stat
import subprocess

import pytest
import requests

from conftest import free_port
from site_client import ROOT, is_alive, wait_until

PARTS = ["nginx", "seller-center", "mariadb"]


def serve(*arguments, **options):
    own = {name: value for name, value in os.environ.items() if not name.startswith("SELLER_CENTER_")}
    return subprocess.run(
        [ROOT / "nginx/serve", *map(str, arguments)], env=own, capture_output=True, text=True, timeout=300, **options)


def serve_in_foreground(stack):
    """Runs the script as a shell's foreground job, and waits until everything runs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SELLER_CENTER_")}
    # The signals are reset, since a process in the background may have to ignore those that a terminal sends.
    child = subprocess.Popen(
        ["env", "--default-signal=INT,QUIT", ROOT / "nginx/serve", "--no-demo", "--port", str(stack.port),
         "--dir", stack.dir],
        env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    for line in child.stdout:
        if "Ctrl-C" in line:
            break
    return child


def pids(stack):
    return [stack.site.pid(part) for part in PARTS]


@pytest.fixture(scope="module")
def running(file_stack):
    return file_stack


def test_the_directory_holds_the_sockets_the_logs_and_the_pids(running):
    dir = running.dir
    for name in ("mariadb.sock", "fastcgi.sock"):
        assert stat.S_ISSOCK((dir / name).stat().st_mode)
    assert dir.stat().st_mode & 0o777 == 0o750
    assert (dir / "fastcgi.sock").stat().st_mode & 0o777 == 0o660
    for part in PARTS:
        assert is_alive(running.site.pid(part))
    for log in ("seller-center.log", "nginx-access.log", "nginx-error.log", "mariadb.log"):
        assert (dir / log).is_file()


def test_the_database_is_open_to_the_user_who_started_it_without_a_password_and_to_no_network(running):
    assert running.site.sql("SELECT DATABASE()") == [["seller_center"]]
    [[_, networking]] = running.site.sql("SHOW VARIABLES LIKE 'skip_networking'")
    assert networking == "ON"


def test_the_site_listens_on_loopback_only(running):
    listening = {
        tuple(line.split()[1].split(":")) for file in ("tcp", "tcp6")
        for line in pathlib.Path(f"/proc/net/{file}").read_text().splitlines()[1:] if line.split()[3] == "0A"}
    addresses = {address for address, port in listening if int(port, 16) == running.port}
    assert addresses and addresses <= {"0100007F", "00000000000000000000000001000000"}


def test_the_curl_lines_that_it_prints_work(own_stack):
    printed = own_stack.start("--no-demo")
    lines = [line.strip() for line in printed.splitlines() if line.strip().startswith("curl ")]
    assert len(lines) == 2
    own_stack.site.product("P1")
    for line in lines:
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
        assert done.returncode == 0 and "P1" in done.stdout, done
    # Only the site's URLs: the line for SOAP contains namespaces as well, which are no addresses.
    for url in re.findall(rf"(http://localhost:{own_stack.port}/\S*)", printed):
        assert requests.get(url).status_code in (200, 405), url


def test_a_second_start_in_the_same_directory_is_refused_and_harms_nothing(running):
    before = pids(running)
    done = serve("--detach", "--no-demo", "--port", free_port(), "--dir", running.dir)
    assert done.returncode == 1
    assert "already runs" in done.stderr and str(running.dir) in done.stderr
    assert pids(running) == before and all(map(is_alive, before))
    assert running.site.is_ready()


def test_a_port_in_use_is_refused_before_anything_is_started(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve("--detach", "--no-demo", "--port", taken.getsockname()[1], "--dir", tmp_path)
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert not (tmp_path / "mariadb").exists()


@pytest.mark.parametrize("arguments, said", [
    (["--port", "0"], "--port"), (["--port", "65536"], "--port"), (["--port", "http"], "--port"),
    (["--port"], "--port"), (["--no-such-option"], "--no-such-option"),
    ], ids=["port 0", "port 65536", "port http", "no port", "unknown"])
def test_a_wrong_option_is_refused(arguments, said, tmp_path):
    done = serve("--no-demo", "--dir", tmp_path, *arguments)
    assert done.returncode != 0
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_directory_whose_sockets_would_have_too_long_a_path_is_refused(tmp_path):
    done = serve("--no-demo", "--dir", tmp_path / ("x" * 100))
    assert done.returncode == 1
    assert "too long" in done.stderr


def test_help_names_every_option():
    done = serve("--help")
    assert done.returncode == 0
    for option in ("--port", "--dir", "--no-demo", "--detach", "--stop"):
        assert option in done.stdout


def test_stopping_ends_everything_and_data_stays_for_the_next_start(own_stack):
    own_stack.start("--no-demo")
    created = own_stack.site.product("P1")
    before = pids(own_stack) + own_stack.site.workers()
    stopped = serve("--stop", "--dir", own_stack.dir)
    assert stopped.returncode == 0
    assert not any(map(is_alive, before))
    with pytest.raises(requests.ConnectionError):
        own_stack.site.rest("GET", "/")
    # Stopping a stopped stack is no failure.
    assert serve("--stop", "--dir", own_stack.dir).returncode == 0
    own_stack.start()
    # An existing database gets no demo shop.
    page = own_stack.site.rest("GET", "/products/api/products/").json()
    assert page["results"] == [created]
    assert not set(pids(own_stack)) & set(before)


def test_control_c_stops_all_of_it(own_stack):
    child = serve_in_foreground(own_stack)
    # The first worker answers before the second has started.
    wait_until(lambda: len(own_stack.site.workers()) == 2, what="two workers")
    everything = pids(own_stack) + own_stack.site.workers()
    assert len(everything) == 5 and all(map(is_alive, everything))
    created = own_stack.site.product("P1")
    os.killpg(child.pid, signal.SIGINT)
    assert child.wait(60) == 0
    assert not any(map(is_alive, everything))
    own_stack.start("--no-demo")
    assert own_stack.site.rest("GET", f"/products/api/products/{created['id']}/").json() == created


def test_when_a_part_ends_the_foreground_ends_with_an_error(own_stack):
    child = serve_in_foreground(own_stack)
    everything = pids(own_stack)
    os.kill(own_stack.site.pid("seller-center"), signal.SIGKILL)
    assert child.wait(60) == 1
    assert "seller-center has ended" in child.stdout.read()
    wait_until(lambda: not any(map(is_alive, everything)), what="the end of all parts")


def test_a_new_database_has_a_demo_shop(own_stack):
    own_stack.start()
    for path in ("/products/api/products/", "/orders/api/orders/"):
        assert own_stack.site.rest("GET", path).json()["count"] > 0, path
    for disagreement in DISAGREEMENTS:
        assert own_stack.site.sql(disagreement) == [], disagreement


@pytest.mark.parametrize("time", ["00:00:01", "00:59:59", "01:00:01", "12:00:00", "23:59:59"])
def test_the_demo_shop_agrees_with_itself_at_any_time_of_the_day(site, time):
    site.reset()
    demo = (ROOT / "nginx/demo.sql").read_text()
    site.sql(f"SET time_zone = '+00:00', timestamp = UNIX_TIMESTAMP('2026-11-26 {time}');\n{demo}")
    for disagreement in DISAGREEMENTS:
        assert site.sql(disagreement) == [], disagreement
    site.reset()


# Each statement finds rows of the demo shop that contradict each other.
DISAGREEMENTS = [
    "SELECT order_id FROM orders WHERE total_amount <> (SELECT SUM(subtotal) FROM order_items WHERE order_id = orders.id)",
    "SELECT id FROM order_items WHERE subtotal <> quantity * unit_price",
    "SELECT payment_id FROM payments JOIN orders ON orders.id = payments.order_id WHERE amount <> total_amount "
    "OR (payments.status = 'completed') <> (payment_status = 'paid')",
    "SELECT invoice_id FROM invoices JOIN orders ON orders.id = invoices.order_id "
    "WHERE invoices.total_amount <> orders.total_amount OR (paid_date IS NOT NULL) <> (payment_status = 'paid')",
    "SELECT shipment_id FROM shipments LEFT JOIN order_tracking USING (order_id, tracking_number) WHERE shipped_at IS NULL "
    "OR carrier <> carrier_name OR NOT actual_delivery <=> actual_delivery_date",
    "SELECT id FROM order_tracking WHERE tracking_number NOT IN (SELECT tracking_number FROM shipments)",
    "SELECT shipment_events.id FROM shipment_events JOIN shipments ON shipments.id = shipment_events.shipment_id "
    "WHERE timestamp < created_at OR timestamp > updated_at",
    "SELECT inventory.id FROM inventory JOIN products ON products.id = inventory.product_id "
    "WHERE available_quantity <> stock_quantity",
    "SELECT settlement_id FROM settlements WHERE net_amount <> total_sales - commission OR total_sales <> "
    "(SELECT SUM(total_amount) FROM orders WHERE DATE(created_at) BETWEEN period_start AND period_end)",
    "SELECT metric_value FROM performance_metrics WHERE metric_type = 'revenue' AND metric_value <> "
    "(SELECT SUM(total_amount) FROM orders WHERE DATE(created_at) = metric_date)",
]
