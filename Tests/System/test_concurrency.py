"""Requests that meet on one row: of two that exclude each other one succeeds, and each that can succeed does."""
import itertools

import pytest

from site_client import SOAPFault, at_once, xml

ROUNDS = 12
CALLERS = 6


def is_done(answer):
    return answer.status_code in (200, 201, 204)


def alternating(over_rest, over_soap, count=CALLERS):
    return [over_rest if number % 2 == 0 else over_soap for number in range(count)]


def pay(site, name, status):
    order = site.order(f"O-{name}")
    return site.create("/finance/api/payments/", {
        "payment_id": name, "order": order["id"], "amount": "5.00", "payment_method": "credit_card", "status": status})


def settle(site, name):
    return site.create("/finance/api/settlements/", {
        "settlement_id": name, "period_start": "2026-01-01", "period_end": "2026-01-31", "total_sales": "10.00",
        "commission": "1.00", "net_amount": "9.00"})


def promise(site, name):
    return site.create("/promotions/api/vouchers/", {"voucher_id": name, "code": name})


CONTESTED = [
    # Name, a function that makes a row, REST, SOAP, key, the row afterwards, the text that the losing requests get.
    ("confirm", lambda site, name: site.order(name), "orders/api/orders", "confirm",
     "confirm_order", "order_id", ("status", "confirmed"), "Cannot confirm order with status confirmed"),
    ("cancel", lambda site, name: site.order(name), "orders/api/orders", "cancel",
     "cancel_order", "order_id", ("status", "cancelled"), "Cannot cancel order with status cancelled"),
    ("process", lambda site, name: pay(site, name, "pending"), "finance/api/payments", "process",
     "process_payment", "payment_id", ("status", "processing"), "Cannot process payment with status processing"),
    ("refund", lambda site, name: pay(site, name, "completed"), "finance/api/payments", "refund",
     "refund_payment", "payment_id", ("status", "refunded"), "Can only refund completed payments"),
    ("complete", settle, "finance/api/settlements", "complete",
     "complete_settlement", "settlement_id", ("status", "completed"),
     "Cannot complete settlement with status completed"),
    ("redeem", promise, "promotions/api/vouchers", "redeem",
     "redeem_voucher", "voucher_id", ("is_redeemed", True), "Voucher has already been redeemed"),
]


@pytest.mark.parametrize(
    "make, path, action, operation, key, after, refusal", [case[1:] for case in CONTESTED],
    ids=[case[0] for case in CONTESTED])
def test_exactly_one_of_many_equal_actions_succeeds(site, make, path, action, operation, key, after, refusal):
    domain, table = path.split("/")[0], path.split("/")[-1]
    for number in range(ROUNDS):
        row = make(site, f"R{number}")
        answers = at_once(site, alternating(
            lambda own: own.rest("POST", f"/{path}/{row['id']}/{action}/"),
            lambda own: own.soap(domain, operation, xml(**{key: row[key]}))))
        assert sum(map(is_done, answers)) == 1, [answer.text for answer in answers]
        for lost in [answer for answer in answers if not is_done(answer)]:
            if lost.headers["Content-Type"] == "application/json":
                assert (lost.status_code, lost.json()) == (400, {"error": refusal})
            else:
                fault = SOAPFault(lost)
                assert (fault.status, fault.code, fault.text) == (500, "CONFLICT", f"CONFLICT: {refusal}")
        assert site.rest("GET", f"/{path}/{row['id']}/").json()[after[0]] == after[1]
        # The row changed once, not once for each caller.
        assert site.sql(f"SELECT revision FROM {table} WHERE id = {row['id']}") == [["2"]]


def test_of_a_confirm_and_a_cancel_at_once_the_order_ends_cancelled(site):
    for number in range(ROUNDS):
        row = site.order(f"R{number}")
        confirm, cancel = at_once(site, [
            lambda own: own.rest("POST", f"/orders/api/orders/{row['id']}/confirm/"),
            lambda own: own.soap("orders", "cancel_order", xml(order_id=row["order_id"]))])
        # A confirmed order can be cancelled, but a cancelled one cannot be confirmed: the cancel always succeeds.
        assert cancel.status_code == 200
        assert confirm.status_code == 200 or confirm.json() == {"error": "Cannot confirm order with status cancelled"}
        assert site.rest("GET", f"/orders/api/orders/{row['id']}/").json()["status"] == "cancelled"


