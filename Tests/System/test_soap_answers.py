"""Every answer of every operation is valid by the live WSDL's schema, and follows the rules of SOAP and HTTP."""
import re

import pytest
from lxml import etree

from site_client import DOMAINS, ENVELOPE_11, ENVELOPE_12, SOAPFault, xml
from soap_attack import MEDIA_TYPE, envelope

XSD = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
START, END = "2020-01-01T00:00:00Z", "2099-12-31T23:59:59.5+02:00"
ATTRIBUTE = "<attribute><name>colour</name><value>red &amp; blue</value></attribute>"


class Service:
    """The schema and the operations in the live WSDL of one domain."""

    def __init__(self, site, domain):
        definitions = etree.fromstring(site.rest("GET", f"/{domain}/soap/?wsdl").content)
        # The schema is serialised and parsed again, so that it has the prefixes that the definitions around it declare.
        self.schema = etree.XMLSchema(etree.fromstring(etree.tostring(definitions.find(f".//{XSD}schema"))))
        self.operations = {each.get("name") for each in definitions.iterfind(f"{WSDL}portType/{WSDL}operation")}


@pytest.fixture(scope="module")
def services(shared_site):
    return {domain: Service(shared_site, domain) for domain in DOMAINS}


class Scenario:
    """Calls in one SOAP version, each of whose answers is checked."""

    def __init__(self, site, services, version):
        self.site, self.services, self.version = site, services, version
        self.called = {domain: set() for domain in DOMAINS}

    def call(self, domain, operation, content=""):
        answer = self.site.soap(domain, operation, content, version=self.version)
        assert answer.status_code == 200, (operation, answer.text)
        self.called[domain].add(operation)
        return self.judge(domain, answer, f"{operation}Response").find("{*}result")

    def fault(self, domain, operation, content, code):
        answer = self.site.soap(domain, operation, content, version=self.version)
        assert answer.status_code == 500, (operation, answer.text)
        assert answer.headers["X-Error-Code"] == code
        assert self.judge(domain, answer, "service_fault").findtext("{*}error_code") == code

    def judge(self, domain, answer, name):
        """Checks that an answer has the named element, valid and in the service's namespace; returns the element."""
        assert answer.headers["Content-Type"] == MEDIA_TYPE[self.version]
        text = answer.content.decode("utf-8")
        for unwanted in ("encodingStyle", "schemaLocation", "xsi:type", "<!DOCTYPE", "\n<"):
            assert unwanted not in text, unwanted
        root = etree.fromstring(answer.content)
        envelope = ENVELOPE_11 if self.version == 11 else ENVELOPE_12
        assert root.tag == f"{{{envelope}}}Envelope" and root[-1].tag == f"{{{envelope}}}Body" and len(root[-1]) == 1
        found = root.find(f".//{{http://messo.{domain}.soap/v1}}{name}")
        assert found is not None, text[:1000]
        # No element of the payload has a prefix.
        assert all(each.prefix is None for each in found.iter())
        schema = self.services[domain].schema
        assert schema.validate(etree.fromstring(etree.tostring(found))), (name, str(schema.error_log), text[:3000])
        return found


