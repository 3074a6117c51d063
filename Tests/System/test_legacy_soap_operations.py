"""The original's 14 operations, with its arguments and without a namespace, as its clients call them."""
import pytest
from lxml import etree

from site_client import ENVELOPE_11, SOAPFault

WHEN = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2099-01-01T00:00:00Z"}
VALID = {"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2099-01-01T00:00:00Z"}


@pytest.fixture
def shop(site):
    """One row of each kind that the 14 operations return."""
    site.product("P-1")
    order = site.order("O-1")["id"]
    site.create("/orders/api/order-tracking/", {"order": order, "tracking_number": "T-1", "carrier": "DHL"})
    site.create("/logistics/api/shipments/", {
        "shipment_id": "S-1", "order": order, "carrier_name": "DHL", "tracking_number": "TS-1",
        "origin_address": "a", "destination_address": "b", "weight": "1.50", "shipping_cost": "4.00"})
    site.create("/logistics/api/warehouses/", {
        "warehouse_id": "W-1", "name": "North", "address": "a", "city": "b", "state": "c", "country": "d",
        "postal_code": "1", "capacity": 5})
    site.create("/finance/api/payments/", {
        "payment_id": "Y-1", "order": order, "amount": "19.80", "payment_method": "credit_card"})
    site.create("/finance/api/settlements/", {
        "settlement_id": "SE-1", "period_start": "2026-01-01", "period_end": "2026-01-31", "total_sales": "1.00",
        "commission": "0.10", "net_amount": "0.90"})
    site.create("/promotions/api/campaigns/", {"campaign_id": "C-1", "name": "Spring", "status": "active"} | WHEN)
    site.create("/promotions/api/discounts/", {
        "discount_id": "D-1", "code": "TEN", "name": "Ten", "discount_type": "percentage", "discount_value": "10.00",
        "is_active": True} | VALID)
    site.create("/analytics/api/sales-reports/", {
        "report_id": "R-1", "period_type": "daily", "period_start": "2026-01-01", "period_end": "2026-01-01",
        "total_sales": "1.00", "total_orders": 1, "total_items_sold": 1, "average_order_value": "1.00"})
    site.create("/analytics/api/product-analytics/", {
        "product_id": "P-1", "product_name": "Cup", "revenue": "5.00", "report_date": "2026-01-01"})
    site.create("/analytics/api/customer-insights/", {"customer_email": "ana@example.com", "total_spent": "7.00"})
    return site


# The service, the call, and a path in the result with the expected value.
OPERATIONS = {
    "get_product": ("products", "<product_id>P-1</product_id>", "product_id", "P-1"),
    "list_products": ("products", "", "product/product_id", "P-1"),
    "get_order": ("orders", "<order_id>O-1</order_id>", "order_id", "O-1"),
    "list_orders": ("orders", "", "order/order_id", "O-1"),
    "get_tracking": ("orders", "<order_id>O-1</order_id>", "tracking_number", "T-1"),
    "track_shipment": ("logistics", "<tracking_number>TS-1</tracking_number>", "shipment_id", "S-1"),
    "list_warehouses": ("logistics", "", "warehouse/warehouse_id", "W-1"),
    "get_payment": ("finance", "<payment_id>Y-1</payment_id>", "payment_id", "Y-1"),
    "list_settlements": ("finance", "", "settlement/settlement_id", "SE-1"),
    "list_active_campaigns": ("promotions", "", "campaign/campaign_id", "C-1"),
    "validate_discount_code": ("promotions", "<code>TEN</code>", "valid", "true"),
    "get_sales_report": ("analytics", "<report_id>R-1</report_id>", "report_id", "R-1"),
    "get_top_products": ("analytics", "", "product_analytics/product_id", "P-1"),
    "get_top_customers": ("analytics", "", "customer_insight/customer_email", "ana@example.com"),
}


def post(site, operation, content):
    domain = OPERATIONS[operation][0]
    return site.post(domain, (
        f'<soap:Envelope xmlns:soap="{ENVELOPE_11}"><soap:Body><{operation}>{content}</{operation}></soap:Body>'
        "</soap:Envelope>"), "text/xml", SOAPAction=operation)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_of_the_original_works_as_its_clients_call_it(shop, operation):
    _, content, path, value = OPERATIONS[operation]
    answer = post(shop, operation, content)
    assert answer.status_code == 200, answer.text
    # The answer has no namespace, since the request's wrapper had none.
    result = etree.fromstring(answer.content).find(f"{{{ENVELOPE_11}}}Body/{operation}Response/result")
    assert result.findtext(path) == value


@pytest.mark.parametrize("operation", [name for name, call in OPERATIONS.items() if call[1]])
def test_a_missing_argument_is_named(shop, operation):
    argument = OPERATIONS[operation][1].split(">")[0].strip("<")
    fault = SOAPFault(post(shop, operation, ""))
    assert (fault.code, list(fault.fields)) == ("VALIDATION", [argument])


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name.startswith(("get_", "track_"))
                                       and OPERATIONS[name][1]])
def test_a_row_that_does_not_exist_is_a_fault(shop, operation):
    """The original server reported that in the text of a 200."""
    argument = OPERATIONS[operation][1].split(">")[0].strip("<")
    for value in ["no-such", "", "a &lt;b&gt; &amp; c"]:
        fault = SOAPFault(post(shop, operation, f"<{argument}>{value}</{argument}>"))
        assert (fault.status, fault.fault_code, fault.code) == (500, "Client", "NOT_FOUND"), value
