-- How many rows have each value of a column that lists are filtered by and that has few values, as 001 to 013 count the
-- rows of a table: an insert and a delete are noted for the value as well, and a change of the value is a delete of the
-- old one and an insert of the new one, noted in the order of the values, so that two opposite changes do not deadlock.
-- `table_name` is then `products.status=active`.

-- Every slot from the start: the first note in a slot has a new stamp, and readers would count the rows again.
INSERT IGNORE INTO row_counts
SELECT counted.name, slot.seq, UUID_SHORT(), 0, 0
FROM (
    SELECT 'products.status=active' name UNION ALL SELECT 'products.status=inactive'
    UNION ALL SELECT 'products.status=out_of_stock'
    UNION ALL SELECT 'orders.status=pending'
    UNION ALL SELECT 'orders.status=confirmed'
    UNION ALL SELECT 'orders.status=processing'
    UNION ALL SELECT 'orders.status=shipped'
    UNION ALL SELECT 'orders.status=delivered'
    UNION ALL SELECT 'orders.status=cancelled'
    UNION ALL SELECT 'shipments.status=pending'
    UNION ALL SELECT 'shipments.status=picked_up'
    UNION ALL SELECT 'shipments.status=in_transit'
    UNION ALL SELECT 'shipments.status=out_for_delivery'
    UNION ALL SELECT 'shipments.status=delivered'
    UNION ALL SELECT 'shipments.status=failed'
    UNION ALL SELECT 'payments.status=pending'
    UNION ALL SELECT 'payments.status=processing'
    UNION ALL SELECT 'payments.status=completed'
    UNION ALL SELECT 'payments.status=failed'
    UNION ALL SELECT 'payments.status=refunded'
    UNION ALL SELECT 'settlements.status=pending'
    UNION ALL SELECT 'settlements.status=processing'
    UNION ALL SELECT 'settlements.status=completed'
    UNION ALL SELECT 'settlements.status=failed'
    UNION ALL SELECT 'campaigns.status=draft'
    UNION ALL SELECT 'campaigns.status=active'
    UNION ALL SELECT 'campaigns.status=paused'
    UNION ALL SELECT 'campaigns.status=completed'
    UNION ALL SELECT 'discounts.is_active=0'
    UNION ALL SELECT 'discounts.is_active=1'
    UNION ALL SELECT 'vouchers.is_redeemed=0'
    UNION ALL SELECT 'vouchers.is_redeemed=1'
    UNION ALL SELECT 'product_promotions.is_active=0'
    UNION ALL SELECT 'product_promotions.is_active=1'
    UNION ALL SELECT 'sales_reports.period_type=daily'
    UNION ALL SELECT 'sales_reports.period_type=weekly'
    UNION ALL SELECT 'sales_reports.period_type=monthly'
    UNION ALL SELECT 'sales_reports.period_type=yearly'
    UNION ALL SELECT 'performance_metrics.metric_type=revenue'
    UNION ALL SELECT 'performance_metrics.metric_type=orders'
    UNION ALL SELECT 'performance_metrics.metric_type=customers'
    UNION ALL SELECT 'performance_metrics.metric_type=products'
    UNION ALL SELECT 'performance_metrics.metric_type=traffic'
    UNION ALL SELECT 'performance_metrics.metric_type=conversion'
) counted JOIN seq_0_to_63 slot;