def test_of_equal_creates_one_makes_the_row_and_the_others_name_the_fields(site):
    for number in range(ROUNDS):
        body = {"product_id": f"P{number}", "name": "Cup", "sku": f"S{number}", "price": "1.00"}
        answers = at_once(site, alternating(
            lambda own: own.rest("POST", "/products/api/products/", body),
            lambda own: own.soap("products", "create_product", f"<product>{xml(**body)}</product>")))
        assert sum(map(is_done, answers)) == 1, [answer.text for answer in answers]
        taken = {name: f"product with this {name.replace('_', ' ')} already exists." for name in ("product_id", "sku")}
        for lost in [answer for answer in answers if not is_done(answer)]:
            if lost.headers["Content-Type"] == "application/json":
                assert lost.status_code == 400
                assert lost.json() == {name: [text] for name, text in taken.items()}
            else:
                fault = SOAPFault(lost)
                assert fault.code == "ALREADY_EXISTS"
                assert fault.fields == {f"product.{name}": text for name, text in taken.items()}
        assert site.sql(f"SELECT COUNT(*) FROM products WHERE sku = 'S{number}'") == [["1"]]


SINGLE_CHILDREN = [
    ("inventory", "/products/api/inventory/", "product", {}, "inventory with this product already exists."),
    ("tracking", "/orders/api/order-tracking/", "order", {"carrier": "DHL"},
     "order tracking with this order already exists."),
    ("invoice", "/finance/api/invoices/", "order",
     {"subtotal": "1.00", "discount_amount": "0.00", "total_amount": "1.00"},
     "invoice with this order already exists."),
]


@pytest.mark.parametrize(
    "path, parent, fields, message", [case[1:] for case in SINGLE_CHILDREN], ids=[case[0] for case in SINGLE_CHILDREN])
def test_a_parent_gets_exactly_one_single_child(site, path, parent, fields, message):
    for number in range(ROUNDS):
        owner = (site.product if parent == "product" else site.order)(f"R{number}")
        names = {"order-tracking": ["tracking_number"], "invoices": ["invoice_id", "invoice_number"]}

        def create(caller):
            own_names = {name: f"N{number}-{caller}" for name in names.get(path.split("/")[-2], [])}
            return lambda own: own.rest("POST", path, {parent: owner["id"]} | fields | own_names)

        answers = at_once(site, [create(caller) for caller in range(CALLERS)])
        assert sum(map(is_done, answers)) == 1, [answer.text for answer in answers]
        for lost in [answer for answer in answers if not is_done(answer)]:
            assert (lost.status_code, lost.json()) == (400, {parent: [message]})


def test_many_children_of_one_parent_are_all_created_and_each_moves_its_revision(site):
    product, order = site.product("P"), site.order("O")
    item = {"quantity": 1, "unit_price": "1.00", "subtotal": "1.00"}

    def calls(number):
        yield lambda own: own.rest("POST", "/orders/api/order-items/",
                                   {"order": order["id"], "product": product["id"]} | item)
        yield lambda own: own.soap("orders", "create_order_item",
                                   f"<order_item>{xml(order_id='O', product_id='P', **item)}</order_item>")
        yield lambda own: own.rest("POST", "/logistics/api/shipments/", {
            "shipment_id": f"S{number}", "order": order["id"], "carrier_name": "DHL", "tracking_number": f"T{number}",
            "origin_address": "a", "destination_address": "b", "weight": "1.00", "shipping_cost": "1.00"})
        yield lambda own: own.rest("PATCH", f"/orders/api/orders/{order['id']}/", {"notes": f"{number}"})
        yield lambda own: own.rest("POST", "/products/api/product-images/",
                                   {"product": product["id"], "image_url": "http://example.com/a.png"})
        yield lambda own: own.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": f"{number}"})

    for number in range(ROUNDS):
        answers = at_once(site, list(calls(number)))
        assert all(map(is_done, answers)), [answer.text for answer in answers]
    # Four of the six requests change the order, two the product; no change may be lost.
    assert site.sql("SELECT revision FROM orders") == [[str(1 + 4 * ROUNDS)]]
    assert site.sql("SELECT revision FROM products") == [[str(1 + 2 * ROUNDS)]]


