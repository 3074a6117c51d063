"""A page takes a fixed number of SQL statements, however many rows it has and however many rows they contain."""
import pytest

# Inserts rows by SQL: `parents` of each main kind and `all` children of them. The ids are consecutive, since the
# children's triggers do not allow reading the parents in the same statement.
FILL = """
    INSERT INTO products (product_id, name, sku, price, created_at, updated_at)
        SELECT CONCAT('P', seq), 'Cup', CONCAT('S', seq), 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_{parents};
    INSERT INTO orders (order_id, customer_name, customer_email, total_amount, shipping_address, payment_method,
            created_at, updated_at)
        SELECT CONCAT('O', seq), 'Ana', 'a@example.com', 1, 'a', 'card', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_{parents};
    INSERT INTO campaigns (campaign_id, name, start_date, end_date, created_at, updated_at)
        SELECT CONCAT('C', seq), 'Sale', '2026-01-01', '2026-02-01', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_{parents};
    SELECT MIN(id) INTO @product FROM products;
    SELECT MIN(id) INTO @order FROM orders;
    SELECT MIN(id) INTO @campaign FROM campaigns;
    INSERT INTO product_images (product_id, image_url, created_at)
        SELECT @product + seq % {parents}, 'http://example.com/a', UTC_TIMESTAMP(6) FROM seq_1_to_{all};
    INSERT INTO inventory (product_id) SELECT @product + seq - 1 FROM seq_1_to_{parents};
    INSERT INTO order_items (order_id, product_id, quantity, unit_price, subtotal)
        SELECT @order + seq % {parents}, @product + seq * 7 % {parents}, 1, 1, 1 FROM seq_1_to_{all};
    INSERT INTO order_tracking (order_id, tracking_number, carrier)
        SELECT @order + seq - 1, seq, 'DHL' FROM seq_1_to_{parents};
    INSERT INTO shipments (shipment_id, order_id, carrier_name, tracking_number, origin_address, destination_address,
            weight, shipping_cost, created_at, updated_at)
        SELECT seq, @order + seq - 1, 'DHL', seq, 'a', 'b', 1, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_{parents};
    SELECT MIN(id) INTO @shipment FROM shipments;
    INSERT INTO shipment_events (shipment_id, event_type, description, timestamp)
        SELECT @shipment + seq % {parents}, 'scan', 'x', UTC_TIMESTAMP(6) FROM seq_1_to_{all};
    INSERT INTO product_promotions (promotion_id, product_id, campaign_id, discount_percentage, start_date, end_date)
        SELECT seq, @product + seq - 1, @campaign, 1, '2026-01-01', '2026-02-01' FROM seq_1_to_{parents};
"""

PAGE = "<query><page_size>100</page_size></query>"

# The number of statements for each list: without kept rows, and with all rows kept.
REST = {
    # BEGIN, the count, the versions, COMMIT. Without kept rows also the ids and the rows with all that is in them.
    "/products/api/products/": (5, 4),
    "/products/api/product-images/": (5, 4),
    # One more statement reads the products in the orders, or their versions.
    "/orders/api/orders/": (6, 5),
    # The rows have no time of creation, by which they could be kept.
    "/orders/api/order-items/": (6, 6),
    "/logistics/api/shipments/": (5, 4),
    "/promotions/api/product-promotions/": (5, 5),
    # A bare list needs no count: its ids, and then the versions.
    "/products/api/products/search/?q=Cup": (4, 4),
    "/orders/api/orders/by_status/?status=pending": (5, 5),
}
SOAP = {
    ("products", "list_products"): (5, 4),
    # The items show the keys of products, which can change independently, so that such rows are not kept.
    ("orders", "list_orders"): (5, 5),
    ("orders", "list_order_items"): (5, 5),
    ("logistics", "list_shipments"): (5, 5),
    ("promotions", "list_campaigns"): (5, 4),
    ("promotions", "list_product_promotions"): (5, 5),
}


def statements(site):
    counters = "'Com_select', 'Com_begin', 'Com_commit', 'Com_rollback', 'Com_insert', 'Com_update', 'Com_delete'"
    return sum(int(value) for _, value in site.sql(f"SHOW GLOBAL STATUS WHERE variable_name IN ({counters})"))


def count(site, send):
    # The first answer counts the table and fills the cache.
    assert send().status_code == 200
    before = statements(site)
    answer = send()
    assert answer.status_code == 200, answer.text
    return statements(site) - before, len(answer.content)


@pytest.fixture(scope="module", params=[0, 1], ids=["nothing kept", "rows kept"])
def kept(file_stack, request):
    """Whether the server, which has one session in these tests, keeps rendered rows."""
    file_stack.serve(PROCESSES=1, THREADS=1, CACHE_MEGABYTES=64 * request.param)
    return request.param


