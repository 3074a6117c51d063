"""The live site for the tests: as its clients see it over HTTP, and its rows in the database."""
import contextlib
import json
import os
import pathlib
import pwd
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from xml.sax.saxutils import escape

import requests
from lxml import etree

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENVELOPE_11 = "http://schemas.xmlsoap.org/soap/envelope/"
ENVELOPE_12 = "http://www.w3.org/2003/05/soap-envelope"
# The user who runs the tests is the administrator of their databases.
USER = pwd.getpwuid(os.geteuid()).pw_name
DOMAINS = ["products", "orders", "logistics", "finance", "promotions", "analytics"]


class Site:
    """One running stack: `url` is nginx, `dir` has the sockets, the pid files and the logs."""

    def __init__(self, url, dir):
        self.url = url
        self.dir = pathlib.Path(dir)
        self.port = int(url.rsplit(":", 1)[1])
        self.session = requests.Session()

    # REST

    def rest(self, method, path, body=None, **options):
        """Sends a REST request, whose `body` is sent as JSON; returns the answer."""
        if body is not None:
            options["data"] = json.dumps(body).encode()
            options.setdefault("headers", {}).setdefault("Content-Type", "application/json")
        return self.session.request(method, self.url + path, timeout=30, allow_redirects=False, **options)

    def create(self, path, body):
        """Creates a row and returns it; anything but success fails the test."""
        answer = self.rest("POST", path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def product(self, name, /, **fields):
        answer = self.product_answer(name, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def product_answer(self, name, /, **fields):
        """The answer to the creation of a product, successful or not."""
        body = {"product_id": name, "name": name, "sku": name + "-SKU", "price": "9.90"} | fields
        return self.rest("POST", "/products/api/products/", body)

    def order(self, name, /, **fields):
        body = {
            "order_id": name, "customer_name": "Ana", "customer_email": "ana@example.com", "total_amount": "19.80",
            "shipping_address": "1 Main Street", "payment_method": "card",
        } | fields
        return self.create("/orders/api/orders/", body)

    def shipment(self, name, order, /, **fields):
        body = {
            "shipment_id": name, "order": order["id"], "carrier_name": "Post", "tracking_number": f"T-{name}",
            "origin_address": "a", "destination_address": "b", "weight": "1.00", "shipping_cost": "2.00",
        } | fields
        return self.create("/logistics/api/shipments/", body)

    # SOAP

    def post(self, domain, body, content_type="text/xml; charset=utf-8", **headers):
        """Sends bytes unchanged to a SOAP endpoint; returns the answer."""
        data = body if isinstance(body, bytes) else body.encode()
        return self.session.post(
            f"{self.url}/{domain}/soap/", data=data, headers={"Content-Type": content_type} | headers, timeout=30)

    def soap(self, domain, operation, content="", version=11, namespace=None):
        """The HTTP answer to one operation; `content` is XML in the service's namespace."""
        envelope = ENVELOPE_11 if version == 11 else ENVELOPE_12
        namespace = f"http://messo.{domain}.soap/v1" if namespace is None else namespace
        declaration = f' xmlns="{namespace}"' if namespace else ""
        body = (
            f'<e:Envelope xmlns:e="{envelope}"><e:Body><{operation}{declaration}>{content}</{operation}></e:Body>'
            "</e:Envelope>")
        kind = "text/xml" if version == 11 else "application/soap+xml"
        return self.post(domain, body, kind + "; charset=utf-8")

    def call(self, domain, operation, content="", **options):
        """The `result` element of a successful answer."""
        answer = self.soap(domain, operation, content, **options)
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.content).find(".//{*}result")

    # The database and the processes

    def sql(self, text, database="seller_center"):
        """The rows of statements, as lists of texts; NULL is None."""
        done = subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.dir}/mariadb.sock", f"--user={USER}",
             "--default-character-set=utf8mb4", "--batch", "--raw", "--skip-column-names", database],
            input=text, capture_output=True, text=True, check=True)
        return [[None if cell == "NULL" else cell for cell in line.split("\t")] for line in done.stdout.splitlines()]

    def reset(self):
        """Empties every table."""
        subprocess.run([ROOT / "Tests/System/reset-database", self.dir], check=True)

    def pid(self, part):
        return int((self.dir / f"{part}.pid").read_text())

    def workers(self):
        """The pids of the worker processes."""
        done = subprocess.run(["pgrep", "-P", str(self.pid("seller-center"))], capture_output=True, text=True)
        return [int(pid) for pid in done.stdout.split()]

    def program(self):
        """The path of the server that runs."""
        return os.readlink(f"/proc/{self.pid('seller-center')}/exe")

    def log(self):
        """The server's log: one JSON object a line."""
        return [json.loads(line) for line in (self.dir / "seller-center.log").read_text().splitlines()]

    def is_ready(self):
        try:
            return self.rest("GET", "/health/ready").status_code == 200
        except requests.ConnectionError:
            return False


