-- What buyers bought.
CREATE TABLE IF NOT EXISTS orders (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id VARCHAR(100) NOT NULL,
    customer_name VARCHAR(255) NOT NULL,
    customer_email VARCHAR(254) NOT NULL,
    customer_phone VARCHAR(20) NOT NULL DEFAULT '',
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    total_amount DECIMAL(10,2) NOT NULL,
    shipping_address LONGTEXT NOT NULL,
    billing_address LONGTEXT NOT NULL DEFAULT '',
    payment_method VARCHAR(50) NOT NULL,
    payment_status VARCHAR(50) NOT NULL DEFAULT 'pending',
    notes LONGTEXT NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY order_id (order_id),
    KEY newest (created_at, id),
    KEY by_status (status, created_at, id),
    KEY by_customer (customer_email, created_at, id),
    KEY by_update (updated_at, id),
    CONSTRAINT orders_status CHECK (status IN ('pending', 'confirmed', 'processing', 'shipped', 'delivered', 'cancelled')),
    CONSTRAINT orders_total_amount CHECK (total_amount >= 0),
    CONSTRAINT orders_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER orders_update BEFORE UPDATE ON orders FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- The lines of an order. A product that was bought cannot be deleted.
CREATE TABLE IF NOT EXISTS order_items (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    quantity INT NOT NULL,
    unit_price DECIMAL(10,2) NOT NULL,
    subtotal DECIMAL(10,2) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    KEY by_order (order_id, id),
    KEY by_product (product_id, id),
    CONSTRAINT order_items_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT order_items_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT,
    CONSTRAINT order_items_quantity CHECK (quantity >= 1),
    CONSTRAINT order_items_unit_price CHECK (unit_price >= 0),
    CONSTRAINT order_items_subtotal CHECK (subtotal >= 0),
    CONSTRAINT order_items_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER order_items_update BEFORE UPDATE ON order_items FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER order_items_inserted BEFORE INSERT ON order_items FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = NEW.order_id;
CREATE OR REPLACE TRIGGER order_items_moved BEFORE UPDATE ON order_items FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id IN (OLD.order_id, NEW.order_id);
CREATE OR REPLACE TRIGGER order_items_deleted BEFORE DELETE ON order_items FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = OLD.order_id;

-- Where an order is on its way.
CREATE TABLE IF NOT EXISTS order_tracking (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    tracking_number VARCHAR(100) NOT NULL,
    carrier VARCHAR(100) NOT NULL,
    shipped_at DATETIME(6) NULL,
    estimated_delivery DATETIME(6) NULL,
    actual_delivery DATETIME(6) NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY order_id (order_id),
    UNIQUE KEY tracking_number (tracking_number),
    CONSTRAINT order_tracking_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT order_tracking_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER order_tracking_update BEFORE UPDATE ON order_tracking FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER order_tracking_inserted BEFORE INSERT ON order_tracking FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = NEW.order_id;
CREATE OR REPLACE TRIGGER order_tracking_moved BEFORE UPDATE ON order_tracking FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id IN (OLD.order_id, NEW.order_id);
CREATE OR REPLACE TRIGGER order_tracking_deleted BEFORE DELETE ON order_tracking FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = OLD.order_id;
