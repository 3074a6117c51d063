-- A small shop to look at, loaded by nginx/serve into a new database. Its rows agree with each other: totals are the
-- sums of their lines, a parcel has the same number and times in orders and logistics, and figures count the paid
-- orders.
SET time_zone = '+00:00';
START TRANSACTION;

INSERT INTO products
    (product_id, sku, name, description, price, stock_quantity, status, category, brand, weight, created_at, updated_at)
VALUES
    ('PROD001', 'TEA-GRN-100', 'Green tea 100 g', 'Sencha, first harvest.', 8.90, 120, 'active', 'Tea', 'Messo', 0.10, UTC_TIMESTAMP(6) - INTERVAL 9 DAY, UTC_TIMESTAMP(6) - INTERVAL 9 DAY),
    ('PROD002', 'TEA-BLK-100', 'Black tea 100 g', 'Assam, strong and malty.', 7.50, 80, 'active', 'Tea', 'Messo', 0.10, UTC_TIMESTAMP(6) - INTERVAL 8 DAY, UTC_TIMESTAMP(6) - INTERVAL 8 DAY),
    ('PROD003', 'POT-CER-750', 'Ceramic teapot', 'Holds 0.75 l ☕', 34.00, 15, 'active', 'Pots', 'Kiln & Co', 0.85, UTC_TIMESTAMP(6) - INTERVAL 7 DAY, UTC_TIMESTAMP(6) - INTERVAL 7 DAY),
    ('PROD004', 'CUP-CER-200', 'Cup', 'Goes with the teapot.', 9.90, 60, 'active', 'Cups', 'Kiln & Co', 0.22, UTC_TIMESTAMP(6) - INTERVAL 6 DAY, UTC_TIMESTAMP(6) - INTERVAL 6 DAY),
    ('PROD005', 'INF-STL-001', 'Tea infuser', '', 5.20, 0, 'out_of_stock', 'Accessories', 'Messo', NULL, UTC_TIMESTAMP(6) - INTERVAL 5 DAY, UTC_TIMESTAMP(6) - INTERVAL 5 DAY);
-- A trigger updates the parent of each new child, so a statement that adds children cannot read the parents' table.
CREATE TEMPORARY TABLE demo_products AS SELECT * FROM products;

INSERT INTO product_images (product_id, image_url, is_primary, created_at)
    SELECT id, CONCAT('https://img.example.com/', LOWER(sku), '/', side.name, '.jpg'), side.name = 'front', created_at
    FROM demo_products JOIN (SELECT 'front' name UNION ALL SELECT 'back') side ON demo_products.product_id <> 'PROD005'
    ORDER BY id, side.name DESC;
INSERT INTO inventory (product_id, warehouse_location, reserved_quantity, available_quantity, last_restocked_at)
    -- The two cups of the pending order are reserved.
    SELECT id, CONCAT('A-', id), IF(product_id = 'PROD004', 2, 0), stock_quantity, created_at
    FROM demo_products ORDER BY id;

-- The last order is of today also just after midnight, since the settlement below ends with yesterday.
INSERT INTO orders
    (order_id, customer_name, customer_email, status, total_amount, shipping_address, payment_method, payment_status, created_at, updated_at)
VALUES
    ('ORD001', 'Ana Lima', 'ana@example.com', 'delivered', 25.30, '1 Harbour Road, Porto', 'credit_card', 'paid', UTC_TIMESTAMP(6) - INTERVAL 4 DAY, UTC_TIMESTAMP(6) - INTERVAL 1 DAY),
    ('ORD002', 'Björn Ek', 'bjorn@example.com', 'shipped', 43.90, '7 Lake Street, Malmö', 'credit_card', 'paid', UTC_TIMESTAMP(6) - INTERVAL 2 DAY, UTC_TIMESTAMP(6) - INTERVAL 1 DAY),
    ('ORD003', 'Chen Wei', 'chen@example.com', 'pending', 19.80, '12 Garden Lane, Leeds', 'bank_transfer', 'pending', GREATEST(TIMESTAMP(UTC_DATE()), UTC_TIMESTAMP(6) - INTERVAL 1 HOUR), UTC_TIMESTAMP(6));
