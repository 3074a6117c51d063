"""The answers to OPTIONS: the contract's texts, and the metadata of every field."""
import re

import pytest

from openapi_document import published
from site_client import DOMAINS


@pytest.fixture(scope="module")
def places(shared_site):
    """Every URL of the API with its answer to OPTIONS; a row's URL has the id of a new row."""
    shared_site.reset()
    document = published(shared_site)
    answers = {}
    for path in document["paths"]:
        if "{id}" not in path:
            answers[path] = shared_site.rest("OPTIONS", path).json()
    return answers


def option(site, path):
    answer = site.rest("OPTIONS", path)
    assert answer.status_code == 200
    return answer.json()


def test_the_collections_tell_their_fields(places):
    found = {path: answer for path, answer in places.items() if re.fullmatch("/[a-z]+/api/[a-z-]+/", path)}
    assert len(found) == 20
    for path, answer in found.items():
        assert answer["name"].endswith(" List") and answer["description"].startswith("REST API ViewSet for "), path
        assert answer["parses"] == ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
        fields = answer["actions"]["POST"]
        for name, field in fields.items():
            assert {"type", "required", "read_only", "label"} <= set(field), (path, name)
            assert not (field["required"] and field["read_only"]), (path, name)
            assert ("choices" in field) == (field["type"] == "choice"), (path, name)


def test_orders_show_their_items_with_the_whole_product(site, places):
    answer = places["/orders/api/orders/"]
    assert answer["description"] == "REST API ViewSet for Order management\nProvides CRUD operations for orders"
    fields = answer["actions"]["POST"]
    assert fields["payment_status"] == {
        "type": "string", "required": False, "read_only": False, "label": "Payment status", "max_length": 20}
    items = fields["items"]
    assert (items["type"], items["label"], items["read_only"]) == ("field", "Items", True)
    assert items["child"]["type"] == "nested object" and items["child"]["read_only"]
    children = items["child"]["children"]
    assert list(children) == ["id", "product", "quantity", "unit_price", "subtotal"]
    product = children["product"]
    assert {name: product[name] for name in ("type", "required", "read_only", "label")} == {
        "type": "nested object", "required": False, "read_only": True, "label": "Product"}
    # The children are the fields of the products' own form, images and inventory included.
    assert product["children"] == places["/products/api/products/"]["actions"]["POST"]
    order = site.order("O-1")
    row = option(site, f"/orders/api/orders/{order['id']}/")
    assert row["name"] == "Order Instance" and row["description"] == answer["description"]
    assert row["actions"] == {"PUT": fields}
    for action, name in (("cancel", "Cancel an order"), ("confirm", "Confirm an order")):
        told = option(site, f"/orders/api/orders/{order['id']}/{action}/")
        assert told["description"] == name and told["actions"] == {"POST": fields}


def test_the_search_says_what_it_searches(places):
    answer = places["/products/api/products/search/"]
    assert (answer["name"], answer["description"]) == ("Search", "Search products by name, sku, or category")
    assert "actions" not in answer


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_roots_are_described(site, domain):
    assert option(site, f"/{domain}/api/")["name"] == "Api Root"