# Domain, singular, plural, key, the input's fields, a change, and further requests for the resource.
RESOURCES = [
    ("products", "product", "products", "product_id", dict(
        product_id="P-1", sku="S-1", name="Cup & <saucer>", description="\U0001F680 é", price="99.9",
        stock_quantity=5, status="active", category="c", brand="b", weight="1.5"), "<name>Mug</name>"),
    ("products", "product_image", "product_images", "id", dict(
        product_id="P-1", image_url="https://example.com/a.png?x=1&y=2", is_primary=1), "<is_primary>0</is_primary>"),
    ("products", "inventory", "inventory", "product_id", dict(
        product_id="P-1", warehouse_location="A", reserved_quantity=1, available_quantity=2, last_restocked_at=START),
     "<clear_field>last_restocked_at</clear_field>"),
    ("orders", "order", "orders", "order_id", dict(
        order_id="O-1", customer_name="Ana", customer_email="ana@example.com", customer_phone="1",
        total_amount="0", shipping_address="a", billing_address="b", payment_method="card", notes="n"),
     "<notes>m</notes>"),
    ("orders", "order_item", "order_items", "id", dict(
        order_id="O-1", product_id="P-1", quantity=2, unit_price="9.90", subtotal="19.80"), "<quantity>3</quantity>"),
    ("orders", "tracking", "tracking", "order_id", dict(
        order_id="O-1", tracking_number="T-1", carrier="DHL", shipped_at=START, estimated_delivery=END),
     f"<actual_delivery>{END}</actual_delivery>"),
    ("logistics", "shipment", "shipments", "shipment_id", dict(
        shipment_id="SH-1", order_id="O-1", carrier_name="DHL", tracking_number="TS-1", origin_address="a",
        destination_address="b", weight="1.50", shipping_cost="4", estimated_delivery_date=END),
     "<weight>2.00</weight>"),
    ("logistics", "shipment_event", "shipment_events", "id", dict(
        shipment_id="SH-1", event_type="scan", description="d", location="l"), "<location/>"),
    ("logistics", "warehouse", "warehouses", "warehouse_id", dict(
        warehouse_id="W-1", name="n", address="a", city="c", state="s", country="d", postal_code="1", capacity=0),
     "<capacity>2147483647</capacity>"),
    ("finance", "payment", "payments", "payment_id", dict(
        payment_id="Y-1", order_id="O-1", amount="99999999.99", payment_method="credit_card"),
     "<transaction_id>t</transaction_id>"),
    ("finance", "invoice", "invoices", "invoice_id", dict(
        invoice_id="I-1", order_id="O-1", invoice_number="1", subtotal="1", total_amount="1", due_date=END),
     "<notes>n</notes>"),
    ("finance", "settlement", "settlements", "settlement_id", dict(
        settlement_id="SE-1", period_start="2026-01-01", period_end="2026-01-31", total_sales="-1.50",
        commission="0.00", net_amount="-9999999999.99"), "<commission>-0.01</commission>"),
    ("promotions", "campaign", "campaigns", "campaign_id", dict(
        campaign_id="C-1", name="n", start_date=START, end_date=END, budget="5"), "<clear_field>budget</clear_field>"),
    ("promotions", "discount", "discounts", "discount_id", dict(
        discount_id="D-1", code="TEN", name="n", discount_type="percentage", discount_value="10",
        usage_limit=-1, valid_from=START, valid_until=END, is_active="true"), "<usage_limit>5</usage_limit>"),
    ("promotions", "voucher", "vouchers", "voucher_id", dict(
        voucher_id="V-1", code="X", discount_id="D-1", customer_email="ana@example.com"),
     "<customer_email/>"),
    ("promotions", "product_promotion", "product_promotions", "promotion_id", dict(
        promotion_id="PP-1", product_id="P-1", campaign_id="C-1", discount_percentage="100", start_date=START,
        end_date=END), "<clear_field>campaign_id</clear_field>"),
    ("analytics", "sales_report", "sales_reports", "report_id", dict(
        report_id="R-1", period_type="daily", period_start="2026-01-01", period_end="2026-01-01", total_sales="1",
        total_orders=1, total_items_sold=1, average_order_value="1"), "<total_orders>2</total_orders>"),
    ("analytics", "product_analytics", "product_analytics", "id", dict(
        product_id="P-1", product_name="n", report_date="2026-01-01"), "<conversion_rate>12.34</conversion_rate>"),
    ("analytics", "customer_insight", "customer_insights", "id", dict(customer_email="ana@example.com"),
     "<last_order_date>2026-01-01</last_order_date>"),
    ("analytics", "performance_metric", "performance_metrics", "id", dict(
        metric_type="conversion", metric_value="-1", metric_date="2026-01-01", percentage_change="-12.5"),
     "<comparison_period_value>5</comparison_period_value>"),
]
ACTIONS = [
    ("products", "search_products", "<query><search>cup</search></query>"),
    ("orders", "confirm_order", "<order_id>O-1</order_id>"),
    ("orders", "cancel_order", "<order_id>O-1</order_id>"),
    ("logistics", "track_shipment", "<tracking_number>TS-1</tracking_number>"),
    ("logistics", "update_shipment_status", "<shipment_id>SH-1</shipment_id><status>in_transit</status>"),
    ("finance", "process_payment", "<payment_id>Y-1</payment_id>"),
    ("finance", "refund_payment", "<payment_id>Y-1</payment_id>"),
    ("finance", "mark_invoice_paid", "<invoice_id>I-1</invoice_id>"),
    ("finance", "complete_settlement", "<settlement_id>SE-1</settlement_id>"),
    ("promotions", "activate_campaign", "<campaign_id>C-1</campaign_id>"),
    ("promotions", "list_active_campaigns", ""),
    ("promotions", "pause_campaign", "<campaign_id>C-1</campaign_id>"),
    ("promotions", "validate_discount_code", "<code>TEN</code>"),
    ("promotions", "update_discount", "<discount_id>D-1</discount_id><changes><is_active>0</is_active></changes>"),
    ("promotions", "validate_discount_code", "<code>TEN</code>"),
    ("promotions", "redeem_voucher", "<voucher_id>V-1</voucher_id>"),
    ("analytics", "get_top_products", ""),
    ("analytics", "get_top_customers", "<query><limit>1</limit></query>"),
]


