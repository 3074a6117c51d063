"""Stock has a version of its own: a changed quantity is seen in every answer, and neither locks nor renders its product."""
import pytest

from conftest import new_stack
from site_client import DatabaseSession
from stock_triggers import NOW, THEN, products_keep_their_revision
from test_statements import statements


@pytest.fixture(params=["as the schema is", "as it will be"])
def shop(request, site):
    """Products with stock; also with triggers that do not tell the product of its quantities."""
    if request.param == "as the schema is":
        yield site
    else:
        with products_keep_their_revision(site):
            yield site


def stocked(site, name, quantity=5):
    product = site.product(name)
    row = site.create("/products/api/inventory/", {"product": product["id"], "available_quantity": quantity})
    return product["id"], row["id"]


def seen(site, id, name):
    """The available quantity of a product in every answer that shows it; each worker keeps rows of its own."""
    order = site.order("O-" + name)
    site.create("/orders/api/order-items/", {
        "order": order["id"], "product": id, "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"})
    found = set()
    for _ in range(4):
        one = site.rest("GET", f"/products/api/products/{id}/").json()
        [listed] = [row for row in site.rest("GET", "/products/api/products/").json()["results"] if row["id"] == id]
        [searched] = site.rest("GET", f"/products/api/products/search/?q={name}").json()
        [item] = site.rest("GET", f"/orders/api/orders/{order['id']}/").json()["items"]
        found |= {row["inventory"]["available_quantity"] for row in (one, listed, searched, item["product"])}
        rows = [site.call("products", "get_product", f"<product_id>{name}</product_id>")]
        rows += site.call("products", "list_products").findall("{*}product[{*}product_id='%s']" % name)
        found |= {int(row.findtext("{*}inventory/{*}available_quantity")) for row in rows}
        assert len(rows) == 2
    assert site.rest("DELETE", f"/orders/api/orders/{order['id']}/").status_code == 204
    return found


def test_the_trigger_of_the_tests_is_the_schemas(site):
    with products_keep_their_revision(site):
        pass
    [[body]] = site.sql("SELECT action_statement FROM information_schema.triggers WHERE trigger_name = 'inventory_moved'")
    assert body.split() == NOW.split("ROW", 1)[1].split()


def test_a_changed_quantity_is_seen_everywhere(shop):
    id, row = stocked(shop, "P-1")
    assert seen(shop, id, "P-1") == {5}
    for quantity in (4, 0, 70000, 3):
        shop.rest("PATCH", f"/products/api/inventory/{row}/", {"available_quantity": quantity})
        assert seen(shop, id, "P-1") == {quantity}
    shop.sql(f"UPDATE inventory SET available_quantity = 9 WHERE id = {row}")
    assert seen(shop, id, "P-1") == {9}


def test_stock_that_is_made_deleted_or_moved_raises_its_products_revision(shop):
    first, second = shop.product("P-1")["id"], shop.product("P-2")["id"]

    def revisions():
        return [int(value) for value, in shop.sql("SELECT revision FROM products ORDER BY id")]

    def shown():
        return [shop.rest("GET", f"/products/api/products/{id}/").json()["inventory"] for id in (first, second)]

    assert (revisions(), shown()) == ([1, 1], [None, None])
    row = shop.create("/products/api/inventory/", {"product": first, "available_quantity": 7})
    assert revisions() == [2, 1] and shown()[0]["available_quantity"] == 7 and shown()[1] is None
    shop.rest("PATCH", f"/products/api/inventory/{row['id']}/", {"product": second})
    assert revisions() == [3, 2] and shown()[0] is None and shown()[1]["available_quantity"] == 7
    shop.rest("DELETE", f"/products/api/inventory/{row['id']}/")
    assert revisions() == [3, 3] and shown() == [None, None]


def test_a_follower_of_products_gets_those_whose_quantities_changed(shop):
    ids = dict(stocked(shop, f"P-{number}") for number in range(4))
    [[since]] = shop.sql("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%T.%fZ')")
    rows = list(ids.values())
    shop.rest("PATCH", f"/products/api/inventory/{rows[2]}/", {"reserved_quantity": 2})
    shop.call("products", "update_product", "<product_id>P-0</product_id><changes><brand>b</brand></changes>")

    def keys(query=""):
        page = shop.call("products", "list_products", f"<query>{query}<updated_since>{since}</updated_since></query>")
        found = [row.findtext("{*}product_id") for row in page.iterfind("{*}product")]
        assert int(page.findtext("{*}total_count")) >= len(found)
        return found

    assert keys() == ["P-0", "P-2"]
    assert keys("<page>2</page><page_size>1</page_size>") == ["P-2"]
    shop.rest("DELETE", f"/products/api/inventory/{rows[3]}/")
    assert keys() == ["P-0", "P-2", "P-3"]


def test_a_changed_quantity_does_not_lock_its_product():
    with new_stack() as stack:
        # Of one worker, since each keeps rows of its own.
        stack.start("--no-demo", PROCESSES=1)
        site = stack.site
        site.sql(f"DELIMITER //\n{THEN}//")
        id, row = stocked(site, "P-1")
        path = f"/products/api/products/{id}/"
        [[revision]] = site.sql(f"SELECT revision FROM products WHERE id = {id}")
        with DatabaseSession(site) as other:
            other.run(f"BEGIN; SELECT id FROM products WHERE id = {id} FOR UPDATE")
            answer = site.rest("PATCH", f"/products/api/inventory/{row}/", {"available_quantity": 4})
            assert answer.status_code == 200
            other.run("ROLLBACK")
        assert site.sql(f"SELECT revision FROM products WHERE id = {id}") == [[revision]]

        def count():
            before = statements(site)
            assert site.rest("GET", path).json()["inventory"]["available_quantity"] in (4, 3)
            return statements(site) - before

        kept = min(count() for _ in range(5))
        site.rest("PATCH", f"/products/api/inventory/{row}/", {"available_quantity": 3})
        # The version, and then the product with its stock.
        assert count() == kept + 1
