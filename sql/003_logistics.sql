-- Parcels on their way to a buyer.
CREATE TABLE IF NOT EXISTS shipments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    shipment_id VARCHAR(100) NOT NULL,
    order_id BIGINT NOT NULL,
    carrier_name VARCHAR(100) NOT NULL,
    tracking_number VARCHAR(100) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'pending',
    origin_address LONGTEXT NOT NULL,
    destination_address LONGTEXT NOT NULL,
    weight DECIMAL(8,2) NOT NULL,
    shipping_cost DECIMAL(10,2) NOT NULL,
    estimated_delivery_date DATETIME(6) NULL,
    actual_delivery_date DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY shipment_id (shipment_id),
    UNIQUE KEY tracking_number (tracking_number),
    KEY newest (created_at, id),
    KEY by_order (order_id, id),
    KEY by_status (status, id),
    KEY by_update (updated_at, id),
    CONSTRAINT shipments_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT shipments_status CHECK (status IN ('pending', 'picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'failed')),
    CONSTRAINT shipments_weight CHECK (weight >= 0),
    CONSTRAINT shipments_shipping_cost CHECK (shipping_cost >= 0),
    CONSTRAINT shipments_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER shipments_update BEFORE UPDATE ON shipments FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER shipments_inserted BEFORE INSERT ON shipments FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = NEW.order_id;
CREATE OR REPLACE TRIGGER shipments_moved BEFORE UPDATE ON shipments FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id IN (OLD.order_id, NEW.order_id);
CREATE OR REPLACE TRIGGER shipments_deleted BEFORE DELETE ON shipments FOR EACH ROW
    UPDATE orders SET revision = revision + 1 WHERE id = OLD.order_id;

-- What happened to a shipment on its way.
CREATE TABLE IF NOT EXISTS shipment_events (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    shipment_id BIGINT NOT NULL,
    event_type VARCHAR(50) NOT NULL,
    description LONGTEXT NOT NULL,
    location VARCHAR(255) NOT NULL DEFAULT '',
    timestamp DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    KEY newest (timestamp, id),
    KEY by_shipment (shipment_id, timestamp, id),
    CONSTRAINT shipment_events_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id) ON DELETE CASCADE,
    CONSTRAINT shipment_events_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER shipment_events_update BEFORE UPDATE ON shipment_events FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER shipment_events_inserted BEFORE INSERT ON shipment_events FOR EACH ROW
    UPDATE shipments SET revision = revision + 1 WHERE id = NEW.shipment_id;
CREATE OR REPLACE TRIGGER shipment_events_moved BEFORE UPDATE ON shipment_events FOR EACH ROW
    UPDATE shipments SET revision = revision + 1 WHERE id IN (OLD.shipment_id, NEW.shipment_id);
CREATE OR REPLACE TRIGGER shipment_events_deleted BEFORE DELETE ON shipment_events FOR EACH ROW
    UPDATE shipments SET revision = revision + 1 WHERE id = OLD.shipment_id;

-- Where goods are kept.
CREATE TABLE IF NOT EXISTS warehouses (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    warehouse_id VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    address LONGTEXT NOT NULL,
    city VARCHAR(100) NOT NULL,
    state VARCHAR(100) NOT NULL,
    country VARCHAR(100) NOT NULL,
    postal_code VARCHAR(20) NOT NULL,
    capacity INT NOT NULL,
    manager_name VARCHAR(255) NOT NULL DEFAULT '',
    contact_phone VARCHAR(20) NOT NULL DEFAULT '',
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY warehouse_id (warehouse_id),
    CONSTRAINT warehouses_capacity CHECK (capacity >= 0),
    CONSTRAINT warehouses_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER warehouses_update BEFORE UPDATE ON warehouses FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
