"""SOAP's updates of a row: what they accept, what they refuse, and what they leave unchanged."""
import datetime

import pytest
from lxml import etree

from site_client import SOAPFault, element_text, xml
from soap_attack import expect_client_fault

NILS = [
    'xsi:nil="true"', 'xsi:nil="1"', 'xsi:nil=" true "', 'xsi:nil=" 1&#10;"', 'xsi:nil="TRUE"', 'nil="true"', "nil='1'",
    'old:null="1"', 'old:null="true"', 'null="1"', 'older:nil="true"', 'xsi:nil=""', 'xsi:Nil="true"', 'NIL="1"',
    'old:Null="true"',
]
NAMESPACES = ('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:old="http://www.w3.org/1999/XMLSchema-instance" '
              'xmlns:older="http://www.w3.org/2000/10/XMLSchema-instance"')


@pytest.mark.parametrize("nil", NILS)
def test_a_nil_is_refused_however_it_is_spelled(site, nil):
    site.product("P-1", description="To be kept", weight="1.50")
    for field in ("description", "weight"):
        answer = site.soap("products", "update_product", (
            f"<product_id>P-1</product_id><changes {NAMESPACES}><{field} {nil}/></changes>"))
        fault = expect_client_fault(answer, "VALIDATION")
        assert list(fault.fields) == [f"changes.{field}"] and "nil is not allowed" in fault.text
    fault = expect_client_fault(site.soap("products", "list_products", (
        f"<query {NAMESPACES}><status {nil}/></query>")), "VALIDATION")
    assert list(fault.fields) == ["query.status"]
    fault = expect_client_fault(site.soap("products", "create_product", (
        f"<product {NAMESPACES}>{xml(product_id='P-2', sku='S-2', name='Cup', price='1.00')}<brand {nil}/></product>")))
    assert fault.code == "VALIDATION" and list(fault.fields) == ["product.brand"]
    assert site.sql("SELECT description, weight FROM products") == [["To be kept", "1.50"]]


def test_the_refusal_of_nil_says_what_to_do_instead(site):
    site.product("P-1")
    empty = 'xsi:nil="true"'
    for operation, message, field, instead in [
        ("update_product", f"<product_id>P-1</product_id><changes><brand {empty}/></changes>", "changes.brand",
         "name the field in clear_field to empty it, or leave the element out to keep its value."),
        ("create_product", f"<product><brand {empty}/></product>", "product.brand", "leave the element out."),
        ("list_products", f"<query><category {empty}/></query>", "query.category", "leave the element out."),
        ("list_products", f"<query {empty}/>", "query", "leave the element out."),
        ("get_product", f"<product_id {empty}/>", "product_id", "the element needs a value."),
        ("update_product", f"<product_id>P-1</product_id><changes {empty}/>", "changes", "the element needs a value."),
    ]:
        message = message.replace(empty, f"{NAMESPACES} {empty}")
        fault = expect_client_fault(site.soap("products", operation, message), "VALIDATION")
        assert fault.fields[field] == f"nil is not allowed; {instead}"


@pytest.mark.parametrize("nil", ['xsi:nil="false"', 'xsi:nil="0"', 'nil=" false "', 'old:null="0"'])
def test_what_is_plainly_not_nil_has_a_value(site, nil):
    site.product("P-1", description="Old")
    site.call("products", "update_product", (
        f"<product_id>P-1</product_id><changes {NAMESPACES}><description {nil}>New</description></changes>"))
    assert site.sql("SELECT description FROM products") == [["New"]]


# Nothing to change

@pytest.mark.parametrize("domain, operation, key", [
    ("products", "update_product", "<product_id>P-1</product_id>"),
    ("products", "update_inventory", "<product_id>P-1</product_id>"),
    ("orders", "update_order", "<order_id>O-1</order_id>"),
    ("logistics", "update_warehouse", "<warehouse_id>W-1</warehouse_id>"),
])
@pytest.mark.parametrize("changes", [
    "<changes/>", "<changes></changes>", "<changes>\n</changes>",
    "<changes><expected_revision>1</expected_revision></changes>",
], ids=["empty", "open", "blank", "revision_alone"])
def test_changes_that_change_nothing_are_refused(site, domain, operation, key, changes):
    fault = expect_client_fault(site.soap(domain, operation, key + changes), "VALIDATION")
    assert fault.fields == {"changes": "Give at least one field to change."}


