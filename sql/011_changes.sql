-- What has changed since some time, in the row or in what is shown inside it: `updated_at` is the row's own and part of
-- the contract, so an order that gets its items later would be missed by who asks for changes. The triggers of the
-- children set their parent's revision, and by that alone it is known here.

ALTER TABLE products
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (updated_at),
    DROP KEY IF EXISTS by_update, ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER products_update BEFORE UPDATE ON products FOR EACH ROW
    SET NEW.changed_at = CASE
            WHEN NEW.revision <> OLD.revision THEN UTC_TIMESTAMP(6)
            WHEN NEW.updated_at <> OLD.updated_at THEN NEW.updated_at
            ELSE OLD.changed_at END,
        NEW.revision = OLD.revision + 1;

ALTER TABLE orders
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (updated_at),
    DROP KEY IF EXISTS by_update, ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER orders_update BEFORE UPDATE ON orders FOR EACH ROW
    SET NEW.changed_at = CASE
            WHEN NEW.revision <> OLD.revision THEN UTC_TIMESTAMP(6)
            WHEN NEW.updated_at <> OLD.updated_at THEN NEW.updated_at
            ELSE OLD.changed_at END,
        NEW.revision = OLD.revision + 1;

ALTER TABLE shipments
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (updated_at),
    DROP KEY IF EXISTS by_update, ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER shipments_update BEFORE UPDATE ON shipments FOR EACH ROW
    SET NEW.changed_at = CASE
            WHEN NEW.revision <> OLD.revision THEN UTC_TIMESTAMP(6)
            WHEN NEW.updated_at <> OLD.updated_at THEN NEW.updated_at
            ELSE OLD.changed_at END,
        NEW.revision = OLD.revision + 1;

ALTER TABLE payments
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (updated_at),
    DROP KEY IF EXISTS by_update, ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER payments_update BEFORE UPDATE ON payments FOR EACH ROW
    SET NEW.changed_at = CASE
            WHEN NEW.revision <> OLD.revision THEN UTC_TIMESTAMP(6)
            WHEN NEW.updated_at <> OLD.updated_at THEN NEW.updated_at
            ELSE OLD.changed_at END,
        NEW.revision = OLD.revision + 1;

ALTER TABLE campaigns
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (updated_at),
    DROP KEY IF EXISTS by_update, ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER campaigns_update BEFORE UPDATE ON campaigns FOR EACH ROW
    SET NEW.changed_at = CASE
            WHEN NEW.revision <> OLD.revision THEN UTC_TIMESTAMP(6)
            WHEN NEW.updated_at <> OLD.updated_at THEN NEW.updated_at
            ELSE OLD.changed_at END,
        NEW.revision = OLD.revision + 1;

ALTER TABLE customer_insights
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (updated_at),
    DROP KEY IF EXISTS by_update, ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER customer_insights_update BEFORE UPDATE ON customer_insights FOR EACH ROW
    SET NEW.changed_at = CASE
            WHEN NEW.revision <> OLD.revision THEN UTC_TIMESTAMP(6)
            WHEN NEW.updated_at <> OLD.updated_at THEN NEW.updated_at
            ELSE OLD.changed_at END,
        NEW.revision = OLD.revision + 1;
