-- Sales summed up over a period.
CREATE TABLE IF NOT EXISTS sales_reports (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    report_id VARCHAR(100) NOT NULL,
    period_type VARCHAR(20) NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    total_sales DECIMAL(12,2) NOT NULL,
    total_orders INT NOT NULL,
    total_items_sold INT NOT NULL,
    average_order_value DECIMAL(10,2) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    UNIQUE KEY report_id (report_id),
    KEY newest (period_start, id),
    KEY by_period (period_type, period_start, id),
    CONSTRAINT sales_reports_period_type CHECK (period_type IN ('daily', 'weekly', 'monthly', 'yearly')),
    CONSTRAINT sales_reports_total_orders CHECK (total_orders >= 0),
    CONSTRAINT sales_reports_total_items_sold CHECK (total_items_sold >= 0),
    CONSTRAINT sales_reports_period CHECK (period_end >= period_start),
    CONSTRAINT sales_reports_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER sales_reports_update BEFORE UPDATE ON sales_reports FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- How a product did on one day. It names the product by text: the product may be gone.
CREATE TABLE IF NOT EXISTS product_analytics (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    product_id VARCHAR(100) NOT NULL,
    product_name VARCHAR(255) NOT NULL,
    views INT NOT NULL DEFAULT 0,
    clicks INT NOT NULL DEFAULT 0,
    add_to_cart_count INT NOT NULL DEFAULT 0,
    purchases INT NOT NULL DEFAULT 0,
    revenue DECIMAL(12,2) NOT NULL DEFAULT 0,
    conversion_rate DECIMAL(5,2) NOT NULL DEFAULT 0,
    report_date DATE NOT NULL,
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    KEY newest (report_date, revenue, id),
    KEY by_revenue (revenue, id),
    KEY by_product (product_id, id),
    CONSTRAINT product_analytics_views CHECK (views >= 0),
    CONSTRAINT product_analytics_clicks CHECK (clicks >= 0),
    CONSTRAINT product_analytics_add_to_cart_count CHECK (add_to_cart_count >= 0),
    CONSTRAINT product_analytics_purchases CHECK (purchases >= 0),
    CONSTRAINT product_analytics_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER product_analytics_update BEFORE UPDATE ON product_analytics FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- What is known of a buyer.
CREATE TABLE IF NOT EXISTS customer_insights (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_email VARCHAR(254) NOT NULL,
    total_orders INT NOT NULL DEFAULT 0,
    total_spent DECIMAL(12,2) NOT NULL DEFAULT 0,
    average_order_value DECIMAL(10,2) NOT NULL DEFAULT 0,
    last_order_date DATE NULL,
    customer_segment VARCHAR(50) NOT NULL DEFAULT '',
    lifetime_value DECIMAL(12,2) NOT NULL DEFAULT 0,
    updated_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    KEY by_spending (total_spent, id),
    KEY by_segment (customer_segment, total_spent, id),
    KEY by_customer (customer_email, id),
    KEY by_update (updated_at, id),
    CONSTRAINT customer_insights_total_orders CHECK (total_orders >= 0),
    CONSTRAINT customer_insights_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER customer_insights_update BEFORE UPDATE ON customer_insights FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;

-- One figure of the business on one day.
CREATE TABLE IF NOT EXISTS performance_metrics (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    metric_type VARCHAR(20) NOT NULL,
    metric_value DECIMAL(15,2) NOT NULL,
    metric_date DATE NOT NULL,
    comparison_period_value DECIMAL(15,2) NULL,
    percentage_change DECIMAL(5,2) NULL,
    notes LONGTEXT NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    attributes LONGTEXT NULL,
    revision BIGINT NOT NULL DEFAULT 1,
    KEY newest (metric_date DESC, metric_type, id),
    KEY by_type (metric_type, metric_date DESC, id),
    CONSTRAINT performance_metrics_metric_type CHECK (metric_type IN ('revenue', 'orders', 'customers', 'products', 'traffic', 'conversion')),
    CONSTRAINT performance_metrics_attributes CHECK (JSON_VALID(attributes))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER performance_metrics_update BEFORE UPDATE ON performance_metrics FOR EACH ROW
    SET NEW.revision = OLD.revision + 1;