CREATE TEMPORARY TABLE demo_orders AS SELECT * FROM orders;
INSERT INTO order_items (order_id, product_id, quantity, unit_price, subtotal)
    SELECT demo_orders.id, demo_products.id, line.quantity, price, price * line.quantity
    FROM (
        SELECT 1 place, 'ORD001' order_id, 'PROD001' product_id, 2 quantity UNION ALL SELECT 2, 'ORD001', 'PROD002', 1
        UNION ALL SELECT 3, 'ORD002', 'PROD003', 1 UNION ALL SELECT 4, 'ORD002', 'PROD004', 1
        UNION ALL SELECT 5, 'ORD003', 'PROD004', 2
    ) line
    JOIN demo_orders ON demo_orders.order_id = line.order_id
    JOIN demo_products ON demo_products.product_id = line.product_id
    ORDER BY line.place;
-- A parcel leaves a day after the order. It appears in the order's tracking and as a shipment in logistics.
CREATE TEMPORARY TABLE demo_parcels AS
    SELECT orders.id order_id, order_id order_key, CONCAT('NP-', order_id) tracking_number, status = 'delivered' is_delivered,
        shipping_address, created_at + INTERVAL 20 HOUR packed_at, created_at + INTERVAL 1 DAY shipped_at,
        created_at + INTERVAL 3 DAY expected_at, IF(status = 'delivered', updated_at, NULL) delivered_at, updated_at,
        (SELECT SUM(order_items.quantity * products.weight) FROM order_items
            JOIN products ON products.id = order_items.product_id WHERE order_items.order_id = orders.id) weight
    FROM orders WHERE status IN ('shipped', 'delivered') ORDER BY id;
INSERT INTO order_tracking (order_id, tracking_number, carrier, shipped_at, estimated_delivery, actual_delivery)
    SELECT order_id, tracking_number, 'Northern Post', shipped_at, expected_at, delivered_at
    FROM demo_parcels ORDER BY order_id;

INSERT INTO warehouses (warehouse_id, name, address, city, state, country, postal_code, capacity)
    VALUES ('WH001', 'Main warehouse', '4 Dock Road', 'Porto', 'Porto', 'Portugal', '4000-001', 5000);
INSERT INTO shipments
    (shipment_id, order_id, carrier_name, tracking_number, status, origin_address, destination_address, weight, shipping_cost, estimated_delivery_date, actual_delivery_date, created_at, updated_at)
    SELECT CONCAT('SHIP-', order_key), order_id, 'Northern Post', tracking_number, IF(is_delivered, 'delivered', 'in_transit'),
        '4 Dock Road, Porto', shipping_address, weight, 4.90, expected_at, delivered_at, packed_at, updated_at
    FROM demo_parcels ORDER BY order_id;
CREATE TEMPORARY TABLE demo_shipments AS SELECT * FROM shipments;
INSERT INTO shipment_events (shipment_id, event_type, description, location, timestamp)
    SELECT demo_shipments.id, event.type, event.description, event.location, IF(event.place = 1, shipped_at, delivered_at)
    FROM demo_shipments JOIN demo_parcels ON demo_parcels.tracking_number = demo_shipments.tracking_number
    JOIN (
        SELECT 1 place, 'picked_up' type, 'Handed to the carrier.' description, 'Porto' location
        UNION ALL SELECT 2, 'delivered', 'Handed to the buyer.', ''
    ) event ON event.place = 1 OR is_delivered
    ORDER BY demo_shipments.id, event.place;

INSERT INTO payments
    (payment_id, order_id, amount, payment_method, status, transaction_id, payment_gateway, created_at, updated_at)
    SELECT CONCAT('PAY-', order_id), id, total_amount, IF(payment_method = 'credit_card', payment_method, 'bank_transfer'),
        IF(payment_status = 'paid', 'completed', 'pending'), '', 'Gateway', created_at,
        IF(payment_status = 'paid', created_at + INTERVAL 5 MINUTE, created_at)
    FROM demo_orders ORDER BY id;