@pytest.mark.parametrize("version", [11, 12])
def test_every_answer_of_every_operation_is_valid(site, services, version):
    scenario = Scenario(site, services, version)
    keys = []
    for domain, singular, plural, key, fields, change in RESOURCES:
        scenario.call(domain, f"list_{plural}")
        made = scenario.call(domain, f"create_{singular}", f"<{singular}>{xml(**fields)}{ATTRIBUTE}</{singular}>")
        name = f"<{key}>{made.findtext('{*}' + key)}</{key}>"
        keys.append(name)
        read = scenario.call(domain, f"get_{singular}", name)
        assert [etree.tostring(each) for each in read] == [etree.tostring(each) for each in made]
        changed = scenario.call(domain, f"update_{singular}", f"{name}<changes>{change}</changes>")
        assert int(changed.findtext("{*}revision")) > int(made.findtext("{*}revision"))
        got = scenario.call(domain, f"get_{singular}", name)
        assert got.findtext("{*}attribute/{*}value") == "red & blue"
        page = scenario.call(domain, f"list_{plural}", "<query><page_size>1000</page_size></query>")
        assert etree.tostring(page.find("{*}" + singular)[0]) == etree.tostring(got[0])
    for domain, operation, content in ACTIONS:
        if operation == "refund_payment":
            site.sql("UPDATE payments SET status = 'completed'")
        scenario.call(domain, operation, content)
    # Once more with all children, before they are deleted.
    for (domain, singular, plural, *_), name in zip(RESOURCES, keys):
        scenario.call(domain, f"get_{singular}", name)
        scenario.call(domain, f"list_{plural}")
    for (domain, singular, *_), name in reversed(list(zip(RESOURCES, keys))):
        assert scenario.call(domain, f"delete_{singular}", name).text == "true"
        scenario.fault(domain, f"get_{singular}", name, "NOT_FOUND")
    for domain in DOMAINS:
        scenario.call(domain, "get_service_info")
        assert scenario.called[domain] == services[domain].operations


