"""The data set: every value is computed from the number of its row, so that `answers.py` can compute it as well."""
import datetime

IMAGES = 2
PRODUCTS_PER_MODEL = 20
SMALLEST = 200
EPOCH = datetime.datetime(2025, 1, 1)
ADJECTIVES = ("Steel", "Oak", "Linen", "Folding", "Portable", "Garden", "Solar")
NOUNS = ("lamp", "chair", "table", "bottle", "backpack", "kettle", "blanket", "bench", "tent", "mirror", "clock")
CATEGORIES = ("Lighting", "Furniture", "Kitchen", "Outdoor", "Travel", "Textiles", "Décor", "Tools", "Sports")
ORDER_STATUSES = ("pending", "confirmed", "processing", "shipped", "delivered", "cancelled")
CARRIERS = ("DHL", "UPS", "FedEx", "Correos")
TEXT = (
    'Made for daily use: 5 mm walls, tested to 120 kg & sold "as new". Délivré en 48 h – remplacement gratuit '
    "within two years. Clean it with a damp cloth, and keep it away from open fire. Model ")


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def one_of(texts, number="seq"):
    return f"ELT({number} % {len(texts)} + 1, {', '.join(map(quoted, texts))})"


def cents(product):
    return f"({product} * 37 % 100000 + 99)"


def selects(products):
    """For each table its columns and the SELECT that fills one chunk; children come before their parents."""
    created = f"{quoted(str(EPOCH))} + INTERVAL seq * 10 SECOND + INTERVAL seq * 137 % 1000000 MICROSECOND"
    model = f"LPAD(seq DIV {PRODUCTS_PER_MODEL}, 6, '0')"
    lines = [f"((seq * 31 + {line} * 97) % {products} + 1)" for line in range(3)]
    subtotals = [f"((seq + {line}) % 3 + 1) * {cents(product)} / 100" for line, product in enumerate(lines)]
    bought = " UNION ALL ".join(
        f"SELECT seq, {line} line, {product} product, (seq + {line}) % 3 + 1 quantity, {cents(product)} / 100 price "
        f"FROM @SEQUENCE@ WHERE {line} < 2 + seq % 2"
        for line, product in enumerate(lines))
    return [
        ("product_images", "id, product_id, image_url, is_primary, created_at", f"""
            SELECT (seq - 1) * {IMAGES} + side, seq,
                CONCAT('https://images.example.com/products/', LPAD(seq, 7, '0'), '/', side, '.jpg'), side = 1,
                {created}
            FROM @SEQUENCE@ JOIN (SELECT 1 side UNION ALL SELECT 2) sides ORDER BY 1"""),
        ("inventory",
         "id, product_id, warehouse_location, reserved_quantity, available_quantity, last_restocked_at", f"""
            SELECT seq, seq, CONCAT('Aisle ', seq % 40), seq % 10, seq % 500,
                IF(seq % 3 = 0, NULL, {created} + INTERVAL 1 DAY)
            FROM @SEQUENCE@"""),
        ("order_items", "id, order_id, product_id, quantity, unit_price, subtotal", f"""
            SELECT (seq - 1) * 3 + line + 1, seq, product, quantity, price, quantity * price
            FROM ({bought}) bought ORDER BY 1"""),
        ("order_tracking", "id, order_id, tracking_number, carrier, shipped_at, estimated_delivery", f"""
            SELECT seq, seq, CONCAT('TRACK', LPAD(seq, 7, '0')), {one_of(CARRIERS)},
                IF(seq % 6 IN (3, 4), {created} + INTERVAL 1 DAY, NULL), {created} + INTERVAL 3 DAY
            FROM @SEQUENCE@"""),
        ("products",
         "id, product_id, name, description, sku, price, stock_quantity, status, category, brand, weight, "
         "created_at, updated_at, revision", f"""
            SELECT seq, CONCAT('PRD-', LPAD(seq, 7, '0')),
                CONCAT({one_of(ADJECTIVES)}, ' ', {one_of(NOUNS)}, ' M', {model}), CONCAT({quoted(TEXT)}, {model}),
                CONCAT('SKU-', LPAD(seq * 7919 % 9999991, 7, '0')), {cents('seq')} / 100, seq % 500,
                CASE seq % 20 WHEN 0 THEN 'inactive' WHEN 10 THEN 'out_of_stock' ELSE 'active' END,
                {one_of(CATEGORIES, f'(seq DIV {PRODUCTS_PER_MODEL})')}, CONCAT('Brand ', seq % 50),
                IF(seq % 10 = 0, NULL, (seq % 2000 + 10) / 100), {created},
                {created} + INTERVAL seq % 86400 SECOND, 1 + {IMAGES} + 1
            FROM @SEQUENCE@"""),
        ("orders",
         "id, order_id, customer_name, customer_email, customer_phone, status, total_amount, shipping_address, "
         "billing_address, payment_method, payment_status, notes, created_at, updated_at, revision", f"""
            SELECT seq, CONCAT('ORD-', LPAD(seq, 7, '0')), CONCAT('Ana Müller ', seq % 5000),
                CONCAT('customer', seq % 5000, '@example.com'), CONCAT('+34 600 ', LPAD(seq % 1000000, 6, '0')),
                {one_of(ORDER_STATUSES)}, {subtotals[0]} + {subtotals[1]} + IF(seq % 2, {subtotals[2]}, 0),
                CONCAT('Calle Mayor ', seq % 300, ', 28013 Madrid'),
                IF(seq % 4 = 0, CONCAT('Gran Vía ', seq % 100, ', 28013 Madrid'), ''), 'card',
                IF(seq % 3 = 0, 'pending', 'paid'), IF(seq % 10 = 0, 'Leave it at the door.', ''), {created},
                {created} + INTERVAL seq % 86400 SECOND, 1 + 2 + seq % 2 + 1
            FROM @SEQUENCE@"""),
    ]