INSERT INTO invoices (invoice_id, order_id, invoice_number, subtotal, total_amount, issued_date, due_date, paid_date)
    SELECT CONCAT('INV-', order_id), id, CONCAT('2026-', LPAD(id, 5, '0')), total_amount, total_amount, created_at,
        created_at + INTERVAL 14 DAY,
        IF(payment_status = 'paid', created_at + INTERVAL 5 MINUTE, NULL)
    FROM demo_orders ORDER BY id;
INSERT INTO settlements (settlement_id, period_start, period_end, total_sales, commission, net_amount, created_at)
    VALUES ('SET001', UTC_DATE() - INTERVAL 7 DAY, UTC_DATE() - INTERVAL 1 DAY, 69.20, 6.92, 62.28, UTC_TIMESTAMP(6));

INSERT INTO campaigns (campaign_id, name, status, start_date, end_date, budget, created_at, updated_at)
    VALUES ('CAMP001', 'Winter tea', 'active', UTC_DATE() - INTERVAL 7 DAY, UTC_DATE() + INTERVAL 60 DAY, 500.00, UTC_TIMESTAMP(6) - INTERVAL 8 DAY, UTC_DATE() - INTERVAL 7 DAY);
INSERT INTO discounts
    (discount_id, code, name, discount_type, discount_value, usage_limit, valid_from, valid_until, created_at)
VALUES
    ('DISC001', 'WELCOME10', 'Ten percent for new buyers', 'percentage', 10.00, 100, UTC_DATE() - INTERVAL 7 DAY, UTC_DATE() + INTERVAL 365 DAY, UTC_TIMESTAMP(6) - INTERVAL 8 DAY);
INSERT INTO vouchers (voucher_id, code, discount_id, customer_email, created_at)
    SELECT 'VOUCH001', 'TEA-ANA', id, 'ana@example.com', UTC_TIMESTAMP(6) - INTERVAL 12 HOUR FROM discounts;
INSERT INTO product_promotions (promotion_id, product_id, campaign_id, discount_percentage, start_date, end_date)
    SELECT 'PROMO001', products.id, campaigns.id, 15.00, campaigns.start_date, campaigns.end_date
    FROM products JOIN campaigns WHERE products.product_id = 'PROD001';

INSERT INTO sales_reports
    (report_id, period_type, period_start, period_end, total_sales, total_orders, total_items_sold, average_order_value, created_at)
    VALUES ('REP001', 'weekly', UTC_DATE() - INTERVAL 7 DAY, UTC_DATE() - INTERVAL 1 DAY, 69.20, 2, 5, 34.60, UTC_TIMESTAMP(6));
INSERT INTO product_analytics
    (product_id, product_name, views, clicks, add_to_cart_count, purchases, revenue, conversion_rate, report_date, created_at)
    SELECT products.product_id, products.name, 40 * SUM(quantity), 10 * SUM(quantity), 2 * SUM(quantity), SUM(quantity),
        SUM(subtotal), 2.50, DATE(orders.created_at), UTC_TIMESTAMP(6)
    FROM orders JOIN order_items ON order_items.order_id = orders.id JOIN products ON products.id = order_items.product_id
    WHERE payment_status = 'paid' GROUP BY DATE(orders.created_at), products.id ORDER BY DATE(orders.created_at), products.id;
INSERT INTO customer_insights
    (customer_email, total_orders, total_spent, average_order_value, last_order_date, customer_segment, lifetime_value, updated_at)
    SELECT customer_email, COUNT(*), SUM(total_amount), AVG(total_amount), DATE(MAX(created_at)), 'new', SUM(total_amount), UTC_TIMESTAMP(6)
    FROM orders WHERE payment_status = 'paid' GROUP BY customer_email ORDER BY MIN(id);
INSERT INTO performance_metrics (metric_type, metric_value, metric_date, created_at)
    SELECT figure.type, IF(figure.type = 'revenue', SUM(total_amount), COUNT(*)), DATE(created_at), UTC_TIMESTAMP(6)
    FROM orders JOIN (SELECT 'revenue' type UNION ALL SELECT 'orders') figure
    WHERE payment_status = 'paid' GROUP BY DATE(created_at), figure.type
    ORDER BY DATE(created_at), figure.type DESC;
COMMIT;
