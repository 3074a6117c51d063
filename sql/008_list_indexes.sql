-- What lists are found by: first what the filter compares, then what the list is ordered by, so that the rows of a page
-- follow one another in the index and nothing is sorted. SOAP's lists go by id, REST's by an order of their own, so
-- some filters need two.

-- SOAP's list_orders by status; REST's orders/by_status has by_status.
ALTER TABLE orders ADD KEY IF NOT EXISTS by_status_and_id (status, id);
-- SOAP's list_orders by customer_email. Nothing lists the orders of a customer by their time.
ALTER TABLE orders DROP KEY IF EXISTS by_customer, ADD KEY by_customer (customer_email, id);

-- The events inside each shipment, newest first.
ALTER TABLE shipment_events DROP KEY IF EXISTS by_shipment, ADD KEY by_shipment (shipment_id, timestamp DESC, id DESC);

-- SOAP's list_campaigns by status; list_active_campaigns has by_status.
ALTER TABLE campaigns ADD KEY IF NOT EXISTS by_status_and_id (status, id);

-- SOAP's list_sales_reports by period_type; REST's sales-reports/by_period has by_period.
ALTER TABLE sales_reports ADD KEY IF NOT EXISTS by_period_and_id (period_type, id);

-- SOAP's list_product_analytics by report_date.
ALTER TABLE product_analytics ADD KEY IF NOT EXISTS by_date (report_date, id);

-- SOAP's list_customer_insights by customer_segment; REST's customer-insights/by_segment has by_segment.
ALTER TABLE customer_insights ADD KEY IF NOT EXISTS by_segment_and_id (customer_segment, id);

-- SOAP's list_performance_metrics by metric_type and by metric_date; REST's performance-metrics/by_type has by_type.
ALTER TABLE performance_metrics
    ADD KEY IF NOT EXISTS by_type_and_id (metric_type, id),
    ADD KEY IF NOT EXISTS by_date (metric_date, id);
