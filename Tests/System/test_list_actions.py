"""REST's named lists find the same rows as SOAP's queries, and deep pages have the right rows."""
import random
from urllib.parse import quote

import pytest

from parity_rows import fill
from parity_schema import Schema
from soap_lists import Lists


@pytest.fixture(scope="module")
def lists(shared_site):
    shared_site.reset()
    schema = Schema(shared_site)
    return Lists(shared_site, schema, fill(shared_site, schema, random.Random(5), 8))


def rest_keys(lists, resource, path):
    """The SOAP keys of the rows in a bare list."""
    answer = lists.site.rest("GET", path)
    assert answer.status_code == 200, answer.text
    key = "id" if resource.is_numbered else resource.key
    return [str(row[key]) for row in answer.json()]


@pytest.mark.parametrize("name", [
    "list_orders_by_status", "list_sales_reports_by_period", "list_customer_insights_by_segment",
    "list_performance_metrics_by_type",
])
def test_a_named_list_finds_what_the_query_finds(lists, name):
    [operation] = [each for each in lists.schema.operations if each.name == name]
    resource = operation.resource
    [parameter] = [each["name"] for each in operation.details["parameters"] if each["name"] != "page"]
    values = {row.answer[operation.argument] for row in lists.rows(resource)} - {""}
    assert values
    choices = resource.field(operation.argument).schema.get("enum")
    for value in values | {"no such value", "x" * 300, *map(str.upper, values)}:
        ours = rest_keys(lists, resource, f"{operation.path}?{parameter}={quote(value, safe='')}")
        if choices and value not in choices:
            # By the contract REST's list is then empty; SOAP refuses the query.
            assert ours == []
            problem = f'"{value}" is not a valid choice. Choose one of: {", ".join(choices)}.'
            assert lists.refusal(resource, **{operation.argument: value}) == {f"query.{operation.argument}": problem}
        else:
            assert sorted(ours) == sorted(lists.page(resource, **{operation.argument: value}).keys), value
    assert sorted(rest_keys(lists, resource, operation.path)) == sorted(lists.page(resource).keys)


def test_those_are_all_named_lists_that_a_query_does(lists):
    assert sum(each.argument is not None and "{id}" not in each.path for each in lists.schema.operations) == 4


def test_the_search_finds_the_same_products_in_the_same_order(lists):
    resource = lists.schema.resources["product"]
    names = [row.answer["name"] for row in lists.rows(resource)]
    categories = [row.answer["category"] for row in lists.rows(resource)]
    for text in {name[:2].swapcase() for name in names} | {"%", "_", "\\", "no such", "é"}:
        for category in [None, *{each[:2] for each in categories if each[:2].strip() == each[:2] != ""}]:
            query = f"?q={quote(text, safe='')}" + (f"&category={quote(category, safe='')}" if category else "")
            ours = rest_keys(lists, resource, resource.path + "search/" + query)
            page = lists.page(resource, "search_products", search=text, category=category)
            assert ours == page.keys and page.total_count == len(ours)


def test_the_search_has_pages(lists):
    resource = lists.schema.resources["product"]
    whole = lists.page(resource, "search_products").keys
    assert len(whole) == 8 and whole == lists.keys(resource)[::-1]
    for number, key in enumerate(whole, 1):
        page = lists.page(resource, "search_products", page=number, page_size=1)
        assert page.keys == [key] and page.total_count == 8 and page.has_more == (number < 8)


@pytest.mark.parametrize("operation, singular, action, column", [
    ("get_top_products", "product_analytics", "top_products", "revenue"),
    ("get_top_customers", "customer_insight", "top_customers", "total_spent"),
])
def test_the_top_rows_come_in_the_same_order(lists, operation, singular, action, column):
    resource = lists.schema.resources[singular]
    assert rest_keys(lists, resource, f"{resource.path}{action}/?limit=0") == []
    for limit in (None, 1, 3, 8, 1000, 2**63 - 1):
        ours = rest_keys(lists, resource, f"{resource.path}{action}/" + ("" if limit is None else f"?limit={limit}"))
        page = lists.page(resource, operation, limit=limit)
        assert page.keys == ours and len(ours) == min(8, 10 if limit is None else limit)
        assert page.total_count == len(ours) and not page.has_more
    # A list whose length the client limits has no pages.
    for page in ("abc", "0", "99", "last"):
        assert rest_keys(lists, resource, f"{resource.path}{action}/?page={page}") == lists.page(resource, operation).keys
    amounts = {str(lists.ledger.key(row)): float(row.answer[column]) for row in lists.rows(resource)}
    shown = [amounts[key] for key in lists.page(resource, operation).keys]
    assert shown == sorted(shown, reverse=True)


def test_the_active_campaigns_are_those_whose_status_says_so(lists):
    resource = lists.schema.resources["campaign"]
    newest_first = lists.keys(resource, lambda row: row.answer["status"] == "active")[::-1]
    assert newest_first
    assert lists.page(resource, "list_active_campaigns").keys == newest_first
    page = lists.page(resource, "list_active_campaigns", page=1, page_size=1)
    assert page.keys == newest_first[:1] and page.total_count == len(newest_first)


def test_deep_pages_of_both_protocols_have_the_same_rows(site):
    """2,345 warehouses, which both protocols list by id."""
    site.sql(
        "INSERT INTO warehouses (warehouse_id, name, address, city, state, country, postal_code, capacity) "
        "SELECT CONCAT('W', seq), 'Depot', 'Road 1', 'Town', 'State', 'Land', '1', seq FROM seq_1_to_2345")
    schema = Schema(site)
    resource = schema.resources["warehouse"]
    lists = Lists(site, schema, None)
    names = [f"W{number}" for number in range(1, 2346)]
    for number in (1, 2, 3, 4):
        page = lists.page(resource, page=number, page_size=1000)
        assert page.keys == names[(number - 1) * 1000:number * 1000]
        assert page.total_count == 2345 and page.has_more == (number < 3)
    first = lists.page(resource)
    assert first.keys == names[:50] and first.has_more
    for number in (1, 12, 23, 24):
        ours = site.rest("GET", f"{resource.path}?page={number}").json()
        page = lists.page(resource, page=number, page_size=100)
        assert [row["warehouse_id"] for row in ours["results"]] == page.keys == names[(number - 1) * 100:number * 100]
        assert ours["count"] == page.total_count and (ours["next"] is not None) == page.has_more
    assert site.rest("GET", f"{resource.path}?page=25").status_code == 404
    assert lists.page(resource, page=25, page_size=100).keys == []


@pytest.mark.parametrize("mark", ["%", "_", "|", "\\"])
@pytest.mark.parametrize("combining", ["\u0301", "\u0338\u0301", "\u20e3"])
def test_a_mark_with_a_combining_one_behind_it_is_still_no_wildcard(site, mark, combining):
    """A wildcard and a combining mark are one Character in Swift and two characters in MariaDB."""
    text = mark + combining
    for number, name in enumerate([f"a{text}b", f"aXX{combining}b", "ab", f"a{mark}b"]):
        site.product(f"P-{number}", name=name)
    ours = site.rest("GET", f"/products/api/products/search/?q={quote('a' + text + 'b', safe='')}").json()
    assert [row["product_id"] for row in ours] == ["P-0"]
    for operation in ("search_products", "list_products"):
        page = site.call("products", operation, f"<query><search>a{text}b</search></query>")
        assert [row.findtext("{*}product_id") for row in page.iterfind("{*}product")] == ["P-0"]
