"""An answer is of one state of the data, also where it takes two statements without a snapshot."""
import pytest

from faults import proxied


@pytest.fixture
def proxy(file_stack):
    with proxied(file_stack) as proxy:
        file_stack.site.reset()
        yield proxy


@pytest.fixture
def order(file_stack):
    """The path of an order with two products."""
    site = file_stack.site
    row = site.order("O")
    for name in ("P", "Q"):
        product = site.product(name)
        site.create("/products/api/inventory/", {"product": product["id"], "available_quantity": 1})
        site.create("/orders/api/order-items/", {
            "order": row["id"], "product": product["id"], "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"})
    return f"/orders/api/orders/{row['id']}/"


# Everything in one transaction: the order, one of its products, and the stock of the other.
CHANGE = """
    SELECT id INTO @product FROM products WHERE product_id = 'Q';
    BEGIN;
    UPDATE orders SET notes = '{0}';
    UPDATE products SET brand = '{0}' WHERE product_id = 'P';
    UPDATE inventory SET warehouse_location = '{0}' WHERE product_id = @product;
    COMMIT
"""


def state(answer):
    """The words of the last change in the order, in the product and in the stock."""
    row = answer.json()
    products = {item["product"]["product_id"]: item["product"] for item in row["items"]}
    return {row["notes"], products["P"]["brand"], products["Q"]["inventory"]["warehouse_location"]}


def read_products_apart(site, order):
    """Lets the server read the order's products by a second statement: it takes them for kept, and they are outdated."""
    for _ in range(4):
        assert site.rest("GET", order).status_code == 200
    site.sql("UPDATE products SET price = price + 1")


@pytest.mark.parametrize("is_kept", [False, True], ids=["order outdated", "order kept"])
def test_an_order_and_its_products_are_of_one_state(file_stack, proxy, order, is_kept):
    site = file_stack.site
    site.sql(CHANGE.format("before"))
    read_products_apart(site, order)
    if not is_kept:
        site.sql("UPDATE orders SET customer_name = 'Eva'")
    changes = []

    def change(text):
        # The statement that reads the products by their ids.
        if text.startswith("SELECT 0, products.id") and not changes:
            changes.append(text)
            site.sql(CHANGE.format("after"))

    proxy.decide = change
    assert state(site.rest("GET", order)) == {"after"}
    assert changes
    assert state(site.rest("GET", order)) == {"after"}


def test_an_order_whose_product_goes_meanwhile_is_not_shown_without_it(file_stack, proxy, order):
    site = file_stack.site
    read_products_apart(site, order)
    gone = []

    def delete(text):
        if text.startswith("SELECT 0, products.id") and not gone:
            gone.append(text)
            site.sql("BEGIN; DELETE FROM orders; DELETE FROM products; COMMIT")

    proxy.decide = delete
    assert site.rest("GET", order).status_code == 404
    assert gone


def test_a_product_in_two_items_is_shown_whole_in_both(file_stack, proxy, order):
    site = file_stack.site
    items = site.rest("GET", order).json()["items"]
    [product] = [item["product"] for item in items if item["product"]["product_id"] == "P"]
    for name in "ab":
        site.create("/products/api/product-images/", {
            "product": product["id"], "image_url": f"https://example.com/{name}", "is_primary": name == "a"})
    site.create("/orders/api/order-items/", {
        "order": int(order.split("/")[-2]), "product": product["id"], "quantity": 2, "unit_price": "1.00",
        "subtotal": "2.00"})
    for _ in range(3):
        items = site.rest("GET", order).json()["items"]
        images = [[image["image_url"][-1] for image in item["product"]["images"]] for item in items]
        assert sorted(images) == [[], ["a", "b"], ["a", "b"]]


def test_a_tracked_shipment_and_its_events_beside_it_are_of_one_state(file_stack, proxy):
    site = file_stack.site
    shipment = site.shipment("S", site.order("O"))
    event = f"INSERT INTO shipment_events (shipment_id, event_type, description, timestamp) VALUES ({shipment['id']}, "
    site.sql(event + "'first', 'x', '2026-01-01')")
    said = []

    def add(text):
        # Before each statement behind the first one that reads the shipment.
        if said:
            site.sql(event + f"'next {len(said)}', 'x', '2026-01-02')")
        if " FROM shipments" in text:
            said.append(text)

    proxy.decide = add
    answer = site.rest("GET", f"/logistics/api/shipments/{shipment['id']}/track/").json()
    assert said
    assert [row["event_type"] for row in answer["events"]] == [row["event_type"] for row in answer["shipment"]["events"]]