def test_a_misspelt_field_is_unknown_and_not_nothing(site):
    site.product("P-1")
    answer = site.soap("products", "update_product", "<product_id>P-1</product_id><changes><nmae>x</nmae></changes>")
    fault = expect_client_fault(answer, "UNKNOWN_FIELD")
    assert list(fault.fields) == ["changes.nmae"]


class Row:
    """A row's revision, and its time of change if it has one."""

    def __init__(self, site, table, condition="1"):
        self.site, self.statement = site, f"SELECT * FROM {table} WHERE {condition}"

    def __call__(self):
        [row] = self.site.sql(self.statement)
        return row


def fill(site):
    """Inserts a row in several tables, with every field that can be given."""
    product = site.product(
        "P-1", description="Old \u00e9", weight="1.50", brand="B", category="C", stock_quantity=3, status="inactive")
    site.create("/products/api/inventory/", {
        "product": product["id"], "available_quantity": 3, "last_restocked_at": "2026-01-02T03:04:05.678Z"})
    order = site.order("O-1", notes="note", status="confirmed")
    site.create("/orders/api/order-tracking/", {"order": order["id"], "tracking_number": "T-1", "carrier": "Post"})
    site.create("/promotions/api/discounts/", {
        "discount_id": "D-1", "code": "SAVE", "name": "Sale", "discount_type": "percentage", "discount_value": "5.50",
        "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z"})
    site.create("/finance/api/settlements/", {
        "settlement_id": "S-1", "period_start": "2026-01-01", "period_end": "2026-01-31", "total_sales": "-10.00",
        "commission": "1.00", "net_amount": "9.00"})


SAME = [
    ("products", "product", "products", "<product_id>P-1</product_id>", xml(
        name="P-1", description="Old \u00e9", price="9.9", weight="1.50", brand="B", stock_quantity="3", status="inactive")),
    ("products", "inventory", "inventory", "<product_id>P-1</product_id>", xml(
        product_id="P-1", available_quantity=3, last_restocked_at="2026-01-02T04:04:05.678+01:00")),
    ("orders", "order", "orders", "<order_id>O-1</order_id>", xml(
        customer_name="Ana", notes="note", status="confirmed", total_amount="19.80")),
    ("orders", "tracking", "order_tracking", "<order_id>O-1</order_id>", xml(
        tracking_number="T-1", carrier="Post", clear_field="shipped_at")),
    ("promotions", "discount", "discounts", "<discount_id>D-1</discount_id>", xml(
        code="SAVE", discount_type="percentage", discount_value="5.50", is_active="1", valid_from="2026-01-01T00:00:00",
        clear_field=["maximum_discount", "description"])),
    ("finance", "settlement", "settlements", "<settlement_id>S-1</settlement_id>", xml(
        period_start="2026-01-01", total_sales="-10", clear_field="payment_date")),
]


@pytest.mark.parametrize("domain, singular, table, key, same", SAME, ids=[each[1] for each in SAME])
def test_an_update_to_the_values_that_there_are_changes_no_row(site, domain, singular, table, key, same):
    fill(site)
    row = Row(site, table)
    before, parents = row(), site.sql("SELECT revision, changed_at FROM products UNION SELECT revision, changed_at FROM orders")
    result = site.call(domain, f"update_{singular}", f"{key}<changes>{same}</changes>")
    assert row() == before
    assert site.sql("SELECT revision, changed_at FROM products UNION SELECT revision, changed_at FROM orders") == parents
    revision = result.findtext("{*}revision")
    shown = site.call(domain, f"get_{singular}", key)
    assert etree.tostring(shown) == etree.tostring(result) and shown.findtext("{*}revision") == revision
    # expected_revision is checked nevertheless: the right one is accepted, and a wrong one refused.
    site.call(domain, f"update_{singular}", (
        f"{key}<changes>{same}<expected_revision>{revision}</expected_revision></changes>"))
    fault = SOAPFault(site.soap(domain, f"update_{singular}", (
        f"{key}<changes>{same}<expected_revision>{int(revision) + 1}</expected_revision></changes>")))
    assert fault.code == "CONFLICT"
    assert row() == before