@pytest.fixture(params=[(1, 1), (100, 700)], ids=["1 row", "100 rows"])
def filled(kept, file_stack, request):
    parents, children = request.param
    file_stack.site.reset()
    file_stack.site.sql(FILL.format(parents=parents, all=children))
    return file_stack.site


@pytest.mark.parametrize("path", REST)
def test_a_page_of_rest_costs_a_fixed_number_of_statements(filled, kept, path):
    number, size = count(filled, lambda: filled.rest("GET", path))
    assert number == REST[path][kept]
    assert size > 100


@pytest.mark.parametrize("domain, operation", SOAP, ids=[operation for _, operation in SOAP])
def test_a_page_of_soap_costs_a_fixed_number_of_statements(filled, kept, domain, operation):
    number, size = count(filled, lambda: filled.soap(domain, operation, PAGE))
    assert number == SOAP[domain, operation][kept]
    assert size > 100


def test_one_order_costs_one_statement(filled, kept):
    [[row]] = filled.sql("SELECT MIN(id) FROM orders")
    # The order with its items and its tracking, and its products or their versions.
    assert count(filled, lambda: filled.rest("GET", f"/orders/api/orders/{row}/"))[0] == 1


def test_one_product_costs_one_statement(filled, kept):
    [[row]] = filled.sql("SELECT MIN(id) FROM products")
    filled.sql("SET @slot = 0; UPDATE products SET stock_quantity = stock_quantity + 1")
    before = statements(filled)
    assert filled.rest("GET", f"/products/api/products/{row}/").status_code == 200
    # A version that is outdated is read in vain.
    assert statements(filled) - before in ((1, 2) if kept else (1,))
    assert count(filled, lambda: filled.rest("GET", f"/products/api/products/{row}/"))[0] == 1
    assert count(filled, lambda: filled.soap("products", "get_product", "<product_id>P1</product_id>"))[0] == 1


def test_a_row_that_a_list_keeps_is_soon_not_read_whole_by_names_never_asked_for(kept, file_stack):
    site = file_stack.site
    site.reset()
    site.sql(FILL.format(parents=100, all=700))
    # The other tests ask for products by the names that they have there.
    site.sql("SET @slot = 0; UPDATE products SET product_id = CONCAT('Q', product_id)")

    def sent():
        return int(site.sql("SHOW GLOBAL STATUS LIKE 'Rows_sent'")[0][1])

    def rows(product):
        before = sent()
        answer = site.soap("products", "get_product", f"<product_id>{product}</product_id>")
        # The status itself is a row.
        return sent() - before - 1, answer.text.count("<image_url>")

    assert site.soap("products", "list_products", PAGE).status_code == 200
    # Other tests may have left the guess as it should become, or otherwise: two wrong guesses change it.
    rows("QP1"), rows("QP2")
    # Of a row with a version, only that is read; with the row come its images.
    assert rows("QP3") == ((1, 7) if kept else (8, 7))
    before = statements(site)
    assert rows("NOPE") == (0, 0)
    assert statements(site) - before == 1


def test_a_large_table_is_not_counted_again_when_its_newest_rows_are_deleted(filled, kept):
    def total():
        return int(filled.call("products", "list_products", PAGE).findtext("{*}total_count"))

    # High ids mark a table as slow to count. With new notes, the next request counts it.
    filled.sql("REPLACE INTO row_counts SELECT 'products', seq, UUID_SHORT(), 0, 0 FROM seq_0_to_15; "
               "SELECT MAX(id) + 100000 INTO @top FROM products; "
               "INSERT INTO products (id, product_id, name, sku, price, created_at, updated_at) "
               "SELECT @top + seq, seq, 'Cup', seq, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_5")
    all = total()
    filled.sql("DELETE FROM products WHERE product_id IN ('4', '5'); "
               "INSERT INTO products (product_id, name, sku, price, created_at, updated_at) "
               "VALUES ('N', 'Cup', 'N', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)); "
               "DELETE FROM products WHERE product_id = 'N'")
    before = statements(filled)
    assert total() == all - 2
    assert statements(filled) - before == SOAP["products", "list_products"][kept]


def test_pages_of_every_size_share_a_few_prepared_statements(site):
    """IN lists are padded to a few lengths: otherwise each length would be a statement of its own in each session."""
    site.sql(FILL.format(parents=100, all=200))
    held = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'Prepared_stmt_count'"
    for _ in range(30):
        site.call("products", "list_products", PAGE)
    before = int(site.sql(held)[0][0])
    for size in range(1, 101):
        site.call("products", "list_products", f"<query><page_size>{size}</page_size></query>")
    # Eight sessions, two kinds of embedded rows, and a handful of lengths.
    assert int(site.sql(held)[0][0]) - before <= 8 * 2 * 6
