-- How many rows each table has, without a scan: what was inserted and deleted since its counting began, in several
-- rows a table so that writers do not wait for one another. A reader that counted once adds what has changed since.
-- `stamp` is new where the numbers do not tell all: in a row made anew, and after a cascade, which fires no trigger
-- of the child. New stamps are higher than all before (UUID_SHORT), so their sum tells every change; a reader that
-- sees another sum counts again. So does one that finds more inserts than new ids: TRUNCATE fires no trigger either.
CREATE TABLE IF NOT EXISTS row_counts (
    table_name VARCHAR(64) NOT NULL,
    slot TINYINT UNSIGNED NOT NULL,
    stamp BIGINT UNSIGNED NOT NULL,
    inserts BIGINT NOT NULL,
    deletes BIGINT NOT NULL,
    PRIMARY KEY (table_name, slot)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER products_count_insert AFTER INSERT ON products FOR EACH ROW
    INSERT INTO row_counts VALUES ('products', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER products_count_delete AFTER DELETE ON products FOR EACH ROW
    INSERT INTO row_counts VALUES ('products', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_images_count_insert AFTER INSERT ON product_images FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_images', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_images_count_delete AFTER DELETE ON product_images FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_images', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER inventory_count_insert AFTER INSERT ON inventory FOR EACH ROW
    INSERT INTO row_counts VALUES ('inventory', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER inventory_count_delete AFTER DELETE ON inventory FOR EACH ROW
    INSERT INTO row_counts VALUES ('inventory', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER orders_count_insert AFTER INSERT ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES ('orders', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER orders_count_delete AFTER DELETE ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES ('orders', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER order_items_count_insert AFTER INSERT ON order_items FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_items', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER order_items_count_delete AFTER DELETE ON order_items FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_items', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER order_tracking_count_insert AFTER INSERT ON order_tracking FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_tracking', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER order_tracking_count_delete AFTER DELETE ON order_tracking FOR EACH ROW
    INSERT INTO row_counts VALUES ('order_tracking', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER shipments_count_insert AFTER INSERT ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipments', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER shipments_count_delete AFTER DELETE ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipments', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER shipment_events_count_insert AFTER INSERT ON shipment_events FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipment_events', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER shipment_events_count_delete AFTER DELETE ON shipment_events FOR EACH ROW
    INSERT INTO row_counts VALUES ('shipment_events', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER warehouses_count_insert AFTER INSERT ON warehouses FOR EACH ROW
    INSERT INTO row_counts VALUES ('warehouses', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER warehouses_count_delete AFTER DELETE ON warehouses FOR EACH ROW
    INSERT INTO row_counts VALUES ('warehouses', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER payments_count_insert AFTER INSERT ON payments FOR EACH ROW
    INSERT INTO row_counts VALUES ('payments', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER payments_count_delete AFTER DELETE ON payments FOR EACH ROW
    INSERT INTO row_counts VALUES ('payments', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER invoices_count_insert AFTER INSERT ON invoices FOR EACH ROW
    INSERT INTO row_counts VALUES ('invoices', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER invoices_count_delete AFTER DELETE ON invoices FOR EACH ROW
    INSERT INTO row_counts VALUES ('invoices', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER settlements_count_insert AFTER INSERT ON settlements FOR EACH ROW
    INSERT INTO row_counts VALUES ('settlements', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER settlements_count_delete AFTER DELETE ON settlements FOR EACH ROW
    INSERT INTO row_counts VALUES ('settlements', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER campaigns_count_insert AFTER INSERT ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES ('campaigns', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER campaigns_count_delete AFTER DELETE ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES ('campaigns', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER discounts_count_insert AFTER INSERT ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES ('discounts', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER discounts_count_delete AFTER DELETE ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES ('discounts', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER vouchers_count_insert AFTER INSERT ON vouchers FOR EACH ROW
    INSERT INTO row_counts VALUES ('vouchers', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER vouchers_count_delete AFTER DELETE ON vouchers FOR EACH ROW
    INSERT INTO row_counts VALUES ('vouchers', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_promotions_count_insert AFTER INSERT ON product_promotions FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_promotions', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_promotions_count_delete AFTER DELETE ON product_promotions FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_promotions', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER sales_reports_count_insert AFTER INSERT ON sales_reports FOR EACH ROW
    INSERT INTO row_counts VALUES ('sales_reports', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER sales_reports_count_delete AFTER DELETE ON sales_reports FOR EACH ROW
    INSERT INTO row_counts VALUES ('sales_reports', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_analytics_count_insert AFTER INSERT ON product_analytics FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_analytics', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_analytics_count_delete AFTER DELETE ON product_analytics FOR EACH ROW
    INSERT INTO row_counts VALUES ('product_analytics', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER customer_insights_count_insert AFTER INSERT ON customer_insights FOR EACH ROW
    INSERT INTO row_counts VALUES ('customer_insights', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER customer_insights_count_delete AFTER DELETE ON customer_insights FOR EACH ROW
    INSERT INTO row_counts VALUES ('customer_insights', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER performance_metrics_count_insert AFTER INSERT ON performance_metrics FOR EACH ROW
    INSERT INTO row_counts VALUES ('performance_metrics', CONNECTION_ID() % 16, UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER performance_metrics_count_delete AFTER DELETE ON performance_metrics FOR EACH ROW
    INSERT INTO row_counts VALUES ('performance_metrics', CONNECTION_ID() % 16, UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;

-- The children that go with a row.
CREATE OR REPLACE TRIGGER products_count_cascade AFTER DELETE ON products FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('product_images', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('inventory', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('product_promotions', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER orders_count_cascade AFTER DELETE ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('order_items', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('order_tracking', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('payments', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('invoices', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('shipments', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0),
        ('shipment_events', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER shipments_count_cascade AFTER DELETE ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('shipment_events', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER campaigns_count_cascade AFTER DELETE ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('product_promotions', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
CREATE OR REPLACE TRIGGER discounts_count_cascade AFTER DELETE ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('vouchers', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
    ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);

-- Where lists go by when a row was created, nobody changes that; who does it all the same gets a new stamp.
CREATE OR REPLACE TRIGGER products_count_reorder AFTER UPDATE ON products FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('products', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER orders_count_reorder AFTER UPDATE ON orders FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('orders', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER shipments_count_reorder AFTER UPDATE ON shipments FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('shipments', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER payments_count_reorder AFTER UPDATE ON payments FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('payments', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER settlements_count_reorder AFTER UPDATE ON settlements FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('settlements', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER campaigns_count_reorder AFTER UPDATE ON campaigns FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('campaigns', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER discounts_count_reorder AFTER UPDATE ON discounts FOR EACH ROW
    IF NEW.created_at <> OLD.created_at THEN
        INSERT INTO row_counts VALUES ('discounts', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;
CREATE OR REPLACE TRIGGER shipment_events_count_reorder AFTER UPDATE ON shipment_events FOR EACH ROW
    IF NEW.timestamp <> OLD.timestamp THEN
        INSERT INTO row_counts VALUES ('shipment_events', CONNECTION_ID() % 16, UUID_SHORT(), 0, 0)
        ON DUPLICATE KEY UPDATE stamp = VALUES(stamp);
    END IF;

-- A page of the newest rows is read from the index alone: ids, and the revisions by which rendered rows are kept.
ALTER TABLE products DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
ALTER TABLE orders DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
ALTER TABLE shipments DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
ALTER TABLE payments DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
ALTER TABLE settlements DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
ALTER TABLE campaigns DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
ALTER TABLE discounts DROP KEY IF EXISTS newest, ADD KEY newest (created_at, id, revision);