FAULTS = [
    ("products", "get_product", "", "VALIDATION"),
    ("products", "get_product", "<product_id>P-1</product_id><x/>", "UNKNOWN_FIELD"),
    ("products", "create_product", "<product><price>&lt;x&gt;</price></product>", "VALIDATION"),
    ("products", "create_product", "<product><product_id>P-1</product_id><sku>P-1-SKU</sku><name>n</name>"
                                   "<price>1</price></product>", "ALREADY_EXISTS"),
    ("products", "update_product", "<product_id>P-1</product_id><changes><name>Late</name>"
                                   "<expected_revision>99</expected_revision></changes>", "CONFLICT"),
    ("products", "update_product", "<product_id>P-1</product_id><changes><clear_field>name</clear_field></changes>",
     "VALIDATION"),
    ("products", "list_products", "<query><page>-1</page></query>", "VALIDATION"),
    ("products", "frobnicate", "", "UNKNOWN_OPERATION"),
    ("products", "delete_product", "<product_id>P-1</product_id>", "IN_USE"),
    ("orders", "create_order_item", "<order_item><order_id>none</order_id><product_id>P-1</product_id>"
                                    "<quantity>1</quantity><unit_price>1</unit_price><subtotal>1</subtotal>"
                                    "</order_item>", "VALIDATION"),
    ("logistics", "update_shipment_status", "<shipment_id>none</shipment_id><status>pending</status>", "NOT_FOUND"),
    ("orders", "confirm_order", "<order_id>O-1</order_id>", "CONFLICT"),
    ("promotions", "validate_discount_code", "", "VALIDATION"),
    ("promotions", "validate_discount_code", "<code>none</code>", "NOT_FOUND"),
]


@pytest.mark.parametrize("name, namespace, hint", [
    ("getProduct", None, " Did you mean get_product?"), ("GET_PRODUCT", None, " Did you mean get_product?"),
    ("frobnicate", None, ""),
    ("get_product", "http://messo.products.soap/v2",
     " in the namespace http://messo.products.soap/v2. Its namespace is http://messo.products.soap/v1."),
])
def test_an_unknown_operation_is_told_what_there_is(site, name, namespace, hint):
    body = envelope(f'<{name} xmlns="{namespace or "http://messo.products.soap/v1"}"/>')
    answer = site.session.post(
        site.url + "/products/soap/", data=body, headers={"Content-Type": MEDIA_TYPE[11]}, timeout=20)
    text = SOAPFault(answer).text
    assert text == f"UNKNOWN_OPERATION: The service has no operation {name}" + (hint if namespace else "." + hint)


@pytest.mark.parametrize("version", [11, 12])
def test_every_fault_is_valid(site, services, version):
    product, order = site.product("P-1")["id"], site.order("O-1", status="shipped")["id"]
    site.create("/orders/api/order-items/", {
        "order": order, "product": product, "quantity": 1, "unit_price": "1.00", "subtotal": "1.00"})
    scenario = Scenario(site, services, version)
    for domain, operation, content, code in FAULTS:
        scenario.fault(domain, operation, content, code)


def test_a_fault_of_soap_11_has_the_children_that_basic_profile_allows(site):
    answer = site.soap("products", "get_product", "<product_id>NONE</product_id>")
    fault = etree.fromstring(answer.content).find(".//{*}Fault")
    assert [(each.tag, dict(each.attrib)) for each in fault] == [("faultcode", {}), ("faultstring", {}), ("detail", {})]
    prefix, code = fault.findtext("faultcode").split(":")
    assert (fault.nsmap[prefix], code) == (ENVELOPE_11, "Client")
    assert fault.findtext("faultstring").startswith("NOT_FOUND: ")


def test_a_fault_of_soap_12_names_its_code_in_the_services_namespace(site):
    answer = site.soap("products", "get_product", "<product_id>NONE</product_id>", version=12)
    fault = etree.fromstring(answer.content).find(".//{*}Fault")
    assert [each.tag.rpartition("}")[2] for each in fault] == ["Code", "Reason", "Detail"]
    value = fault.find("{*}Code/{*}Value")
    assert (value.nsmap[value.text.split(":")[0]], value.text.split(":")[1]) == (ENVELOPE_12, "Sender")
    value = fault.find("{*}Code/{*}Subcode/{*}Value")
    assert (value.nsmap[value.text.split(":")[0]], value.text.split(":")[1]) == (
        "http://messo.products.soap/v1", "NOT_FOUND")
    assert fault.find("{*}Reason/{*}Text").get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