@pytest.mark.parametrize("field, old, new", [
    ("name", "Caf\u00e9", "Cafe\u0301"), ("name", "a", "A"), ("name", "a", "a "), ("description", "x", "x\n"),
    ("price", "9.90", "9.91"), ("weight", "1.50", "1.5"), ("description", "", "\u0000".replace("\u0000", "y")),
])
def test_a_value_that_differs_at_all_is_stored(site, field, old, new):
    """This includes a value that is only canonically equivalent to the stored one."""
    site.product("P-1", **{field: old})
    [[revision]] = site.sql("SELECT revision FROM products")
    site.call("products", "update_product", f"<product_id>P-1</product_id><changes>{xml(**{field: new})}</changes>")
    changed = (field, new) != ("weight", "1.5")
    assert site.sql(f"SELECT HEX({field}) FROM products WHERE {field} <=> '{new}'") != []
    [[now]] = site.sql("SELECT revision FROM products")
    assert (now != revision) == changed


def test_the_contracts_updates_move_the_time_of_change_also_when_nothing_else_changes(site):
    fill(site)
    product, warehouse = Row(site, "products"), Row(site, "order_tracking")
    before = product()
    [[id]] = site.sql("SELECT id FROM products")
    answer = site.rest("PATCH", f"/products/api/products/{id}/", {"name": "P-1"})
    assert answer.status_code == 200 and product() != before
    # In a table without updated_at, the row stays the same.
    before = warehouse()
    [[id]] = site.sql("SELECT id FROM order_tracking")
    for method, body in (("PATCH", {}), ("PATCH", {"carrier": "Post"}), ("PUT", {"carrier": "Post", "tracking_number": "T-1"})):
        assert site.rest(method, f"/orders/api/order-tracking/{id}/", body).status_code == 200
        assert warehouse() == before
    assert site.rest("PATCH", f"/orders/api/order-tracking/{id}/", {"carrier": "Other"}).json()["carrier"] == "Other"
    assert warehouse() != before


def test_an_action_to_the_state_that_there_is_changes_no_row_in_soap(site):
    order = site.order("O-1")
    site.shipment("S-1", order, status="in_transit")
    row = Row(site, "shipments")
    before = row()
    result = site.call("logistics", "update_shipment_status", xml(shipment_id="S-1", status="in_transit"))
    assert row() == before and result.findtext("{*}status") == "in_transit"
    site.call("logistics", "update_shipment_status", xml(shipment_id="S-1", status="delivered"))
    assert row() != before


# Attributes

def attribute(name, value):
    return f"<attribute><name>{name}</name><value>{value}</value></attribute>"


def test_attributes_are_cleared_by_their_name(site):
    site.product("P-1")
    key = "<product_id>P-1</product_id>"
    result = site.call("products", "update_product", f"{key}<changes>{attribute('colour', 'red')}</changes>")
    assert element_text(result, "attribute/value") == "red"
    row = Row(site, "products")
    before = row()
    site.call("products", "update_product", f"{key}<changes>{attribute('colour', 'red')}</changes>")
    assert row() == before
    both = site.soap(
        "products", "update_product",
        f"{key}<changes><clear_field>attribute</clear_field>{attribute('a', 'b')}</changes>")
    assert SOAPFault(both).fields == {"changes.clear_field": "attribute is both given and cleared."}
    assert row() == before
    result = site.call("products", "update_product", f"{key}<changes><clear_field>attribute</clear_field></changes>")
    assert result.find("{*}attribute") is None
    before = row()
    site.call("products", "update_product", f"{key}<changes><clear_field>attribute</clear_field></changes>")
    assert row() == before


def test_attribute_names_that_differ_by_normalisation_are_two(site):
    site.product("P-1")
    names = ["\u00e9", "e\u0301"]
    attributes = "".join(attribute(name, "1") for name in names)
    result = site.call("products", "update_product", f"<product_id>P-1</product_id><changes>{attributes}</changes>")
    assert [each.findtext("{*}name") for each in result.iterfind("{*}attribute")] == names


# Elements where a value belongs