CREATE OR REPLACE TRIGGER products_count_insert AFTER INSERT ON products FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('products', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('products.status=', NEW.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER products_count_delete AFTER DELETE ON products FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('products', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('products.status=', OLD.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER products_count_status AFTER UPDATE ON products FOR EACH ROW
    IF NEW.status <> OLD.status THEN
        INSERT INTO row_counts VALUES
            (CONCAT('products.status=', LEAST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.status < OLD.status, OLD.status < NEW.status),
            (CONCAT('products.status=', GREATEST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.status < NEW.status, NEW.status < OLD.status)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER orders_count_insert AFTER INSERT ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('orders', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('orders.status=', NEW.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER orders_count_delete AFTER DELETE ON orders FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('orders', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('orders.status=', OLD.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER orders_count_status AFTER UPDATE ON orders FOR EACH ROW
    IF NEW.status <> OLD.status THEN
        INSERT INTO row_counts VALUES
            (CONCAT('orders.status=', LEAST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.status < OLD.status, OLD.status < NEW.status),
            (CONCAT('orders.status=', GREATEST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.status < NEW.status, NEW.status < OLD.status)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER shipments_count_insert AFTER INSERT ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('shipments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('shipments.status=', NEW.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER shipments_count_delete AFTER DELETE ON shipments FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('shipments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('shipments.status=', OLD.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER shipments_count_status AFTER UPDATE ON shipments FOR EACH ROW
    IF NEW.status <> OLD.status THEN
        INSERT INTO row_counts VALUES
            (CONCAT('shipments.status=', LEAST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.status < OLD.status, OLD.status < NEW.status),
            (CONCAT('shipments.status=', GREATEST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.status < NEW.status, NEW.status < OLD.status)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER payments_count_insert AFTER INSERT ON payments FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('payments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('payments.status=', NEW.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER payments_count_delete AFTER DELETE ON payments FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('payments', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('payments.status=', OLD.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER payments_count_status AFTER UPDATE ON payments FOR EACH ROW
    IF NEW.status <> OLD.status THEN
        INSERT INTO row_counts VALUES
            (CONCAT('payments.status=', LEAST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.status < OLD.status, OLD.status < NEW.status),
            (CONCAT('payments.status=', GREATEST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.status < NEW.status, NEW.status < OLD.status)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER settlements_count_insert AFTER INSERT ON settlements FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('settlements', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('settlements.status=', NEW.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER settlements_count_delete AFTER DELETE ON settlements FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('settlements', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('settlements.status=', OLD.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER settlements_count_status AFTER UPDATE ON settlements FOR EACH ROW
    IF NEW.status <> OLD.status THEN
        INSERT INTO row_counts VALUES
            (CONCAT('settlements.status=', LEAST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.status < OLD.status, OLD.status < NEW.status),
            (CONCAT('settlements.status=', GREATEST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.status < NEW.status, NEW.status < OLD.status)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER campaigns_count_insert AFTER INSERT ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('campaigns', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('campaigns.status=', NEW.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER campaigns_count_delete AFTER DELETE ON campaigns FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('campaigns', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('campaigns.status=', OLD.status), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER campaigns_count_status AFTER UPDATE ON campaigns FOR EACH ROW
    IF NEW.status <> OLD.status THEN
        INSERT INTO row_counts VALUES
            (CONCAT('campaigns.status=', LEAST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.status < OLD.status, OLD.status < NEW.status),
            (CONCAT('campaigns.status=', GREATEST(OLD.status, NEW.status)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.status < NEW.status, NEW.status < OLD.status)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER discounts_count_insert AFTER INSERT ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('discounts', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('discounts.is_active=', NEW.is_active), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER discounts_count_delete AFTER DELETE ON discounts FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('discounts', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('discounts.is_active=', OLD.is_active), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER discounts_count_is_active AFTER UPDATE ON discounts FOR EACH ROW
    IF NEW.is_active <> OLD.is_active THEN
        INSERT INTO row_counts VALUES
            (CONCAT('discounts.is_active=', LEAST(OLD.is_active, NEW.is_active)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.is_active < OLD.is_active, OLD.is_active < NEW.is_active),
            (CONCAT('discounts.is_active=', GREATEST(OLD.is_active, NEW.is_active)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.is_active < NEW.is_active, NEW.is_active < OLD.is_active)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER vouchers_count_insert AFTER INSERT ON vouchers FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('vouchers', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('vouchers.is_redeemed=', NEW.is_redeemed), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER vouchers_count_delete AFTER DELETE ON vouchers FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('vouchers', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('vouchers.is_redeemed=', OLD.is_redeemed), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER vouchers_count_is_redeemed AFTER UPDATE ON vouchers FOR EACH ROW
    IF NEW.is_redeemed <> OLD.is_redeemed THEN
        INSERT INTO row_counts VALUES
            (CONCAT('vouchers.is_redeemed=', LEAST(OLD.is_redeemed, NEW.is_redeemed)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.is_redeemed < OLD.is_redeemed, OLD.is_redeemed < NEW.is_redeemed),
            (CONCAT('vouchers.is_redeemed=', GREATEST(OLD.is_redeemed, NEW.is_redeemed)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.is_redeemed < NEW.is_redeemed, NEW.is_redeemed < OLD.is_redeemed)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER product_promotions_count_insert AFTER INSERT ON product_promotions FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('product_promotions', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('product_promotions.is_active=', NEW.is_active), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER product_promotions_count_delete AFTER DELETE ON product_promotions FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('product_promotions', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('product_promotions.is_active=', OLD.is_active), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER product_promotions_count_is_active AFTER UPDATE ON product_promotions FOR EACH ROW
    IF NEW.is_active <> OLD.is_active THEN
        INSERT INTO row_counts VALUES
            (CONCAT('product_promotions.is_active=', LEAST(OLD.is_active, NEW.is_active)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.is_active < OLD.is_active, OLD.is_active < NEW.is_active),
            (CONCAT('product_promotions.is_active=', GREATEST(OLD.is_active, NEW.is_active)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.is_active < NEW.is_active, NEW.is_active < OLD.is_active)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER sales_reports_count_insert AFTER INSERT ON sales_reports FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('sales_reports', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('sales_reports.period_type=', NEW.period_type), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER sales_reports_count_delete AFTER DELETE ON sales_reports FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('sales_reports', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('sales_reports.period_type=', OLD.period_type), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER sales_reports_count_period_type AFTER UPDATE ON sales_reports FOR EACH ROW
    IF NEW.period_type <> OLD.period_type THEN
        INSERT INTO row_counts VALUES
            (CONCAT('sales_reports.period_type=', LEAST(OLD.period_type, NEW.period_type)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.period_type < OLD.period_type, OLD.period_type < NEW.period_type),
            (CONCAT('sales_reports.period_type=', GREATEST(OLD.period_type, NEW.period_type)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.period_type < NEW.period_type, NEW.period_type < OLD.period_type)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;

CREATE OR REPLACE TRIGGER performance_metrics_count_insert AFTER INSERT ON performance_metrics FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('performance_metrics', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0),
        (CONCAT('performance_metrics.metric_type=', NEW.metric_type), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 1, 0)
    ON DUPLICATE KEY UPDATE inserts = inserts + 1;
CREATE OR REPLACE TRIGGER performance_metrics_count_delete AFTER DELETE ON performance_metrics FOR EACH ROW
    INSERT INTO row_counts VALUES
        ('performance_metrics', COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1),
        (CONCAT('performance_metrics.metric_type=', OLD.metric_type), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(), 0, 1)
    ON DUPLICATE KEY UPDATE deletes = deletes + 1;
CREATE OR REPLACE TRIGGER performance_metrics_count_metric_type AFTER UPDATE ON performance_metrics FOR EACH ROW
    IF NEW.metric_type <> OLD.metric_type THEN
        INSERT INTO row_counts VALUES
            (CONCAT('performance_metrics.metric_type=', LEAST(OLD.metric_type, NEW.metric_type)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                NEW.metric_type < OLD.metric_type, OLD.metric_type < NEW.metric_type),
            (CONCAT('performance_metrics.metric_type=', GREATEST(OLD.metric_type, NEW.metric_type)), COALESCE(@slot, CONNECTION_ID() % 16), UUID_SHORT(),
                OLD.metric_type < NEW.metric_type, NEW.metric_type < OLD.metric_type)
        ON DUPLICATE KEY UPDATE inserts = inserts + VALUES(inserts), deletes = deletes + VALUES(deletes);
    END IF;