class DatabaseSession:
    """A session with MariaDB that keeps its transaction and locks, like that of another program."""

    def __init__(self, site):
        self.client = subprocess.Popen(
            ["mariadb", "--no-defaults", f"--socket={site.dir}/mariadb.sock", f"--user={USER}", "--batch",
             "--unbuffered", "--skip-column-names", "seller_center"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, text):
        """Runs statements and waits for them."""
        self.client.stdin.write(f"{text}; SELECT 'the end';\n")
        for line in self.client.stdout:
            if line == "the end\n":
                return
        raise AssertionError(f"the session ended in {text}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The server rolls back an open transaction.
        self.client.communicate()


def at_once(site, calls):
    """The answers to calls that start at the same time, each on a thread with connections of its own."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        own = Site(site.url, site.dir)
        # Each connection is opened before the start, so that the requests really arrive at the same time.
        own.rest("GET", "/health/live")
        barrier.wait(30)
        return call(own)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def xml(**fields):
    """Elements out of names and values; a list repeats its element, None is absent."""
    text = ""
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                text += f"<{name}>{escape(str(each))}</{name}>"
    return text


class SOAPFault:
    """A fault of either SOAP version, parsed."""

    def __init__(self, answer):
        root = etree.fromstring(answer.content)
        fault = root.find(".//{*}Fault")
        assert fault is not None, answer.text
        self.status = answer.status_code
        self.version = 11 if root.tag == f"{{{ENVELOPE_11}}}Envelope" else 12
        code, text = ("faultcode", "faultstring") if self.version == 11 else ("{*}Code/{*}Value", "{*}Reason/{*}Text")
        self.fault_code = fault.findtext(code).split(":")[-1]
        self.text = fault.findtext(text)
        self.code = fault.findtext(".//{*}service_fault/{*}error_code")
        self.fields = {
            error.findtext("{*}field"): error.findtext("{*}problem") for error in fault.iterfind(".//{*}field_error")}


def is_alive(pid):
    """Whether a process runs; a zombie, for which nobody has waited yet, does not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        # The process ended before its file was opened or read.
        return False


@contextlib.contextmanager
def frozen(pid):
    """Stops a process for a while without ending it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        # The threads stop a moment after the signal was sent.
        stats = pathlib.Path(f"/proc/{pid}/task").glob("*/stat")
        for stat in list(stats):
            wait_until(lambda: stat.read_text().rsplit(")", 1)[1].split()[0] == "T", what="a thread's stop")
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def wait_until(condition, seconds=20, what="it"):
    """Waits until a condition is true, and fails if it stays false."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} does not come true in {seconds} s"
        time.sleep(0.05)
    return value


def element_text(element, path):
    """The text at a path whose elements may be in any namespace."""
    return element.findtext("/".join("{*}" + step for step in path.split("/")))