# Characters that the database can store and XML 1.0 cannot carry; the answer has U+FFFD in place of each.
CONTROLS = [*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF]
NO_CONTROLS = "\t\n\r\x7f\x9f\ufffd\ufdd0\U0001F680\U0001FFFE\ufffb\u2028"


@pytest.mark.parametrize("version", [11, 12])
def test_control_characters_in_the_database_are_replaced(site, services, version):
    # At every offset, since the writer handles eight bytes at once.
    stored = "".join("x" * number + chr(code) + NO_CONTROLS for number, code in enumerate(CONTROLS))
    expected = re.sub("[" + "".join(map(chr, CONTROLS)) + "]", "\ufffd", stored)
    site.product("P-1")
    site.sql(f"UPDATE products SET name = 'a\\0b', description = CONVERT(0x{stored.encode().hex()} USING utf8mb4),"
             " brand = CHAR(1), category = CHAR(27), product_id = CONCAT('P', CHAR(11)),"
             " attributes = JSON_OBJECT(CONCAT('k', CHAR(2)), CONCAT('v', CHAR(3)))")
    scenario = Scenario(site, services, version)
    product = scenario.call("products", "list_products").find("{*}product")
    values = {each.tag.rpartition("}")[2]: each.text for each in product}
    assert values["description"] == expected
    assert (values["name"], values["brand"], values["category"], values["product_id"]) == (
        "a\ufffdb", "\ufffd", "\ufffd", "P\ufffd")
    assert [each.text for each in product.find("{*}attribute")] == ["k\ufffd", "v\ufffd"]


def test_white_space_survives_the_way_there_and_back(site):
    """XML parsers turn a carriage return into a line feed, and a tab in an attribute into a space, unless escaped."""
    text = "  a\tb\nc&#13;d&#13;\ne  "
    site.call("products", "create_product", (
        "<product><product_id>P-1</product_id><sku>S-1</sku><name>n</name><price>1</price>"
        f"<description>{text}</description></product>"))
    expected = text.replace("&#13;", "\r")
    assert site.sql("SELECT HEX(description) FROM products") == [[expected.encode().hex().upper()]]
    found = site.call("products", "get_product", "<product_id>P-1</product_id>")
    assert found.findtext("{*}description") == expected


@pytest.mark.parametrize("sent, stored", [
    ("99.9", "99.90"), ("99", "99.00"), (" 5.00 ", "5.00"), ("0099.90", "99.90"), ("+1", "1.00"),
    ("99999999.99", "99999999.99"), ("0", "0.00"),
])
def test_money_is_answered_with_two_places(site, services, sent, stored):
    scenario = Scenario(site, services, 11)
    made = scenario.call("products", "create_product", (
        f"<product><product_id>P-1</product_id><sku>S-1</sku><name>n</name><price>{sent}</price></product>"))
    assert made.findtext("{*}price") == stored
    assert site.sql("SELECT price FROM products") == [[stored]]


@pytest.mark.parametrize("sent, answered", [
    ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"), ("2026-01-02T03:04:05", "2026-01-02T03:04:05Z"),
    ("2026-01-02T03:04:05.123456+02:00", "2026-01-02T01:04:05.123456Z"),
    ("2026-01-02T03:04:05-11:30", "2026-01-02T14:34:05Z"), (" 2026-01-02T03:04:05Z\n", "2026-01-02T03:04:05Z"),
])
def test_a_time_is_answered_in_utc(site, services, sent, answered):
    site.product("P-1")
    made = Scenario(site, services, 11).call("products", "create_inventory", (
        f"<inventory><product_id>P-1</product_id><last_restocked_at>{sent}</last_restocked_at></inventory>"))
    assert made.findtext("{*}last_restocked_at") == answered