@pytest.mark.parametrize("operation, message, field", [
    ("update_product", "<product_id>P-1</product_id><changes><clear_field>brand<x/></clear_field></changes>",
     "changes.clear_field"),
    ("update_product", "<product_id>P-1</product_id><changes><name>New</name><expected_revision>1<x>2</x>"
     "</expected_revision></changes>", "changes.expected_revision"),
    ("update_product", "<product_id>P-1</product_id><changes><attribute><name>a<b>c</b></name><value>v</value></attribute>"
     "</changes>", "changes.attribute.name"),
    ("update_product", "<product_id>P-1</product_id><changes><attribute><name>a</name><value><b>c</b></value></attribute>"
     "</changes>", "changes.attribute.value"),
    ("create_product", "<product>" + xml(product_id="P-2", sku="S-2", name="Cup", price="1.00")
     + "<attribute><name>a</name><value>b<br/>c</value></attribute></product>", "product.attribute.value"),
    ("list_products", "<query><product_id>P-1<x>P-2</x></product_id></query>", "query.product_id"),
    ("list_products", "<query><product_id><x>P-2</x></product_id></query>", "query.product_id"),
    ("list_products", "<query><page><x/></page></query>", "query.page"),
    ("get_product", "<product_id>P-1<x/></product_id>", "product_id"),
])
def test_elements_inside_a_value_are_refused(site, operation, message, field):
    site.product("P-1")
    before = site.sql("SELECT * FROM products")
    fault = expect_client_fault(site.soap("products", operation, message), "VALIDATION")
    assert fault.fields == {field: "Elements are not allowed here."}
    assert site.sql("SELECT * FROM products") == before


# Values that .NET sends although nobody set them

UNSET_TIMES = ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", " 0001-01-01T00:00:00.0000000+00:00\n"]


@pytest.mark.parametrize("time", UNSET_TIMES)
def test_the_time_that_dot_net_sends_for_none_is_none(site, time):
    site.product("P-1")
    made = site.call("products", "create_inventory", (
        f"<inventory><product_id>P-1</product_id><last_restocked_at>{time}</last_restocked_at></inventory>"))
    assert made.find("{*}last_restocked_at") is None
    site.call("products", "update_inventory", (
        "<product_id>P-1</product_id><changes><last_restocked_at>2026-01-01T00:00:00Z</last_restocked_at></changes>"))
    changed = site.call("products", "update_inventory", (
        f"<product_id>P-1</product_id><changes><last_restocked_at>{time}</last_restocked_at>"
        "<warehouse_location>A</warehouse_location></changes>"))
    assert changed.findtext("{*}last_restocked_at") == "2026-01-01T00:00:00Z"
    site.order("O-1")
    invoice = xml(invoice_id="I-1", order_id="O-1", invoice_number="N-1")
    amounts = xml(subtotal="1.00", total_amount="1.00")
    made = site.call("finance", "create_invoice", (
        f"<invoice>{invoice}<issued_date>{time}</issued_date>{amounts}</invoice>"))
    issued = datetime.datetime.fromisoformat(made.findtext("{*}issued_date"))
    assert abs(issued - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5)
    # A time that must be given is missing.
    campaign = xml(campaign_id="C-1", name="n", campaign_type="discount", start_date=time, end_date="2026-01-01T00:00:00Z")
    fault = expect_client_fault(site.soap("promotions", "create_campaign", f"<campaign>{campaign}</campaign>"), "VALIDATION")
    assert fault.fields["campaign.start_date"] == "This field is required."


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00hello", "0001-01-01T00:00:00+99:99", "0001-01-01T00:00:00 +00:00",
                                  "0001-01-01 00:00:00"])
def test_what_only_begins_like_that_time_is_refused(site, time):
    fault = expect_client_fault(site.soap("products", "list_products", (
        f"<query><updated_since>{time}</updated_since></query>")), "VALIDATION")
    assert list(fault.fields) == ["query.updated_since"]


@pytest.mark.parametrize("zero", ["0", " 0 ", "\n0\n", "00", "+0", "-0"])
def test_the_revision_zero_is_none(site, zero):
    site.product("P-1")
    result = site.call("products", "update_product", (
        f"<product_id>P-1</product_id><changes><name>New</name><expected_revision>{zero}</expected_revision></changes>"))
    assert result.findtext("{*}name") == "New"


# Dates of an ERP's own

