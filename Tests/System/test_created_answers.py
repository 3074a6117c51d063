"""The answer to a create is the row as it is read afterwards, however its values were spelled."""
import pytest
from lxml import etree

from site_client import xml

ORDER = {"order_id": "O", "customer_name": "Ana", "customer_email": "ana@example.com", "total_amount": "1",
         "shipping_address": "a", "billing_address": "b", "payment_method": "card"}
PRODUCT = {"product_id": "P", "name": "n", "sku": "P", "price": "1"}
CAMPAIGN = {"campaign_id": "C", "name": "N"}

REST = {
    "numbers": ("/products/api/products/", PRODUCT | {
        "price": " 1.5e2 ", "stock_quantity": "12.0", "weight": "+007.5", "description": "  ", "brand": " B "}),
    "nothing": ("/products/api/products/", PRODUCT | {"price": 0, "weight": None, "description": "", "category": ""}),
    "letters": ("/products/api/products/", PRODUCT | {
        "name": "\u0001\u007f\u2028\"\\\\/<é e\u0301 \U0001f600>", "description": "a\r\n\tb", "brand": "ß" * 100}),
    "negative zero": ("/analytics/api/performance-metrics/", {
        "metric_type": "orders", "metric_value": "-0.00", "metric_date": "2026-01-01", "percentage_change": "-0.5"}),
    "times": ("/promotions/api/campaigns/", CAMPAIGN | {
        "start_date": "2026-01-01T00:00:00.123456789+02:00", "end_date": "2026-06-01T12:00"}),
    "largest": ("/promotions/api/campaigns/", CAMPAIGN | {
        "start_date": "0001-01-01T00:00:00Z", "end_date": "9999-12-31T23:59:59.999999Z"}),
    "truth": ("/products/api/product-images/", {"image_url": " https://example.com/a.jpg ", "is_primary": "Yes"}),
    "one of a product": ("/products/api/inventory/", {
        "available_quantity": "5", "last_restocked_at": "2026-01-01T00:00:00-09:30"}),
    "order": ("/orders/api/orders/", ORDER | {"notes": "\n", "customer_phone": ""}),
    "shows a whole row": ("/orders/api/order-items/", {"quantity": 1, "unit_price": "1.5", "subtotal": "1e0"}),
    "day": ("/finance/api/settlements/", {
        "settlement_id": "S", "period_start": "2026-01-01", "period_end": "2026-01-31", "total_sales": "99999999.99",
        "commission": "0", "net_amount": "0.1", "settlement_date": "2024-02-29"}),
}


@pytest.fixture
def shop(site):
    site.references = {"product": site.product("OTHER")["id"], "order": site.order("OTHER")["id"]}
    return site


@pytest.mark.parametrize("name", REST)
def test_rest(shop, name):
    path, body = REST[name]
    if path.endswith(("images/", "inventory/", "items/")):
        body = body | {"product": shop.references["product"]}
    if path.endswith("items/"):
        body = body | {"order": shop.references["order"]}
    created = shop.rest("POST", path, body)
    assert created.status_code == 201, created.text
    assert shop.rest("GET", f"{path}{created.json()['id']}/").content == created.content


def test_rest_by_a_form(shop):
    form = PRODUCT | {"price": "1", "description": "a\r\nb", "weight": "", "stock_quantity": " 7 "}
    created = shop.session.post(shop.url + "/products/api/products/", data=form, timeout=30)
    assert created.status_code == 201, created.text
    assert shop.rest("GET", f"/products/api/products/{created.json()['id']}/").content == created.content


SPACES = " " * 100
SOAP = {
    "spaces": ("products", "product", "product_id", xml(**PRODUCT) + f"<brand>{SPACES}</brand><category>  x </category>"),
    "attributes": ("products", "product", "product_id", xml(**PRODUCT) + "".join(
        f"<attribute><name>{name}</name><value>{value}</value></attribute>"
        for name, value in [("b", "é &lt;&#13;"), ("a", ""), ("c", "\U0001f600")])),
    "no reference": ("logistics", "warehouse", "warehouse_id", xml(
        warehouse_id="W", name="N", address="A", city="C", state="S", country="DE", postal_code="1", capacity=" 7 ")),
    "the only one of a product": ("products", "inventory", "product_id", xml(
        product_id="OTHER", available_quantity="+5")),
    "two keys": ("orders", "order_item", "id", xml(
        order_id="OTHER", product_id="OTHER", quantity=1, unit_price="1", subtotal=".5")),
    "a date of its own": ("finance", "invoice", "invoice_id", xml(
        invoice_id="I", order_id="OTHER", invoice_number="I", subtotal="1", total_amount="1",
        issued_date="2026-01-01T00:00:00.1234567+01:00")),
    "empty": ("orders", "order", "order_id", xml(**ORDER) + "<notes></notes><customer_phone> </customer_phone>"),
}


@pytest.mark.parametrize("name", SOAP)
def test_soap(shop, name):
    domain, singular, key, content = SOAP[name]
    created = shop.call(domain, f"create_{singular}", f"<{singular}>{content}</{singular}>")
    read = shop.call(domain, f"get_{singular}", xml(**{key: created.findtext("{*}" + key)}))
    assert [etree.tostring(each) for each in read] == [etree.tostring(each) for each in created]


@pytest.mark.parametrize("space", [" ", "\t", "\u3000"])
def test_more_spaces_than_fit_are_refused(shop, space):
    """MariaDB would cut them without an error, and the answer would show what is not stored."""
    content = xml(**PRODUCT) + f"<brand>{space * 101}</brand>"
    answer = shop.soap("products", "create_product", f"<product>{content}</product>")
    assert "brand: Ensure this field has no more than 100 characters." in answer.text
    assert shop.rest("GET", "/products/api/products/").json()["count"] == 1
