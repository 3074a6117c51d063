-- Every table: `id` is the surrogate key that REST shows, the business key is UNIQUE, `revision` goes up by one with
-- each change of the row or of a row shown inside it, `attributes` holds SOAP's further names and values.
-- A UNIQUE key is named as its column: the server turns the key's name into the field at fault.
-- Keys, choices and texts compare byte by byte; only searches ignore case, and say so themselves.
-- Times are UTC. A child's change bumps its parent by a trigger, so that no writer can forget; rows deleted by a
-- cascade fire none, and need none: their parent is gone. The triggers run BEFORE, so that the parent's row is locked
-- for writing first: the foreign key's shared lock taken before it would make any two new children deadlock.

-- What the seller offers.
CREATE TABLE IF NOT EXISTS products (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    product_id VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    description LONGTEXT NOT NULL DEFAULT '',
    sku VARCHAR(100) NOT NULL,
    price DECIMAL(10,2) NOT NULL,
    stock_quantity INT NOT NULL DEFAULT 0,
    status VARCHAR(20) NOT NULL DEFAULT 'active',
    category VARCHAR(100) NOT NULL DEFAULT '',
    brand VARCHAR(100) NOT NULL DEFAULT '',
    weight DECIMAL(8,2) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY product_id (product_id),
    UNIQUE KEY sku (sku),
    KEY newest (created_at, id),
    KEY by_status (status, id),
    KEY by_update (updated_at, id),
    CONSTRAINT products_price CHECK (price >= 0),
    CONSTRAINT products_stock_quantity CHECK (stock_quantity >= 0),
    CONSTRAINT products_status CHECK (status IN ('active', 'inactive', 'out_of_stock')),
    CONSTRAINT products_weight CHECK (weight >= 0),
    CONSTRAINT products_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER products_update BEFORE UPDATE ON products FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- The pictures of a product.
CREATE TABLE IF NOT EXISTS product_images (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    product_id BIGINT NOT NULL,
    image_url VARCHAR(200) NOT NULL,
    is_primary TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    KEY by_product (product_id, id),
    CONSTRAINT product_images_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT product_images_is_primary CHECK (is_primary IN (0, 1)),
    CONSTRAINT product_images_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER product_images_update BEFORE UPDATE ON product_images FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER product_images_inserted BEFORE INSERT ON product_images FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id = NEW.product_id;
CREATE OR REPLACE TRIGGER product_images_moved BEFORE UPDATE ON product_images FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id IN (OLD.product_id, NEW.product_id);
CREATE OR REPLACE TRIGGER product_images_deleted BEFORE DELETE ON product_images FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id = OLD.product_id;

-- How much of a product is where.
CREATE TABLE IF NOT EXISTS inventory (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    product_id BIGINT NOT NULL,
    warehouse_location VARCHAR(100) NOT NULL DEFAULT '',
    reserved_quantity INT NOT NULL DEFAULT 0,
    available_quantity INT NOT NULL DEFAULT 0,
    last_restocked_at DATETIME(6) NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY product_id (product_id),
    CONSTRAINT inventory_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT inventory_reserved_quantity CHECK (reserved_quantity >= 0),
    CONSTRAINT inventory_available_quantity CHECK (available_quantity >= 0),
    CONSTRAINT inventory_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER inventory_update BEFORE UPDATE ON inventory FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
CREATE OR REPLACE TRIGGER inventory_inserted BEFORE INSERT ON inventory FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id = NEW.product_id;
CREATE OR REPLACE TRIGGER inventory_moved BEFORE UPDATE ON inventory FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id IN (OLD.product_id, NEW.product_id);
CREATE OR REPLACE TRIGGER inventory_deleted BEFORE DELETE ON inventory FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id = OLD.product_id;
