-- What buyers paid for their orders.
CREATE TABLE IF NOT EXISTS payments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    payment_id VARCHAR(100) NOT NULL,
    order_id BIGINT NOT NULL,
    amount DECIMAL(10,2) NOT NULL,
    currency VARCHAR(3) NOT NULL DEFAULT 'USD',
    payment_method VARCHAR(20) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    transaction_id VARCHAR(255) NOT NULL DEFAULT '',
    payment_gateway VARCHAR(100) NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY payment_id (payment_id),
    KEY newest (created_at, id),
    KEY by_order (order_id, id),
    KEY by_status (status, id),
    KEY by_update (updated_at, id),
    CONSTRAINT payments_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT payments_amount CHECK (amount >= 0),
    CONSTRAINT payments_payment_method CHECK (payment_method IN ('credit_card', 'debit_card', 'bank_transfer', 'digital_wallet', 'cash_on_delivery')),
    CONSTRAINT payments_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'refunded')),
    CONSTRAINT payments_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER payments_update BEFORE UPDATE ON payments FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER payments_inserted BEFORE INSERT ON payments FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = NEW.order_id;
CREATE OR REPLACE TRIGGER payments_moved BEFORE UPDATE ON payments FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id IN (OLD.order_id, NEW.order_id);
CREATE OR REPLACE TRIGGER payments_deleted BEFORE DELETE ON payments FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = OLD.order_id;

-- The bill of an order.
CREATE TABLE IF NOT EXISTS invoices (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    invoice_id VARCHAR(100) NOT NULL,
    order_id BIGINT NOT NULL,
    invoice_number VARCHAR(100) NOT NULL,
    subtotal DECIMAL(10,2) NOT NULL,
    tax_amount DECIMAL(10,2) NOT NULL DEFAULT 0,
    discount_amount DECIMAL(10,2) NOT NULL DEFAULT 0,
    total_amount DECIMAL(10,2) NOT NULL,
    issued_date DATETIME(6) NOT NULL,
    due_date DATETIME(6) NULL,
    paid_date DATETIME(6) NULL,
    notes LONGTEXT NOT NULL DEFAULT '',
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY invoice_id (invoice_id),
    UNIQUE KEY order_id (order_id),
    UNIQUE KEY invoice_number (invoice_number),
    CONSTRAINT invoices_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT invoices_subtotal CHECK (subtotal >= 0),
    CONSTRAINT invoices_tax_amount CHECK (tax_amount >= 0),
    CONSTRAINT invoices_discount_amount CHECK (discount_amount >= 0),
    CONSTRAINT invoices_total_amount CHECK (total_amount >= 0),
    CONSTRAINT invoices_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER invoices_update BEFORE UPDATE ON invoices FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER invoices_inserted BEFORE INSERT ON invoices FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = NEW.order_id;
CREATE OR REPLACE TRIGGER invoices_moved BEFORE UPDATE ON invoices FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id IN (OLD.order_id, NEW.order_id);
CREATE OR REPLACE TRIGGER invoices_deleted BEFORE DELETE ON invoices FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = OLD.order_id;

-- What the seller is paid for a period; its amounts may be negative.
CREATE TABLE IF NOT EXISTS settlements (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    settlement_id VARCHAR(100) NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    total_sales DECIMAL(12,2) NOT NULL,
    commission DECIMAL(12,2) NOT NULL,
    net_amount DECIMAL(12,2) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    payment_date DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY settlement_id (settlement_id),
    KEY newest (created_at, id),
    KEY by_status (status, id),
    CONSTRAINT settlements_status CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT settlements_period CHECK (period_end >= period_start),
    CONSTRAINT settlements_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER settlements_update BEFORE UPDATE ON settlements FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