def test_children_that_change_places_do_not_deadlock_into_errors(site):
    parents = [site.product(name)["id"] for name in "AB"]
    images = [
        site.create("/products/api/product-images/", {"product": parents[n % 2], "image_url": "http://example.com/a"})
        for n in range(CALLERS)]
    for number in range(ROUNDS):
        answers = at_once(site, [
            lambda own, n=n, image=image: own.rest("PATCH", f"/products/api/product-images/{image['id']}/",
                                                   {"product": parents[(n + number) % 2]})
            for n, image in enumerate(images)])
        assert all(map(is_done, answers)), [answer.text for answer in answers]


def test_of_updates_that_expect_the_same_revision_one_wins(site):
    site.product("P")
    for revision in range(1, ROUNDS + 1):
        def update(brand):
            changes = xml(brand=brand, expected_revision=revision)
            content = f"<product_id>P</product_id><changes>{changes}</changes>"
            return lambda own: own.soap("products", "update_product", content)

        answers = at_once(site, [update(f"{revision}-{caller}") for caller in range(CALLERS)])
        assert sum(map(is_done, answers)) == 1, [answer.text for answer in answers]
        winner = next(n for n, answer in enumerate(answers) if is_done(answer))
        assert {SOAPFault(answer).code for answer in answers if not is_done(answer)} == {"CONFLICT"}
        assert site.sql("SELECT brand, revision FROM products") == [[f"{revision}-{winner}", str(revision + 1)]]


def test_a_product_that_is_deleted_while_it_is_ordered_leaves_no_orphan(site):
    item = {"quantity": 1, "unit_price": "1.00", "subtotal": "1.00"}
    for number in range(2 * ROUNDS):
        product, order = site.product(f"P{number}"), site.order(f"O{number}")
        keys = {"order_id": order["order_id"], "product_id": product["product_id"]}
        over_soap = number % 4 >= 2
        calls = [
            lambda own: own.rest("DELETE", f"/products/api/products/{product['id']}/"),
            (lambda own: own.soap("orders", "create_order_item", f"<order_item>{xml(**keys, **item)}</order_item>"))
            if over_soap else
            (lambda own: own.rest("POST", "/orders/api/order-items/",
                                  {"order": order["id"], "product": product["id"]} | item))]
        # The threads start in alternating order, so that neither has an advantage.
        if number % 2:
            create, delete = at_once(site, calls[::-1])
        else:
            delete, create = at_once(site, calls)
        if is_done(delete):
            assert delete.status_code == 204
            if over_soap:
                assert set(SOAPFault(create).fields) == {"order_item.product_id"}
            else:
                assert create.status_code == 400
                assert create.json() == {"product": [f'Invalid pk "{product["id"]}" - object does not exist.']}
        else:
            assert delete.status_code == 409, delete.text
            assert is_done(create), create.text
    assert site.sql("SELECT COUNT(*) FROM order_items WHERE product_id NOT IN (SELECT id FROM products)") == [["0"]]


