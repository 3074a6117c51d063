-- Whoever follows stock asks what changed since some time, as of every other table that changes.
ALTER TABLE inventory
    ADD COLUMN IF NOT EXISTS changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    ADD KEY IF NOT EXISTS by_change (changed_at, id);
CREATE OR REPLACE TRIGGER inventory_update BEFORE UPDATE ON inventory FOR EACH ROW
    SET NEW.changed_at = UTC_TIMESTAMP(6), NEW.revision = OLD.revision + 1;

-- An ERP gives its invoices and events dates of their own. When a row was made is then another time, by which the
-- server knows it from an earlier one with the same id.
ALTER TABLE invoices
    ADD COLUMN IF NOT EXISTS recorded_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6));
ALTER TABLE shipment_events
    ADD COLUMN IF NOT EXISTS recorded_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6));
