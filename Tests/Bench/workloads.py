"""The requests that are measured, each with the check of its answers."""
import dataclasses
import http.client
import json
import re
import typing
import urllib.parse
from xml.etree import ElementTree

import answers
import data

# A host name that no system knows: every target gets the same bytes and must answer with the same links.
HOST = "bench.example"
SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="' + answers.ENVELOPE + '"><soap:Body>'
    '<{0} xmlns="http://messo.products.soap/v1">{1}</{0}></soap:Body></soap:Envelope>')
PLACEHOLDER = re.compile(r"@(\w+) (\d+) (\d+) (%\w+)@")
PEERS = ("c", "php", "go")


class WrongAnswer(Exception):
    pass


def draw(kind, first, last, form="%d"):
    """The placeholder for a number that `requests.lua` draws, which explains the kinds."""
    return f"@{kind} {first} {last} {form}@"


def fill(text, choose):
    """The text with a number in each placeholder."""
    return PLACEHOLDER.sub(lambda found: found[4] % choose(found[1], int(found[2]), int(found[3])), text)


@dataclasses.dataclass(frozen=True)
class Request:
    """A request, whose path and body may have placeholders."""
    path: str
    # The right answer for the drawn numbers, those of the path first.
    expected: typing.Callable
    method: str = "GET"
    type: str = ""
    body: str = ""
    parse: typing.Callable = json.loads
    status: int = 200

    def bytes(self):
        """The request as a template for `requests.lua`."""
        body = self.body.encode()
        head = [f"{self.method} {self.path} HTTP/1.1", f"Host: {HOST}"]
        if body:
            shortest, longest = (
                len(fill(self.body, choose).encode()) for choose in (lambda *draw: draw[1], lambda *draw: draw[2]))
            if shortest != longest:
                raise ValueError(f"the length of {self.body} depends on the numbers")
            head += [f"Content-Type: {self.type}", f"Content-Length: {longest}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    def check(self, port, who, chance, numbers):
        """Sends the request with numbers of its own and compares every key and value of the answer; returns its
        bytes."""
        drawn = []

        def choose(kind, first, last):
            drawn.append(first + next(numbers) if kind == "next" else chance.randint(first, last))
            return drawn[-1]
        path, body = fill(self.path, choose), fill(self.body, choose)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(
            self.method, path, body.encode() or None, {"Host": HOST} | ({"Content-Type": self.type} if body else {}))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != self.status:
            raise WrongAnswer(f"{who}: {self.method} {path}: {answer.status} {content[:300]!r}")
        found = difference(self.parse(content), self.expected(*drawn))
        if found:
            raise WrongAnswer(f"{who}: {self.method} {path} {body}: {found}")
        return content


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    title: str
    # Each request that is sent is drawn from these.
    requests: list[Request]
    # The targets besides the site: variants, and the peers if they run.
    others: tuple[str, ...] = ("plain", "small", *PEERS)
    has_static: bool = False
    # The workload that fills the caches beforehand, with many rows in each answer.
    warmed_by: str = ""
    # Whether rows have to be deleted again, or to be loaded so that the requests can delete them.
    writes: bool = False
    deletes: bool = False

    def samples(self, chance):
        """The requests that are checked: each of them several times, or some if there are many."""
        distinct = list(dict.fromkeys(self.requests))
        return chance.sample(distinct, 6) if len(distinct) > 6 else [each for each in distinct for _ in range(3)]


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


def parse_written(body):
    """A written product without the values that the server chose, except the number of one that was there before."""
    return without(json.loads(body), "updated_at")


def parse_created(body):
    return without(json.loads(body), "id", "created_at", "updated_at")


def without(fields, *names):
    return {name: fields[name] for name in fields if name not in names}


def soap(operation, content, expected):
    return Request(
        "/products/soap/", expected, "POST", "text/xml; charset=utf-8", SOAP.format(operation, content), parse_soap)


# --- the requests -----------------------------------------------------------------------------------------------------

def pages(count):
    """How many pages a list of so many rows has."""
    return -(-count // answers.PAGE)


def product_by_id(kind, products):
    return Request(f"/products/api/products/{draw(kind, 1, products)}/", answers.product)


def order_by_id(kind, products, orders):
    return Request(f"/orders/api/orders/{draw(kind, 1, orders)}/", lambda n: answers.order(n, products))


def page_of_products(products, query=""):
    url = f"http://{HOST}/products/api/products/"
    return Request(
        f"/products/api/products/{query}", lambda number=1: answers.page(answers.product, products, number, url))


def page_of_orders(products, orders, query=""):
    url = f"http://{HOST}/orders/api/orders/"
    return Request(
        f"/orders/api/orders/{query}",
        lambda number=1: answers.page(lambda n: answers.order(n, products), orders, number, url))


def any_page(count):
    return f"?page={draw('uniform', 1, pages(count))}"


def search_common(word, category, products):
    return Request(
        f"/products/api/products/search/?q={word}&category={urllib.parse.quote(category)}",
        lambda: answers.search(word, category, products))


def search_rare(products):
    # The first model and the last one are left out, since they may have fewer products than the others.
    model = draw("uniform", 1, products // data.PRODUCTS_PER_MODEL - 1, "%06d")
    return Request(f"/products/api/products/search/?q=m{model}", lambda n: answers.search_model(n, products))


def soap_product(products):
    return soap(
        "get_product", f"<product_id>PRD-{draw('uniform', 1, products, '%07d')}</product_id>",
        lambda n: answers.soap("get_product", answers.soap_product(n)))


def soap_products(products):
    last = pages(products)
    page = draw("uniform", 1, last, f"%0{len(str(last))}d")
    return soap(
        "list_products", f"<query><page>{page}</page><page_size>{answers.PAGE}</page_size></query>",
        lambda number: answers.soap_page(products, number))


def update(products):
    price = draw("uniform", 100, 999) + "." + draw("uniform", 0, 99, "%02d")
    return Request(
        f"/products/api/products/{draw('uniform', 1, products)}/",
        lambda n, whole, cents, stock: without(answers.product(n), "updated_at") | {
            "price": f"{whole}.{cents:02}", "stock_quantity": stock},
        "PATCH", "application/json", f'{{"price":"{price}","stock_quantity":{draw("uniform", 100, 999)}}}',
        parse_written)


def create():
    new = {
        "name": "Oak chair", "description": "Two of them.", "price": "129.90", "stock_quantity": 5,
        "status": "active", "category": "Furniture", "brand": "Brand 7", "weight": "7.50"}
    key = f"NEW-{draw('next', 1, 9_999_999_999, '%010d')}"
    return Request(
        "/products/api/products/",
        lambda n, m: {
            "product_id": f"NEW-{n:010}", "sku": f"NEW-{m:010}", **new, "images": [], "inventory": None},
        "POST", "application/json", json.dumps({"product_id": key, "sku": key, **new}), parse_created, 201)


def delete(products):
    return Request(
        f"/products/api/products/{draw('next', products + 1, 9_999_999)}/", lambda n: b"", "DELETE",
        parse=bytes, status=204)


def all_workloads(products, orders):
    """All workloads for a data set of this size; those that write are the last."""
    words = [
        (in_case(word), in_other_case(category))
        for word in data.ADJECTIVES + data.NOUNS for category in data.CATEGORIES
        for in_case, in_other_case in ((str.lower, str.upper), (str.upper, str.lower), (str.title, str.title))]
    product, order = product_by_id("uniform", products), order_by_id("uniform", products, orders)
    products_page, get_product = page_of_products(products, any_page(products)), soap_product(products)
    return [
        Workload("product", "product by id", [product], has_static=True, warmed_by="products"),
        Workload("product-zipf", "product by id, Zipf", [product_by_id("zipf", products)], ("small", *PEERS),
                 warmed_by="products"),
        Workload("products-first", "first page of products", [page_of_products(products)], ("plain", *PEERS),
                 has_static=True, warmed_by="products"),
        Workload("products", "any page of 100 products", [products_page], warmed_by="products"),
        Workload("order", "order by id", [order], has_static=True, warmed_by="orders"),
        Workload("order-zipf", "order by id, Zipf", [order_by_id("zipf", products, orders)], ("small", *PEERS),
                 warmed_by="orders"),
        Workload("orders-first", "first page of orders", [page_of_orders(products, orders)], ("plain", *PEERS),
                 has_static=True, warmed_by="orders"),
        Workload("orders", "any page of 100 orders", [page_of_orders(products, orders, any_page(orders))],
                 warmed_by="orders"),
        Workload("search", "search by a common word", [search_common(*pair, products) for pair in words],
                 warmed_by="products"),
        Workload("search-rare", "search, 20 found", [search_rare(products)], warmed_by="products"),
        Workload("soap-product", "SOAP get_product", [get_product], warmed_by="soap-products"),
        Workload("soap-products", "SOAP list of 100, any page", [soap_products(products)],
                 warmed_by="soap-products"),
        # The parts of 20 that read are products by id (8), orders by id (4), pages (2) and SOAP (4).
        Workload(
            "mixed", "mixed, 10 % writes",
            [product] * 8 + [order] * 4 + [products_page] * 2 + [get_product] * 4 + [update(products), create()],
            warmed_by="mixed", writes=True),
        Workload("update", "update product", [update(products)], PEERS, writes=True),
        Workload("create", "create product", [create()], PEERS, writes=True),
        Workload("delete", "delete product", [delete(products)], PEERS, writes=True, deletes=True),
    ]


EMPTY = Workload(
    "empty", "an answer without MariaDB",
    [Request("/products/api/", lambda: {"inventory", "product-images", "products"},
             parse=lambda body: set(json.loads(body)))], ("closing",))