def test_an_order_that_is_deleted_while_it_grows_leaves_no_orphan(site):
    for number in range(ROUNDS):
        order = site.order(f"O{number}")
        path = f"/orders/api/orders/{order['id']}/"
        answers = at_once(site, [
            lambda own: own.rest("POST", "/orders/api/order-tracking/",
                                 {"order": order["id"], "tracking_number": f"T{number}", "carrier": "DHL"}),
            lambda own: own.rest("DELETE", path),
            lambda own: own.rest("POST", "/finance/api/payments/", {
                "payment_id": f"P{number}", "order": order["id"], "amount": "1.00", "payment_method": "credit_card"}),
            lambda own: own.rest("PATCH", path, {"notes": "late"}),
            lambda own: own.rest("DELETE", path)])
        tracking, first, payment, patch, second = answers
        assert sorted([first.status_code, second.status_code]) == [204, 404]
        assert patch.status_code in (200, 404)
        for create in (tracking, payment):
            missing = {"order": [f'Invalid pk "{order["id"]}" - object does not exist.']}
            assert create.status_code == 201 or (create.status_code, create.json()) == (400, missing), create.text
    counts = [site.sql(f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("orders", "order_tracking", "payments")]
    assert counts == ["0", "0", "0"]


def test_reads_beside_writes_never_see_half_of_a_change(site):
    """An order and its items are read in one snapshot: a reader sees a state that existed at one moment."""
    order, product = site.order("O"), site.product("P")
    item = {"order": order["id"], "product": product["id"], "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"}

    def write(own):
        for number in range(2 * ROUNDS):
            own.create("/orders/api/order-items/", item)
        return own.rest("GET", "/health/live")

    def read(own):
        seen = []
        for _ in range(2 * ROUNDS):
            answer = own.call("orders", "get_order", xml(order_id="O"))
            # Each item increases the order's revision by one, so that the two numbers show whether they belong
            # together.
            seen.append((int(answer.findtext("{*}revision")) - 1, len(answer.findall("{*}item"))))
        return seen

    _, *readers = at_once(site, [write, read, read, read])
    assert all(changes == items for changes, items in itertools.chain(*readers)), readers


def test_writers_of_what_belongs_to_one_order_wait_for_it_and_never_deadlock(site):
    """Each locks the order first, and the triggers change it afterwards."""
    order, product = site.order("O"), site.product("P")
    other = site.order("OTHER")
    shipments = [site.shipment(f"S{number}", order) for number in range(2)]

    def deadlocks():
        return int(site.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")[0][1])

    def writes(own, client):
        for number in range(6):
            key = f"{client}-{number}"
            payment = own.rest("POST", "/finance/api/payments/", {
                "payment_id": key, "order": order["id"], "amount": "1.00", "payment_method": "credit_card"})
            yield payment
            # To the other order, and back to the first one by the key.
            yield own.rest("PATCH", f"/finance/api/payments/{payment.json()['id']}/", {"order": other["id"]})
            yield own.soap("finance", "update_payment",
                           f"<payment_id>{key}</payment_id><changes><order_id>O</order_id></changes>")
            item = own.rest("POST", "/orders/api/order-items/", {
                "order": order["id"], "product": product["id"], "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"})
            yield item
            yield own.rest("PATCH", f"/orders/api/orders/{order['id']}/", {"notes": key})
            shipment = shipments[number % 2]
            yield own.rest("POST", "/logistics/api/shipment-events/", {
                "shipment": shipment["id"], "event_type": "scan", "description": key})
            yield own.rest("PATCH", f"/logistics/api/shipments/{shipment['id']}/", {"carrier_name": key})
            yield own.rest("POST", f"/finance/api/payments/{payment.json()['id']}/process/")
            yield own.rest("DELETE", f"/orders/api/order-items/{item.json()['id']}/")

    before = deadlocks()
    answers = at_once(site, [lambda own, client=client: list(writes(own, client)) for client in range(6)])
    assert {answer.status_code for some in answers for answer in some} <= {200, 201, 204}
    assert deadlocks() == before
    [[payments, events, items]] = site.sql(
        f"SELECT (SELECT COUNT(*) FROM payments WHERE order_id = {order['id']}), (SELECT COUNT(*) FROM shipment_events), "
        "(SELECT COUNT(*) FROM order_items)")
    assert (payments, events, items) == ("36", "36", "0")


def test_an_order_that_is_deleted_while_its_rows_are_written_never_deadlocks(site):
    """The cascade goes from the order to its rows, and so must everybody else."""
    [[_, before]] = site.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")
    for number in range(30):
        payment = pay(site, f"P{number}", "pending")
        shipment = site.shipment(f"S{number}", {"id": payment["order"]})
        answers = at_once(site, [
            lambda own: own.rest("PATCH", f"/finance/api/payments/{payment['id']}/", {"amount": "2.00"}),
            lambda own: own.rest("POST", f"/finance/api/payments/{payment['id']}/process/"),
            lambda own: own.rest("PATCH", f"/logistics/api/shipments/{shipment['id']}/", {"carrier_name": "UPS"}),
            lambda own: own.rest("POST", "/logistics/api/shipment-events/", {
                "shipment": shipment["id"], "event_type": "scan", "description": "x"}),
            lambda own: own.rest("DELETE", f"/orders/api/orders/{payment['order']}/"),
        ])
        assert answers[-1].status_code == 204
        assert {answer.status_code for answer in answers} <= {200, 201, 204, 400, 404}
    assert site.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'") == [["Innodb_deadlocks", before]]
