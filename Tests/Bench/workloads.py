"""The requests that are measured, each with the check of its answers."""
import dataclasses
import http.client
import json
import random
import typing
from xml.etree import ElementTree

import answers

# A host name that no system knows: every target gets the same bytes and must answer with the same links.
HOST = "bench.example"
SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="' + answers.ENVELOPE + '"><soap:Body>'
    '<{0} xmlns="http://messo.products.soap/v1">{1}</{0}></soap:Body></soap:Envelope>')
# The load generator replaces this placeholder by a number with the same count of digits.
UNIQUE = "@@@@@@@@@@"


class WrongAnswer(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    type: str = ""
    body: str = ""

    def bytes(self):
        body = self.body.encode()
        head = [f"{self.method} {self.path} HTTP/1.1", f"Host: {HOST}"]
        if body:
            head += [f"Content-Type: {self.type}", f"Content-Length: {len(body)}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    def send(self, port):
        """The status and the bytes of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(
            self.method, self.path, self.body.encode() or None,
            {"Host": HOST} | ({"Content-Type": self.type} if self.body else {}))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    title: str
    # The requests, which are sent in turn again and again.
    requests: list[Request]
    # The right answers to the first requests.
    expected: list
    parse: typing.Callable = json.loads
    status: int = 200
    # The targets besides the site: variants, and the peers if they run.
    others: tuple[str, ...] = ("plain",)
    has_static: bool = True

    def check(self, port, who):
        """Compares the answers to the first requests, every key and value; returns the bytes of the first one."""
        first = b""
        for number, expected in enumerate(self.expected):
            request = self.requests[number]
            status, body = request.send(port)
            first = first or body
            if status != self.status:
                raise WrongAnswer(f"{who}: {request.method} {request.path}: {status} {body[:300]!r}")
            found = difference(self.parse(body), expected)
            if found:
                raise WrongAnswer(f"{who}: {request.method} {request.path}: {found}")
        return first


def difference(found, expected, where="the answer"):
    """The first place where two documents differ, in words, or nothing."""
    if isinstance(found, dict) and isinstance(expected, dict):
        if found.keys() != expected.keys():
            return f"{where} has the keys {sorted(found)}, not {sorted(expected)}"
        pairs = [(found[key], expected[key], f"{where}.{key}") for key in expected]
    elif isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)):
        if len(found) != len(expected):
            return f"{where} has {len(found)} elements, not {len(expected)}"
        pairs = [(one, other, f"{where}[{at}]") for at, (one, other) in enumerate(zip(found, expected))]
    else:
        same = found == expected and type(found) is type(expected)
        return None if same else f"{where} is {found!r}, not {expected!r}"
    return next(filter(None, (difference(*pair) for pair in pairs)), None)


def parse_soap(body):
    return answers.tree(ElementTree.fromstring(body))


def parse_created(body):
    """A created product without the values that the server chose."""
    fields = json.loads(body)
    return {name: fields[name] for name in fields if name not in ("id", "created_at", "updated_at")}


def soap(operation, content):
    return Request("/products/soap/", "POST", "text/xml; charset=utf-8", SOAP.format(operation, content))


def all_workloads(products, orders, seed):
    """All workloads for a data set of this size."""
    chance = random.Random(seed)
    some_products = [chance.randint(1, products) for _ in range(2000)]
    some_orders = [chance.randint(1, orders) for _ in range(2000)]
    # The first model and the last one are left out, since they may have fewer products than the others.
    models = [chance.randrange(1, products // 20) for _ in range(200)]
    links = {name: f"http://{HOST}/{name}/api/{name}/" for name in ("products", "orders")}

    def product_page(number):
        return answers.page(answers.product, products, number, links["products"])

    def order_page(number):
        return answers.page(lambda n: answers.order(n, products), orders, number, links["orders"])

    def far_pages(count):
        last = -(-count // answers.PAGE)
        return [chance.randint(last // 2 + 1, last) for _ in range(200)]

    far_products, far_orders = far_pages(products), far_pages(orders)
    new = {
        "product_id": f"NEW-{UNIQUE}", "sku": f"NEW-{UNIQUE}", "name": "Oak chair", "description": "Two of them.",
        "price": "129.90", "stock_quantity": 5, "status": "active", "category": "Furniture", "brand": "Brand 7",
        "weight": "7.50"}
    return [
        Workload(
            "product", "product by id", [Request(f"/products/api/products/{n}/") for n in some_products],
            [answers.product(n) for n in some_products[:5]], others=("plain", "php", "go")),
        Workload(
            "products", "page of 100 products", [Request("/products/api/products/")], [product_page(1)],
            others=("plain", "php", "go")),
        Workload(
            "products-far", "any older page of products",
            [Request(f"/products/api/products/?page={n}") for n in far_products],
            [product_page(n) for n in far_products[:2]], has_static=False),
        Workload(
            "order", "order by id", [Request(f"/orders/api/orders/{n}/") for n in some_orders],
            [answers.order(n, products) for n in some_orders[:5]], others=("plain", "php", "go")),
        Workload(
            "orders", "page of 100 orders", [Request("/orders/api/orders/")], [order_page(1)],
            others=("plain", "php", "go")),
        Workload(
            "orders-far", "any older page of orders",
            [Request(f"/orders/api/orders/?page={n}") for n in far_orders],
            [order_page(n) for n in far_orders[:2]], has_static=False),
        Workload(
            "search", "search, 20 found",
            [Request(f"/products/api/products/search/?q=m{n:06}&category={quoted(answers.category(n * 20))}")
             for n in models],
            [answers.search(n, products) for n in models[:3]]),
        Workload(
            "soap-product", "SOAP get_product",
            [soap("get_product", f"<product_id>PRD-{n:07}</product_id>") for n in some_products],
            [answers.soap("get_product", answers.soap_product(n)) for n in some_products[:5]], parse_soap,
            others=("plain", "php")),
        Workload(
            "soap-products", "SOAP list of 100",
            [soap("list_products", f"<query><page_size>{answers.PAGE}</page_size></query>")],
            [answers.soap_page(products)], parse_soap, others=("plain", "php", "go")),
        # This workload is the last, because its rows have to be deleted again.
        Workload(
            "create", "create product",
            [Request("/products/api/products/", "POST", "application/json", json.dumps(new))],
            [new | {"images": [], "inventory": None}], parse_created, status=201, others=(), has_static=False),
    ]


def quoted(text):
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in text.encode())


EMPTY = Workload(
    "empty", "an answer without MariaDB", [Request("/products/api/")], [{"inventory", "product-images", "products"}],
    lambda body: set(json.loads(body)), others=("closing",), has_static=False)
