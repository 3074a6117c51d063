"""zeep calls every operation of all six services once; the test fails if one was not called."""
import datetime

import pytest
import zeep

import product_story
from site_client import DOMAINS

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
END = datetime.datetime(2036, 1, 1, tzinfo=datetime.timezone.utc)
DAY = datetime.date(2026, 3, 1)

# Sorted so that each row refers to rows above it: domain, noun, plural, key, the new row, one change. A key that is
# None means the id given by the server.
RESOURCES = [
    ("products", "product", "products", "P", {
        "product_id": "P", "sku": "P-SKU", "name": "Kettle", "price": "99.90"}, {"price": "89.90"}),
    ("products", "product_image", "product_images", None, {
        "product_id": "P", "image_url": "https://example.com/kettle.png"}, {"is_primary": True}),
    ("products", "inventory", "inventory", "P", {
        "product_id": "P", "available_quantity": 5}, {"warehouse_location": "Shelf 7"}),
    ("orders", "order", "orders", "O", {
        "order_id": "O", "customer_name": "Ana", "customer_email": "ana@example.com", "total_amount": "99.90",
        "shipping_address": "1 Main Street", "payment_method": "card"}, {"notes": "Ring twice"}),
    ("orders", "order_item", "order_items", None, {
        "order_id": "O", "product_id": "P", "quantity": 1, "unit_price": "99.90", "subtotal": "99.90"},
        {"quantity": 2}),
    ("orders", "tracking", "tracking", "O", {
        "order_id": "O", "tracking_number": "T-1", "carrier": "DHL"}, {"carrier": "UPS"}),
    ("logistics", "warehouse", "warehouses", "W", {
        "warehouse_id": "W", "name": "North", "address": "2 Dock Road", "city": "Kiel", "state": "SH", "country": "DE",
        "postal_code": "24103", "capacity": 100}, {"capacity": 200}),
    ("logistics", "shipment", "shipments", "S", {
        "shipment_id": "S", "order_id": "O", "carrier_name": "DHL", "tracking_number": "T-2",
        "origin_address": "2 Dock Road", "destination_address": "1 Main Street", "weight": "1.50",
        "shipping_cost": "4.90"}, {"shipping_cost": "5.90"}),
    ("logistics", "shipment_event", "shipment_events", None, {
        "shipment_id": "S", "event_type": "scan", "description": "Left the warehouse"}, {"location": "Kiel"}),
    ("finance", "payment", "payments", "M", {
        "payment_id": "M", "order_id": "O", "amount": "99.90", "payment_method": "credit_card"},
        {"payment_gateway": "Stripe"}),
    ("finance", "invoice", "invoices", "I", {
        "invoice_id": "I", "order_id": "O", "invoice_number": "2026-1", "subtotal": "99.90", "total_amount": "99.90"},
        {"notes": "Thank you"}),
    ("finance", "settlement", "settlements", "SE", {
        "settlement_id": "SE", "period_start": DAY, "period_end": DAY, "total_sales": "99.90", "commission": "9.90",
        "net_amount": "90.00"}, {"net_amount": "-0.10"}),
    ("promotions", "campaign", "campaigns", "C", {
        "campaign_id": "C", "name": "Spring", "start_date": START, "end_date": END}, {"budget": "500.00"}),
    ("promotions", "discount", "discounts", "D", {
        "discount_id": "D", "code": "SPRING", "name": "Spring", "discount_type": "percentage",
        "discount_value": "10.00", "valid_from": START, "valid_until": END}, {"usage_limit": 3}),
    ("promotions", "voucher", "vouchers", "V", {
        "voucher_id": "V", "code": "V-1", "discount_id": "D"}, {"customer_email": "ana@example.com"}),
    ("promotions", "product_promotion", "product_promotions", "PP", {
        "promotion_id": "PP", "product_id": "P", "campaign_id": "C", "discount_percentage": "5.00", "start_date": START,
        "end_date": END}, {"is_active": False}),
    ("analytics", "sales_report", "sales_reports", "R", {
        "report_id": "R", "period_type": "daily", "period_start": DAY, "period_end": DAY, "total_sales": "99.90",
        "total_orders": 1, "total_items_sold": 1, "average_order_value": "99.90"}, {"total_orders": 2}),
    ("analytics", "product_analytics", "product_analytics", None, {
        "product_id": "P", "product_name": "Kettle", "revenue": "99.90", "report_date": DAY}, {"views": 3}),
    ("analytics", "customer_insight", "customer_insights", None, {
        "customer_email": "ana@example.com", "total_spent": "99.90"}, {"last_order_date": DAY}),
    ("analytics", "performance_metric", "performance_metrics", None, {
        "metric_type": "revenue", "metric_value": "99.90", "metric_date": DAY}, {"percentage_change": "-1.50"}),
]