def load(sql, products, orders):
    """Fills the tables through `sql`, which runs a text and returns its rows."""
    for table, columns, select in selects(products):
        insert(sql, table, columns, select, 1, orders if table.startswith("order") else products)
    prove(sql, products, orders)
    sql("ANALYZE TABLE " + ", ".join(table for table, _, _ in selects(products)))


def load_more(sql, products, count):
    """Adds products behind the data set, which no order has, with their images and inventory."""
    for table, columns, select in selects(products):
        if not table.startswith("order"):
            insert(sql, table, columns, select, products + 1, products + count)


def insert(sql, table, columns, select, first, last, chunk=50_000):
    """Inserts the rows of these numbers into one table."""
    for start in range(first, last + 1, chunk):
        sequence = f"seq_{start}_to_{min(start + chunk - 1, last)}"
        # Children are inserted before their parents, since a trigger that finds no parent is cheap. The parents are
        # inserted with the revision that the triggers would have given them.
        sql(f"SET SESSION foreign_key_checks = 0, tx_isolation = 'READ-COMMITTED'; "
            f"INSERT INTO {table} ({columns}) {select.replace('@SEQUENCE@', sequence)}")


def prove(sql, products, orders):
    """Checks what foreign keys and triggers would have guaranteed."""
    wrong = {
        "the products with their images and inventory": f"""
            SELECT ABS(COUNT(*) - {products}) + SUM(revision <> 1 + images + stocks)
            FROM (SELECT p.revision,
                (SELECT COUNT(*) FROM product_images i WHERE i.product_id = p.id) images,
                (SELECT COUNT(*) FROM inventory s WHERE s.product_id = p.id) stocks FROM products p) parents""",
        "the orders with their items and tracking": f"""
            SELECT ABS(COUNT(*) - {orders}) + SUM(revision <> 1 + items + tracked OR total <> total_amount)
            FROM (SELECT o.revision, o.total_amount, COUNT(i.id) items, SUM(i.subtotal) total,
                (SELECT COUNT(*) FROM order_tracking t WHERE t.order_id = o.id) tracked
                FROM orders o LEFT JOIN order_items i ON i.order_id = o.id GROUP BY o.id) parents""",
        "the products of the items": """
            SELECT COUNT(*) FROM order_items i LEFT JOIN products p ON p.id = i.product_id
            WHERE p.id IS NULL OR p.price <> i.unit_price OR i.subtotal <> i.quantity * i.unit_price""",
    }
    for what, query in wrong.items():
        if sql(query) != [["0"]]:
            raise SystemExit(f"bench: the data set is wrong: {what}")