def test_an_erps_own_dates_can_be_given_on_create(site):
    order = site.order("O-1")
    invoice = xml(invoice_id="I-1", order_id="O-1", invoice_number="N-1", subtotal="1.00", total_amount="1.00")
    dated = invoice.replace("<subtotal>", "<issued_date>2024-02-29T24:00:00+01:00</issued_date><subtotal>")
    result = site.call("finance", "create_invoice", f"<invoice>{dated}</invoice>")
    assert result.findtext("{*}issued_date") == "2024-02-29T23:00:00Z"
    assert site.rest("GET", "/finance/api/invoices/").json()["results"][0]["issued_date"] == "2024-02-29T23:00:00Z"
    # An update cannot change the date, and REST ignores it, as recorded.
    fault = SOAPFault(site.soap("finance", "update_invoice", (
        "<invoice_id>I-1</invoice_id><changes><issued_date>2020-01-01T00:00:00Z</issued_date></changes>")))
    assert fault.code == "UNKNOWN_FIELD" and list(fault.fields) == ["changes.issued_date"]
    site.sql("DELETE FROM invoices")
    bad = site.soap("finance", "create_invoice", f"<invoice>{dated.replace('2024-02-29', '2023-02-29')}</invoice>")
    assert list(SOAPFault(bad).fields) == ["invoice.issued_date"]
    other = site.order("O-2")
    made = site.create("/finance/api/invoices/", {
        "invoice_id": "I-2", "order": other["id"], "invoice_number": "N-2", "subtotal": "1.00", "total_amount": "1.00",
        "issued_date": "2020-01-01T00:00:00Z"})
    now = datetime.datetime.now(datetime.timezone.utc)
    assert abs(datetime.datetime.fromisoformat(made["issued_date"]) - now) < datetime.timedelta(minutes=5)

    site.shipment("S-1", order)
    event = xml(shipment_id="S-1", event_type="scan", description="d")
    times = ["2025-05-05T10:00:00Z", "2025-05-06T10:00:00Z", "2025-05-04T10:00:00Z"]
    for time in times:
        site.call("logistics", "create_shipment_event", (
            f"<shipment_event>{event}<timestamp>{time}</timestamp></shipment_event>"))
    site.call("logistics", "create_shipment_event", f"<shipment_event>{event}</shipment_event>")
    shipment = site.call("logistics", "get_shipment", xml(shipment_id="S-1"))
    shown = [each.findtext("{*}timestamp") for each in shipment.iterfind("{*}shipment_event")]
    assert shown[1:] == sorted(times, reverse=True) and shown[0] > max(times)
    rest = [row["timestamp"] for row in site.rest("GET", "/logistics/api/shipment-events/").json()["results"]]
    assert rest == shown


def test_a_row_with_a_date_of_its_own_is_told_from_an_earlier_one_with_the_same_number(site):
    """After a TRUNCATE, an id comes back with revision 1, and the client may give the same date as before."""
    order = site.order("O-1")
    site.shipment("S-1", order)
    shown = []
    for description in ("first", "second"):
        site.sql("TRUNCATE shipment_events")
        event = xml(shipment_id="S-1", event_type="scan", description=description, timestamp="2025-05-05T10:00:00Z")
        made = site.call("logistics", "create_shipment_event", f"<shipment_event>{event}</shipment_event>")
        rows = [site.rest("GET", f"/logistics/api/shipment-events/{made.findtext('{*}id')}/").json() for _ in range(20)]
        shown.append({(row["id"], row["timestamp"], row["description"]) for row in rows})
    assert shown == [{(1, "2025-05-05T10:00:00Z", "first")}, {(1, "2025-05-05T10:00:00Z", "second")}]


# Spellings of values

@pytest.mark.parametrize("sent, stored", [
    (".5", "0.50"), ("5.", "5.00"), ("+.50", "0.50"), ("00.5", "0.50"), (" 7. ", "7.00"),
])
def test_a_decimal_is_read_as_xml_schema_has_it(site, sent, stored):
    site.product("P-1")
    result = site.call("products", "update_product", xml(product_id="P-1") + f"<changes><price>{sent}</price></changes>")
    assert result.findtext("{*}price") == stored


@pytest.mark.parametrize("sent", [".", "+", "-.", "1e2", "1,50", ".5.", "5.-"])
def test_what_is_no_decimal_is_refused(site, sent):
    site.product("P-1")
    answer = site.soap("products", "update_product", xml(product_id="P-1") + f"<changes><price>{sent}</price></changes>")
    assert list(expect_client_fault(answer, "VALIDATION").fields) == ["changes.price"]


