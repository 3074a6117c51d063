"""Thousands of rows in every table, distributed as in a shop: most orders are delivered, few are not, and the rows
changed last are the newest."""

ROWS = 10_000
START = "'2026-01-01' + INTERVAL seq MINUTE"
CUSTOMER = "CONCAT('customer', seq DIV 4, '@example.com')"


def mostly(common, *rare):
    """One value for most rows, and each of the others for a twentieth of them."""
    return f"COALESCE(ELT(seq % 20 + 1, {', '.join(map(repr, rare))}), {common!r})"


def parent(rows_each=1):
    return f"(seq - 1) DIV {rows_each} + 1"


# For each table the number of rows per parent, and the columns. Children are inserted first: their triggers then find
# no parent to update, which takes a tenth of the time.
TABLES = {
    "product_images": (2, {
        "product_id": parent(2), "image_url": "CONCAT('https://example.com/', seq, '.png')", "is_primary": "seq % 2",
        "created_at": START}),
    "inventory": (1, {"product_id": "seq", "available_quantity": "seq % 100", "changed_at": START}),
    "order_items": (2, {
        "order_id": parent(2), "product_id": f"seq * 7 % {ROWS} + 1", "quantity": "1", "unit_price": "9.90",
        "subtotal": "9.90"}),
    "order_tracking": (1, {"order_id": "seq", "tracking_number": "CONCAT('OT-', seq)", "carrier": "'DHL'"}),
    "shipment_events": (3, {
        "shipment_id": parent(3), "event_type": "'scan'", "description": "'Scanned on the way'", "timestamp": START}),
    "shipments": (1, {
        "shipment_id": "CONCAT('S-', seq)", "order_id": parent(2), "carrier_name": "'DHL'",
        "tracking_number": "CONCAT('ST-', seq)", "status": mostly("delivered", "pending", "in_transit", "failed"),
        "origin_address": "'2 Dock Road'", "destination_address": "'1 Main Street'", "weight": "1.5",
        "shipping_cost": "4.9", "created_at": START, "updated_at": START}),
    "payments": (1, {
        "payment_id": "CONCAT('PAY-', seq)", "order_id": parent(2), "amount": "9.9",
        "payment_method": "'credit_card'", "status": mostly("completed", "pending", "failed", "refunded"),
        "created_at": START, "updated_at": START}),
    "invoices": (1, {
        "invoice_id": "CONCAT('I-', seq)", "order_id": "seq", "invoice_number": "CONCAT('N-', seq)",
        "subtotal": "9.9", "total_amount": "9.9", "issued_date": START}),
    "vouchers": (1, {
        "voucher_id": "CONCAT('V-', seq)", "code": "CONCAT('VC-', seq)", "discount_id": parent(10),
        "is_redeemed": "seq % 10 = 0", "created_at": START}),
    "product_promotions": (1, {
        "promotion_id": "CONCAT('PP-', seq)", "product_id": parent(2), "campaign_id": parent(10),
        "discount_percentage": "5", "start_date": START, "end_date": START, "is_active": "seq % 10 > 0"}),
    "products": (1, {
        "product_id": "CONCAT('P-', seq)", "name": "CONCAT('Kettle ', seq)", "sku": "CONCAT('SKU-', seq)",
        "description": "REPEAT('Boils water. ', 10)", "price": "9.9",
        "status": mostly("active", "inactive", "out_of_stock"), "category": "CONCAT('Kitchen ', seq % 50)",
        "created_at": START, "updated_at": START}),
    "orders": (1, {
        "order_id": "CONCAT('O-', seq)", "customer_name": "'Ana'", "customer_email": CUSTOMER,
        "status": mostly("delivered", "pending", "shipped", "cancelled"), "total_amount": "19.8",
        "shipping_address": "'1 Main Street'", "payment_method": "'card'", "created_at": START,
        "updated_at": START}),
    "warehouses": (1, {
        "warehouse_id": "CONCAT('W-', seq)", "name": "'North'", "address": "'2 Dock Road'", "city": "'Kiel'",
        "state": "'SH'", "country": "'DE'", "postal_code": "'24103'", "capacity": "100"}),
    "settlements": (1, {
        "settlement_id": "CONCAT('SE-', seq)", "period_start": "'2026-01-01'", "period_end": "'2026-01-31'",
        "total_sales": "9.9", "commission": "0.9", "net_amount": "9", "created_at": START,
        "status": mostly("completed", "pending", "failed")}),
    "campaigns": (1, {
        "campaign_id": "CONCAT('C-', seq)", "name": "'Spring'", "start_date": START, "end_date": START,
        "status": mostly("completed", "active", "draft", "paused"), "created_at": START, "updated_at": START}),
    "discounts": (1, {
        "discount_id": "CONCAT('D-', seq)", "code": "CONCAT('DC-', seq)", "name": "'Spring'",
        "discount_type": "'percentage'", "discount_value": "5", "valid_from": START, "valid_until": START,
        "is_active": "seq % 10 = 0", "created_at": START}),
    "sales_reports": (1, {
        "report_id": "CONCAT('R-', seq)", "period_type": mostly("daily", "weekly", "monthly", "yearly"),
        "period_start": "'2000-01-01' + INTERVAL seq DAY", "period_end": "'2000-01-01' + INTERVAL seq DAY",
        "total_sales": "9.9", "total_orders": "1", "total_items_sold": "1", "average_order_value": "9.9",
        "created_at": START}),
    "product_analytics": (1, {
        "product_id": "CONCAT('P-', seq % 500)", "product_name": "'Kettle'", "revenue": "seq * 7919 % 10007",
        "report_date": "'2026-01-01' + INTERVAL seq DIV 500 DAY", "created_at": START}),
    "customer_insights": (1, {
        "customer_email": CUSTOMER, "total_spent": "seq * 7919 % 10007",
        "customer_segment": mostly("regular", "vip", "new", "lost"), "updated_at": START}),
    "performance_metrics": (1, {
        "metric_type": mostly("revenue", "orders", "traffic", "products"), "metric_value": "9.9",
        "metric_date": "'2026-01-01' + INTERVAL seq DIV 500 DAY", "created_at": START}),
}


def insert_many_rows():
    """The statements that fill every table."""
    statements = ["SET SESSION foreign_key_checks = 0"]
    for table, (rows_each, columns) in TABLES.items():
        values = {"id": "seq"} | columns
        statements.append(
            f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
            f"FROM seq_1_to_{ROWS * rows_each}")
    return statements + ["ANALYZE TABLE " + ", ".join(TABLES)]
