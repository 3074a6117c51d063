"""A request whose client has left before it was read is not carried out."""
import socket
import time

import pytest

from fastcgi import Connection
from faults import Later
from site_client import Site, frozen, wait_until


@pytest.fixture
def stack(file_stack):
    file_stack.serve(PROCESSES=1, QUEUE_SECONDS=60)
    file_stack.site.reset()
    return file_stack


def dropped(stack, start):
    return sum(int(line["requests"]) for line in stack.site.log()[start:] if "clients had left" in line["message"])


def test_what_was_sent_and_left_is_dropped_unread_and_counted(stack):
    site = stack.site
    [worker] = site.workers()
    start = len(site.log())
    with frozen(worker):
        for number in range(20):
            connection = Connection(stack.dir / "fastcgi.sock")
            name = f"GONE{number}"
            body = f'{{"product_id": "{name}", "name": "n", "sku": "{name}", "price": "1.00"}}'.encode()
            connection.send("POST", "/products/api/products/", body, "application/json")
            connection.close()
        stays = Later(lambda: Site(site.url, site.dir).product_answer("STAYS"))
    assert stays.result().status_code == 201
    wait_until(lambda: dropped(stack, start) == 20, what="the line in the log")
    assert site.sql("SELECT product_id FROM products") == [["STAYS"]]


def test_a_client_of_nginx_that_leaves_takes_its_request_along(stack):
    """nginx closes the connections of clients that leave while the worker does not answer."""
    site = stack.site
    [worker] = site.workers()
    start = len(site.log())
    with frozen(worker):
        for number in range(10):
            body = f'{{"product_id": "L{number}", "name": "n", "sku": "L{number}", "price": "1.00"}}'
            with socket.create_connection(("127.0.0.1", site.port)) as client:
                client.sendall(
                    f"POST /products/api/products/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        log = site.dir / "nginx-access.log"
        wait_until(lambda: log.read_text().count('"status":499') >= 10, what="nginx to note that they have left")
    wait_until(lambda: dropped(stack, start) == 10, what="the line in the log")
    assert site.sql("SELECT product_id FROM products") == []


def test_a_client_that_only_says_that_it_sends_no_more_is_answered(stack):
    """A client that has closed only its sending side still gets the answer."""
    connection = Connection(stack.dir / "fastcgi.sock")
    connection.send("GET", "/products/api/products/")
    connection.socket.shutdown(socket.SHUT_WR)
    status, _ = connection.answer()
    assert status == 200


def test_the_log_has_one_line_a_second_and_not_one_for_each(stack):
    site = stack.site
    start = len(site.log())
    start_time = time.monotonic()
    [worker] = site.workers()
    sent = 0
    while time.monotonic() < start_time + 2:
        with frozen(worker):
            for _ in range(20):
                connection = Connection(stack.dir / "fastcgi.sock")
                connection.send("GET", "/products/api/products/")
                connection.close()
                sent += 1
        wait_until(lambda: site.rest("GET", "/products/api/products/").status_code == 200)
    wait_until(lambda: dropped(stack, start) == sent, what="the count")
    lines = [line for line in site.log()[start:] if "clients had left" in line["message"]]
    assert len(lines) <= time.monotonic() - start_time + 1