@pytest.mark.parametrize("sent, stored", [
    ("2026-12-31T24:00:00", "2027-01-01T00:00:00Z"), ("2026-02-28T24:00:00.000Z", "2026-03-01T00:00:00Z"),
    ("2026-06-30T24:00:00-05:00", "2026-07-01T05:00:00Z"),
])
def test_midnight_may_end_a_day(site, sent, stored):
    site.product("P-1")
    answer = site.call("products", "create_inventory", f"<inventory>{xml(product_id='P-1', last_restocked_at=sent)}</inventory>")
    assert answer.findtext("{*}last_restocked_at") == stored


@pytest.mark.parametrize("sent", ["2026-12-31T24:00:01", "2026-12-31T24:01:00", "2026-12-31T24:00:00.1", "2026-12-31T25:00:00",
                                  "9999-12-31T24:00:00", "2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00-15:00"])
def test_no_other_time_is_after_the_day(site, sent):
    site.product("P-1")
    answer = site.soap("products", "create_inventory", f"<inventory>{xml(product_id='P-1', last_restocked_at=sent)}</inventory>")
    assert list(expect_client_fault(answer, "VALIDATION").fields) == ["inventory.last_restocked_at"]
    # JSON cannot express this.
    [[id]] = site.sql("SELECT id FROM products")
    answer = site.rest("POST", "/products/api/inventory/", {"product": int(id), "last_restocked_at": "2026-12-31T24:00:00"})
    assert answer.status_code == 400 and list(answer.json()) == ["last_restocked_at"]


@pytest.mark.parametrize("zone, is_one", [("+14:00", True), ("-14:00", True), ("Z", True), ("+14:01", False), ("-23:59", False)])
def test_a_day_may_have_a_zone_that_is_one(site, zone, is_one):
    settlement = xml(settlement_id="S-1", period_start=f"2026-01-01{zone}", period_end="2026-01-31", total_sales="1.00",
                     commission="0.00", net_amount="1.00")
    answer = site.soap("finance", "create_settlement", f"<settlement>{settlement}</settlement>")
    if is_one:
        assert etree.fromstring(answer.content).findtext(".//{*}period_start") == "2026-01-01"
    else:
        assert list(expect_client_fault(answer, "VALIDATION").fields) == ["settlement.period_start"]


@pytest.mark.parametrize("status, problem", [
    ("", "This field is required."), ("<status/>", "Status is required"), ("<status></status>", "Status is required")])
def test_a_missing_status_is_named(site, status, problem):
    order = site.order("O-1")
    site.shipment("S-1", order)
    answer = site.soap("logistics", "update_shipment_status", f"<shipment_id>S-1</shipment_id>{status}")
    assert expect_client_fault(answer, "VALIDATION").fields == {"status": problem}


def test_what_is_no_choice_is_refused_with_the_choices(site):
    answer = site.soap("products", "create_product", (
        f"<product>{xml(product_id='P', sku='S', name='n', price='1', status='sold')}</product>"))
    assert expect_client_fault(answer, "VALIDATION").fields == {
        "product.status": '"sold" is not a valid choice. Choose one of: active, inactive, out_of_stock.'}
    order = site.order("O-1")
    answer = site.rest("PATCH", f"/orders/api/orders/{order['id']}/", {"status": "sold"})
    assert answer.json() == {"status": ['"sold" is not a valid choice.']}


def test_the_status_of_a_payment_on_an_order_is_20_characters_at_most(site):
    order = site.order("O-1", payment_status="x" * 20)
    path = f"/orders/api/orders/{order['id']}/"
    answer = site.rest("PATCH", path, {"payment_status": "x" * 21})
    assert answer.json() == {"payment_status": ["Ensure this field has no more than 20 characters."]}
    # A row that an earlier version stored may have a longer value, and keeps it.
    site.sql("UPDATE orders SET payment_status = REPEAT('y', 50)")
    assert site.rest("GET", path).json()["payment_status"] == "y" * 50
    assert site.rest("PATCH", path, {"notes": "n"}).json()["payment_status"] == "y" * 50
