-- Times in which products are promoted.
CREATE TABLE IF NOT EXISTS campaigns (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    campaign_id VARCHAR(100) NOT NULL,
    name VARCHAR(255) NOT NULL,
    description LONGTEXT NOT NULL DEFAULT '',
    status VARCHAR(20) NOT NULL DEFAULT 'draft',
    start_date DATETIME(6) NOT NULL,
    end_date DATETIME(6) NOT NULL,
    budget DECIMAL(10,2) NULL,
    target_audience VARCHAR(255) NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY campaign_id (campaign_id),
    KEY newest (created_at, id),
    KEY by_status (status, created_at, id),
    KEY by_update (updated_at, id),
    CONSTRAINT campaigns_status CHECK (status IN ('draft', 'active', 'paused', 'completed')),
    CONSTRAINT campaigns_budget CHECK (budget >= 0),
    CONSTRAINT campaigns_period CHECK (end_date >= start_date),
    CONSTRAINT campaigns_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER campaigns_update BEFORE UPDATE ON campaigns FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- Codes that make a purchase cheaper.
CREATE TABLE IF NOT EXISTS discounts (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    discount_id VARCHAR(100) NOT NULL,
    code VARCHAR(50) NOT NULL,
    name VARCHAR(255) NOT NULL,
    description LONGTEXT NOT NULL DEFAULT '',
    discount_type VARCHAR(20) NOT NULL,
    discount_value DECIMAL(10,2) NOT NULL,
    minimum_purchase DECIMAL(10,2) NOT NULL DEFAULT 0,
    maximum_discount DECIMAL(10,2) NULL,
    usage_limit INT NULL,
    usage_count INT NOT NULL DEFAULT 0,
    valid_from DATETIME(6) NOT NULL,
    valid_until DATETIME(6) NOT NULL,
    is_active TINYINT(1) NOT NULL DEFAULT 1,
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY discount_id (discount_id),
    UNIQUE KEY code (code),
    KEY newest (created_at, id),
    KEY by_activity (is_active, id),
    CONSTRAINT discounts_discount_type CHECK (discount_type IN ('percentage', 'fixed_amount', 'buy_x_get_y')),
    CONSTRAINT discounts_discount_value CHECK (discount_value >= 0),
    CONSTRAINT discounts_minimum_purchase CHECK (minimum_purchase >= 0),
    CONSTRAINT discounts_maximum_discount CHECK (maximum_discount >= 0),
    CONSTRAINT discounts_usage_count CHECK (usage_count >= 0),
    CONSTRAINT discounts_is_active CHECK (is_active IN (0, 1)),
    CONSTRAINT discounts_period CHECK (valid_until >= valid_from),
    CONSTRAINT discounts_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER discounts_update BEFORE UPDATE ON discounts FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- Single-use codes handed to one buyer.
CREATE TABLE IF NOT EXISTS vouchers (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    voucher_id VARCHAR(100) NOT NULL,
    code VARCHAR(50) NOT NULL,
    discount_id BIGINT NULL,
    customer_email VARCHAR(254) NOT NULL DEFAULT '',
    is_redeemed TINYINT(1) NOT NULL DEFAULT 0,
    redeemed_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY voucher_id (voucher_id),
    UNIQUE KEY code (code),
    KEY by_discount (discount_id, id),
    KEY by_redemption (is_redeemed, id),
    CONSTRAINT vouchers_discount FOREIGN KEY (discount_id) REFERENCES discounts (id) ON DELETE CASCADE,
    CONSTRAINT vouchers_is_redeemed CHECK (is_redeemed IN (0, 1)),
    CONSTRAINT vouchers_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER vouchers_update BEFORE UPDATE ON vouchers FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- Products that are cheaper for a time.
CREATE TABLE IF NOT EXISTS product_promotions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    promotion_id VARCHAR(100) NOT NULL,
    product_id BIGINT NOT NULL,
    campaign_id BIGINT NULL,
    discount_percentage DECIMAL(5,2) NOT NULL,
    start_date DATETIME(6) NOT NULL,
    end_date DATETIME(6) NOT NULL,
    is_active TINYINT(1) NOT NULL DEFAULT 1,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY promotion_id (promotion_id),
    KEY by_product (product_id, id),
    KEY by_campaign (campaign_id, id),
    KEY by_activity (is_active, id),
    CONSTRAINT product_promotions_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT product_promotions_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
    CONSTRAINT product_promotions_discount_percentage CHECK (discount_percentage BETWEEN 0 AND 100),
    CONSTRAINT product_promotions_is_active CHECK (is_active IN (0, 1)),
    CONSTRAINT product_promotions_period CHECK (end_date >= start_date),
    CONSTRAINT product_promotions_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER product_promotions_update BEFORE UPDATE ON product_promotions FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
