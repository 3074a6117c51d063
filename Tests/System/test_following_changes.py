"""A client that regularly asks what has changed misses nothing, and can follow stock by the inventory alone."""
import datetime
import threading

import pytest
from lxml import etree

from parity_schema import Schema
from site_client import DatabaseSession, Site, wait_until, xml

FOLLOWED = {"product", "inventory", "order", "shipment", "payment", "campaign", "customer_insight"}


def time_of(text):
    return datetime.datetime.fromisoformat(text)


def page(site, domain, operation, **query):
    return site.call(domain, operation, f"<query>{xml(**query)}</query>")


def now(site):
    [[text]] = site.sql("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%T.%fZ')")
    return text


def test_pages_say_what_to_ask_for_next_time(site):
    """Every list whose query takes updated_since, also an empty, filtered or named one, and no other list."""
    schema = Schema(site)
    followed = set()
    for name, resource in schema.resources.items():
        lists = {resource.list_name}
        lists |= {operation.soap for operation in schema.operations
                  if operation.resource is resource and operation.name.startswith(("search_", "get_top_"))}
        for operation in lists | ({"list_active_campaigns"} if name == "campaign" else set()):
            for query in ("", "<query><page>2</page></query>" if operation.startswith("list_") else ""):
                before = time_of(now(site))
                answer = site.call(resource.domain, operation, query)
                shown = answer.findtext("{*}next_updated_since")
                assert (shown is not None) == ("updated_since" in resource.query), operation
                if shown:
                    followed.add(name)
                    assert before <= time_of(shown) + datetime.timedelta(seconds=30) <= time_of(now(site))
    assert followed == FOLLOWED


def test_stock_is_followed_by_the_inventorys_own_changes(site):
    products = [site.product(f"P-{number}") for number in range(3)]
    rows = [site.create("/products/api/inventory/", {"product": each["id"], "available_quantity": 5}) for each in products]

    def changed(since):
        found = page(site, "products", "list_inventory", updated_since=since)
        return {row.findtext("{*}product_id"): int(row.findtext("{*}revision")) for row in found.iterfind("{*}inventory")}

    start = now(site)
    assert changed(start) == {}
    site.call("products", "update_inventory", (
        "<product_id>P-1</product_id><changes><available_quantity>4</available_quantity></changes>"))
    site.rest("PATCH", f"/products/api/inventory/{rows[2]['id']}/", {"reserved_quantity": 1})
    assert changed(start) == {"P-1": 2, "P-2": 2}
    # An update that changes no value does not count as a change.
    later = now(site)
    site.call("products", "update_inventory", (
        "<product_id>P-1</product_id><changes><available_quantity>4</available_quantity></changes>"))
    site.rest("PATCH", f"/products/api/inventory/{rows[2]['id']}/", {"reserved_quantity": 1})
    assert changed(later) == {} and changed(start) == {"P-1": 2, "P-2": 2}
    made = site.product("P-3")
    site.create("/products/api/inventory/", {"product": made["id"]})
    assert changed(later) == {"P-3": 1}


def test_a_change_that_was_not_stored_yet_comes_with_the_next_answer(site):
    """A transaction notes its time when it writes, but becomes visible when it commits."""
    site.product("P-1")
    first = page(site, "products", "list_products")
    with DatabaseSession(site) as writer:
        writer.run("BEGIN; UPDATE products SET name = 'late', updated_at = UTC_TIMESTAMP(6) WHERE product_id = 'P-1'")
        meanwhile = page(site, "products", "list_products", updated_since=first.findtext("{*}next_updated_since"))
        assert "late" not in etree.tostring(meanwhile).decode()
        writer.run("COMMIT")
    after = page(site, "products", "list_products", updated_since=meanwhile.findtext("{*}next_updated_since"))
    assert [row.findtext("{*}name") for row in after.iterfind("{*}product")] == ["late"]


@pytest.mark.parametrize("domain, operation, singular, key", [
    ("products", "list_products", "product", "product_id"), ("products", "list_inventory", "inventory", "product_id")])
def test_a_follower_misses_nothing_of_what_many_write(site, domain, operation, singular, key):
    """The follower keeps the last revision of each row that it has seen; at the end these must be the table's."""
    for number in range(20):
        made = site.product(f"P-{number}")
        site.create("/products/api/inventory/", {"product": made["id"]})
    seen, rounds, stopped = {}, [0], threading.Event()
    since = {}

    def look():
        number = 1
        following = None
        while True:
            found = page(site, domain, operation, page=number, page_size=7, **since)
            following = following or found.findtext("{*}next_updated_since")
            for row in found.iterfind("{*}" + singular):
                seen[row.findtext("{*}" + key)] = int(row.findtext("{*}revision"))
            if found.findtext("{*}has_more") != "true":
                break
            number += 1
        since["updated_since"] = following
        rounds[0] += 1

    def write(own, offset):
        count = 0
        while not stopped.is_set():
            count += 1
            name = f"P-{(count * 7 + offset) % 20}"
            own.call("products", "update_product", f"<product_id>{name}</product_id><changes><brand>{count}</brand></changes>")
            own.call("products", "update_inventory", (
                f"<product_id>{name}</product_id><changes><available_quantity>{count}</available_quantity></changes>"))

    writers = [threading.Thread(target=write, args=(Site(site.url, site.dir), offset)) for offset in range(3)]
    for writer in writers:
        writer.start()
    try:
        wait_until(lambda: look() or rounds[0] >= 25, 60, "25 looks")
    finally:
        stopped.set()
        for writer in writers:
            writer.join()
    look()
    table = "products" if singular == "product" else "inventory"
    stored = site.sql(f"SELECT products.product_id, {table}.revision FROM inventory JOIN products "
                      "ON products.id = inventory.product_id")
    assert seen == {name: int(revision) for name, revision in stored}
