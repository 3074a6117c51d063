"""A page of a filtered list counts its rows without a scan, and its count is right after every kind of write."""
import pytest

PAGE = "<query><{0}>{1}</{0}><page_size>{2}</page_size></query>"
# The products of each status, by their number.
FILL = """
    INSERT INTO products (product_id, name, sku, price, status, created_at, updated_at)
    SELECT CONCAT('P', seq), CONCAT('Cup ', seq), CONCAT('S', seq), 1,
        CASE seq % 10 WHEN 0 THEN 'inactive' ELSE 'active' END, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
    FROM seq_1_to_{count};
"""


@pytest.fixture(scope="module")
def stack(file_stack):
    # One worker, since each keeps counts of its own.
    file_stack.serve(PROCESSES=1, THREADS=1)
    return file_stack


@pytest.fixture
def site(stack):
    stack.site.reset()
    return stack.site


def total(site, value="active", field="status", domain="products", operation="list_products"):
    return int(site.call(domain, operation, PAGE.format(field, value, 5)).findtext("{*}total_count"))


def rows_read(site, send):
    def read():
        return sum(int(value) for name, value in site.sql("SHOW GLOBAL STATUS LIKE 'Handler\\_read%'"))

    # The reading of the counters itself reads as many rows each time.
    idle = -read() + read()
    before = read()
    send()
    return read() - before - idle


def test_a_count_follows_every_kind_of_write(site):
    site.sql(FILL.format(count=50))
    assert (total(site), total(site, "inactive"), total(site, "out_of_stock")) == (45, 5, 0)
    # By the program: a new row, another value, the same value, another field, a row less.
    product = site.product("NEW")
    path = f"/products/api/products/{product['id']}/"
    assert total(site) == 46
    site.rest("PATCH", path, {"status": "inactive"})
    assert (total(site), total(site, "inactive")) == (45, 6)
    site.rest("PATCH", path, {"status": "inactive", "brand": "B"})
    assert (total(site), total(site, "inactive")) == (45, 6)
    site.call("products", "delete_product", "<product_id>NEW</product_id>")
    assert (total(site), total(site, "inactive")) == (45, 5)
    # By other programs, also what is rolled back.
    site.sql("UPDATE products SET status = 'out_of_stock' WHERE product_id IN ('P1', 'P2', 'P10')")
    assert (total(site), total(site, "inactive"), total(site, "out_of_stock")) == (43, 4, 3)
    site.sql("BEGIN; UPDATE products SET status = 'inactive'; DELETE FROM products; ROLLBACK")
    assert (total(site), total(site, "inactive"), total(site, "out_of_stock")) == (43, 4, 3)
    # Past the triggers.
    site.sql("SET foreign_key_checks = 0; TRUNCATE products")
    assert (total(site), total(site, "inactive")) == (0, 0)
    site.sql(FILL.format(count=20))
    assert (total(site), total(site, "inactive")) == (18, 2)


def test_rows_that_a_cascade_deletes_are_not_counted(site):
    order, other = site.order("A"), site.order("B")
    for number, row in enumerate((order, order, other)):
        site.create("/finance/api/payments/", {
            "payment_id": f"P{number}", "order": row["id"], "amount": "1.00", "payment_method": "credit_card"})
    assert total(site, "pending", "status", "finance", "list_payments") == 3
    site.rest("DELETE", f"/orders/api/orders/{order['id']}/")
    assert total(site, "pending", "status", "finance", "list_payments") == 1


def test_a_boolean_is_counted_as_well(site):
    for number in range(3):
        site.create("/promotions/api/vouchers/", {"voucher_id": f"V{number}", "code": f"C{number}"})
    assert total(site, "false", "is_redeemed", "promotions", "list_vouchers") == 3
    site.call("promotions", "redeem_voucher", "<voucher_id>V1</voucher_id>")
    assert total(site, "false", "is_redeemed", "promotions", "list_vouchers") == 2
    assert total(site, "true", "is_redeemed", "promotions", "list_vouchers") == 1


@pytest.mark.parametrize("send", [
    lambda site: site.call("products", "list_products", PAGE.format("status", "active", 10)),
    lambda site: site.rest("GET", "/orders/api/orders/by_status/?status=pending&page=2"),
], ids=["soap", "rest"])
def test_a_page_reads_no_more_rows_than_it_shows_however_many_there_are(site, send):
    site.sql(FILL.format(count=3000))
    site.sql("""
        INSERT INTO orders (order_id, customer_name, customer_email, total_amount, shipping_address, payment_method,
            created_at, updated_at)
        SELECT CONCAT('O', seq), 'Ana', 'a@example.com', 1, 'a', 'card', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_3000""")
    send(site)
    # The page's ids, their rows, and the notes of a table and of a value, in 64 slots each.
    assert rows_read(site, lambda: send(site)) < 1200
    # The same after writes.
    site.product("NEW")
    site.order("NEW")
    site.sql("UPDATE products SET status = 'inactive' WHERE product_id = 'P1'; "
             "UPDATE orders SET status = 'shipped' WHERE order_id = 'O1'")
    assert rows_read(site, lambda: send(site)) < 1200


def test_a_search_scans_the_table_once(site):
    site.sql(FILL.format(count=3000))

    def search(page):
        answer = site.rest("GET", f"/products/api/products/search/?q=cUP&page={page}").json()
        assert answer["count"] == 3000 and len(answer["results"]) == 100

    search(1)
    for page in (1, 7, 30):
        # The table once, the hits up to the page in their order, and the rows of the page.
        assert rows_read(site, lambda: search(page)) < 3000 + 100 * page + 1000
    # The last page is known by the count alone.
    assert site.rest("GET", "/products/api/products/search/?q=cUP&page=last").json()["count"] == 3000
    assert site.rest("GET", "/products/api/products/search/?q=cUP&page=31").json() == {"detail": "Invalid page."}
    assert int(site.call("products", "list_products", PAGE.format("search", "CUP", 7)).findtext("{*}total_count")) == 3000


@pytest.mark.parametrize("name, found", [
    ("Müller", ["müller", "MÜLLER", "muller"]), ("ΑΘΉΝΑ", ["αθήνα"]), ("Дом", ["дом"]), ("ÅNGSTRÖM", ["ångström"]),
    # Letters of alphabets whose case the simple collation does not fold, and characters that it cannot tell apart.
    ("ⰀⰁ", ["ⰰⰱ"]), ("ᏣᎳᎩ", ["ꮳꮃꭹ"]), ("😀 x", ["😀"]), ("同じ", ["同"]), ("x𐐀", ["𐐀"]), ("50% off_", ["0% o", "F_"]),
])
def test_a_search_finds_a_name_in_any_case(site, name, found):
    site.product("OTHER", name="🎉 zzz 日 Ⰲ Ꮳ 𐐂")
    site.product("WANTED", name=name)
    for text in found:
        rows = site.rest("GET", "/products/api/products/search/", params={"q": text}).json()
        assert [row["product_id"] for row in rows] == ["WANTED"], text