class Caller:
    """Calls operations by name, and notes which were called."""

    def __init__(self, site):
        settings = zeep.Settings(strict=True)
        self.services = {
            domain: zeep.Client(product_story.wsdl(site, domain), settings=settings).service for domain in DOMAINS}
        self.called = {domain: [] for domain in DOMAINS}

    def __call__(self, domain, operation, *arguments):
        self.called[domain].append(operation)
        return self.services[domain][operation](*arguments)


def fields_of(row, names):
    return {name: row[name] for name in names}


def create_read_update_and_list(call, domain, noun, plural, key, row, change):
    """Creates one row and leaves it; returns its key."""
    created = call(domain, f"create_{noun}", row)
    assert fields_of(created, row) == row
    key = created.id if key is None else key
    assert call(domain, f"get_{noun}", key) == created
    updated = call(domain, f"update_{noun}", key, change)
    assert fields_of(updated, row | change) == row | change
    assert updated.revision > created.revision
    page = call(domain, f"list_{plural}", {})
    assert page[noun] == [updated] and (page.total_count, page.has_more) == (1, False)
    return key


def call_the_named_operations(call):
    """Calls all operations other than create, get, update, list and delete."""
    [found] = call("products", "search_products", {"search": "kett"}).product
    assert found.product_id == "P"
    assert call("orders", "confirm_order", "O").status == "confirmed"
    assert call("orders", "cancel_order", "O").status == "cancelled"
    assert call("logistics", "update_shipment_status", "S", "in_transit").status == "in_transit"
    tracked = call("logistics", "track_shipment", "T-2")
    assert (tracked.shipment_id, tracked.status) == ("S", "in_transit")
    assert [event.description for event in tracked.shipment_event] == ["Left the warehouse"]
    assert call("finance", "process_payment", "M").status == "processing"
    # Only a completed payment can be refunded, and only the payment gateway completes one.
    call.services["finance"].update_payment("M", {"status": "completed"})
    assert call("finance", "refund_payment", "M").status == "refunded"
    assert isinstance(call("finance", "mark_invoice_paid", "I").paid_date, datetime.datetime)
    completed = call("finance", "complete_settlement", "SE")
    assert completed.status == "completed" and isinstance(completed.payment_date, datetime.datetime)
    assert call("promotions", "activate_campaign", "C").status == "active"
    [active] = call("promotions", "list_active_campaigns", {}).campaign
    assert active.campaign_id == "C"
    assert call("promotions", "pause_campaign", "C").status == "paused"
    validity = call("promotions", "validate_discount_code", "SPRING")
    assert (validity.valid, validity.reason, validity.discount.discount_id) == (True, None, "D")
    redeemed = call("promotions", "redeem_voucher", "V")
    assert redeemed.is_redeemed is True and isinstance(redeemed.redeemed_at, datetime.datetime)
    [top] = call("analytics", "get_top_products", {"limit": 1}).product_analytics
    assert (top.product_id, top.revenue, top.views) == ("P", "99.90", 3)
    [best] = call("analytics", "get_top_customers", {"limit": 1}).customer_insight
    assert (best.customer_email, best.last_order_date) == ("ana@example.com", DAY)
    for domain in DOMAINS:
        information = call(domain, "get_service_info")
        assert f"http://messo.{domain}.soap/v1" in information.supported_namespace


def delete(call, domain, noun, key):
    assert call(domain, f"delete_{noun}", key) is True
    with pytest.raises(zeep.exceptions.Fault, match="^NOT_FOUND: "):
        call.services[domain][f"get_{noun}"](key)


def test_every_operation_of_the_wsdls_works_and_none_is_forgotten(site):
    call = Caller(site)
    keys = [create_read_update_and_list(call, *resource) for resource in RESOURCES]
    call_the_named_operations(call)
    # In reverse order, since a row must be deleted before the rows that it refers to.
    for (domain, noun, *_), key in reversed(list(zip(RESOURCES, keys))):
        delete(call, domain, noun, key)
    for domain in DOMAINS:
        assert sorted(call.called[domain]) == sorted(product_story.declared_operations(site, domain))
