-- A slot of row_counts is locked until its writer's COMMIT, so that each thread gets one of its own, in @slot: above 16
-- sessions, two of them often waited for one another. Sessions of other programs set no @slot and share the first 16.

-- Every slot from the start: the first note in a slot has a new stamp, and readers would count the table again.
INSERT IGNORE INTO row_counts
SELECT event_object_table, slot.seq, UUID_SHORT(), 0, 0
FROM information_schema.triggers JOIN seq_16_to_63 slot
WHERE trigger_schema = DATABASE() AND trigger_name LIKE '%\_count\_insert';

CREATE OR REPLACE TRIGGER products_count_insert AFTER INSERT ON products FOR EACH ROW
    INSERT INTO row_counts VALUES ('products', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER products_count_delete AFTER DELETE ON products FOR EACH ROW
    INSERT INTO row_counts VALUES ('products', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_images_count_insert AFTER INSERT ON product_images FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_images', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_images_count_delete AFTER DELETE ON product_images FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_images', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER inventory_count_insert AFTER INSERT ON inventory FOR EACH ROW
    INSERT INTO row_counts VALUES ('inventory', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER inventory_count_delete AFTER DELETE ON inventory FOR EACH ROW
    INSERT INTO row_counts VALUES ('inventory', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER orders_count_insert AFTER INSERT ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES ('orders', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER orders_count_delete AFTER DELETE ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES ('orders', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER order_items_count_insert AFTER INSERT ON order_items FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_items', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER order_items_count_delete AFTER DELETE ON order_items FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_items', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER order_tracking_count_insert AFTER INSERT ON order_tracking FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_tracking', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER order_tracking_count_delete AFTER DELETE ON order_tracking FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_tracking', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER shipments_count_insert AFTER INSERT ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER shipments_count_delete AFTER DELETE ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER shipment_events_count_insert AFTER INSERT ON shipment_events FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipment_events', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER shipment_events_count_delete AFTER DELETE ON shipment_events FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipment_events', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER warehouses_count_insert AFTER INSERT ON warehouses FOR EACH ROW
    INSERT INTO row_counts VALUES ('warehouses', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER warehouses_count_delete AFTER DELETE ON warehouses FOR EACH ROW
    INSERT INTO row_counts VALUES ('warehouses', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER payments_count_insert AFTER INSERT ON payments FOR EACH ROW
    INSERT INTO row_counts VALUES ('payments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER payments_count_delete AFTER DELETE ON payments FOR EACH ROW
    INSERT INTO row_counts VALUES ('payments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER invoices_count_insert AFTER INSERT ON invoices FOR EACH ROW
    INSERT INTO row_counts VALUES ('invoices', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER invoices_count_delete AFTER DELETE ON invoices FOR EACH ROW
    INSERT INTO row_counts VALUES ('invoices', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER settlements_count_insert AFTER INSERT ON settlements FOR EACH ROW
    INSERT INTO row_counts VALUES ('settlements', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER settlements_count_delete AFTER DELETE ON settlements FOR EACH ROW
    INSERT INTO row_counts VALUES ('settlements', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER campaigns_count_insert AFTER INSERT ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES ('campaigns', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER campaigns_count_delete AFTER DELETE ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES ('campaigns', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER discounts_count_insert AFTER INSERT ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES ('discounts', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER discounts_count_delete AFTER DELETE ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES ('discounts', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER vouchers_count_insert AFTER INSERT ON vouchers FOR EACH ROW
    INSERT INTO row_counts VALUES ('vouchers', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER vouchers_count_delete AFTER DELETE ON vouchers FOR EACH ROW
    INSERT INTO row_counts VALUES ('vouchers', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_promotions_count_insert AFTER INSERT ON product_promotions FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_promotions', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_promotions_count_delete AFTER DELETE ON product_promotions FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_promotions', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER sales_reports_count_insert AFTER INSERT ON sales_reports FOR EACH ROW
    INSERT INTO row_counts VALUES ('sales_reports', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER sales_reports_count_delete AFTER DELETE ON sales_reports FOR EACH ROW
    INSERT INTO row_counts VALUES ('sales_reports', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_analytics_count_insert AFTER INSERT ON product_analytics FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_analytics', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_analytics_count_delete AFTER DELETE ON product_analytics FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_analytics', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER customer_insights_count_insert AFTER INSERT ON customer_insights FOR EACH ROW
    INSERT INTO row_counts VALUES ('customer_insights', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER customer_insights_count_delete AFTER DELETE ON customer_insights FOR EACH ROW
    INSERT INTO row_counts VALUES ('customer_insights', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER performance_metrics_count_insert AFTER INSERT ON performance_metrics FOR EACH ROW
    INSERT INTO row_counts VALUES ('performance_metrics', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER performance_metrics_count_delete AFTER DELETE ON performance_metrics FOR EACH ROW
    INSERT INTO row_counts VALUES ('performance_metrics', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;

-- The children that go with a row.
CREATE OR REPLACE TRIGGER products_count_cascade AFTER DELETE ON products FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('product_images', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('inventory', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('product_promotions', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER orders_count_cascade AFTER DELETE ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('order_items', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('order_tracking', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('payments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('invoices', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('shipments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0),
        ('shipment_events', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER shipments_count_cascade AFTER DELETE ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('shipment_events', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER campaigns_count_cascade AFTER DELETE ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('product_promotions', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER discounts_count_cascade AFTER DELETE ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('vouchers', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);

-- Where lists go by when a row was created, nobody changes that; who does it all the same gets a new stamp.
CREATE OR REPLACE TRIGGER products_count_reorder AFTER UPDATE ON products FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('products', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER orders_count_reorder AFTER UPDATE ON orders FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('orders', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER shipments_count_reorder AFTER UPDATE ON shipments FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('shipments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER payments_count_reorder AFTER UPDATE ON payments FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('payments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER settlements_count_reorder AFTER UPDATE ON settlements FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('settlements', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER campaigns_count_reorder AFTER UPDATE ON campaigns FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('campaigns', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER discounts_count_reorder AFTER UPDATE ON discounts FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('discounts', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER shipment_events_count_reorder AFTER UPDATE ON shipment_events FOR EACH ROW
    IF NEW.timestamp <> OLD.timestamp THEN
        INSERT INTO row_counts VALUES ('shipment_events', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
