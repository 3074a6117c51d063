"""Values and fields that are refused: each is named in the fault, and nothing of the request is carried out."""
import pytest

from site_client import SOAPFault
from soap_attack import PRODUCTS, call, envelope, expect_client_fault, new_product

pytestmark = pytest.mark.usefixtures("in_time")


def create(attacked, **fields):
    return attacked.post("products", envelope(new_product(**fields)))


# The field and the value sent in it.
BAD_VALUES = {
    "val_price_comma": ("price", "1,50"),
    "val_price_text": ("price", "cheap"),
    "val_price_empty": ("price", ""),
    "val_price_three_places": ("price", "1.005"),
    "val_price_negative": ("price", "-1.00"),
    "val_price_too_large": ("price", "100000000000000000000"),
    "val_price_infinite": ("price", "INF"),
    "val_price_nan": ("price", "NaN"),
    "val_price_currency": ("price", "€ 9.90"),
    "val_price_exponent_bomb": ("price", "1e999999999"),
    "val_price_10k_digits": ("price", "9" * 10_000),
    "val_price_arabic_digits": ("price", "٩.٩٠"),
    "val_stock_fraction": ("stock_quantity", "1.5"),
    "val_stock_negative": ("stock_quantity", "-1"),
    "val_stock_32_bits": ("stock_quantity", "2147483648"),
    "val_stock_64_bits": ("stock_quantity", "9223372036854775808"),
    "val_stock_hex": ("stock_quantity", "0x10"),
    "val_stock_empty": ("stock_quantity", ""),
    "val_status_unknown": ("status", "sold"),
    "val_status_upper_case": ("status", "ACTIVE"),
    "val_status_padded": ("status", " active "),
    "val_name_empty": ("name", ""),
    "val_name_blank": ("name", " \t "),
    "val_name_long": ("name", "n" * 256),
    "val_name_missing": ("name", None),
    "val_price_missing": ("price", None),
    "val_sku_long": ("sku", "s" * 101),
    "val_id_long": ("product_id", "p" * 101),
    "val_weight_negative": ("weight", "-0.01"),
    "val_weight_too_large": ("weight", "1000000.00"),
}


@pytest.mark.parametrize("name", BAD_VALUES)
def test_a_bad_value_is_refused_by_the_name_of_its_field(site, attacked, name):
    field, value = BAD_VALUES[name]
    fault = expect_client_fault(create(attacked, **{field: value}), "VALIDATION")
    assert list(fault.fields) == [f"product.{field}"]
    assert f"product.{field}" in fault.text
    assert attacked.sql("SELECT COUNT(*) FROM products") == [["0"]]


@pytest.mark.parametrize("field, value", [
    ("page", "-1"), ("page", "x"), ("page", "99999999999999999999"), ("page_size", "-1"), ("page_size", "1001"),
    ("page_size", "1.5"), ("page_size", "x"),
    ("updated_since", "yesterday"), ("updated_since", "2026-02-30T00:00:00Z"),
])
def test_a_bad_value_of_a_query_is_refused_by_its_name(attacked, field, value):
    body = envelope(call("list_products", f"<query><{field}>{value}</{field}></query>"))
    assert list(expect_client_fault(attacked.post("products", body), "VALIDATION").fields) == [f"query.{field}"]


def test_a_bad_value_of_a_change_is_refused_by_its_name_and_nothing_changes(site, attacked):
    site.product("P-1")
    body = envelope(call(
        "update_product", "<product_id>P-1</product_id><changes><name>Mug</name><price>x</price></changes>"))
    assert list(expect_client_fault(attacked.post("products", body), "VALIDATION").fields) == ["changes.price"]
    assert site.sql("SELECT name, price FROM products") == [["P-1", "9.90"]]


def test_all_bad_values_are_named_at_once(site, attacked):
    fault = expect_client_fault(
        create(attacked, price="x", stock_quantity="y", status="z", name=None, sku=""), "VALIDATION")
    assert set(fault.fields) == {
        f"product.{field}" for field in ("price", "stock_quantity", "status", "name", "sku")}


def test_fields_of_the_wrong_form_and_bad_values_are_named_at_once(site, attacked):
    """One answer names everything that the sender has to correct."""
    body = envelope(call("create_product", (
        "<product><product_id>P-1</product_id><sku>S-1</sku><name>a</name><name>b</name>"
        "<price>x</price></product>")))
    fault = expect_client_fault(attacked.post("products", body), "VALIDATION")
    assert set(fault.fields) == {"product.name", "product.price"}


MARKUP = "<script>alert(1)</script>&\"']]>"


def test_markup_in_a_refused_value_comes_back_as_text(site, attacked):
    answer = create(attacked, status=MARKUP)
    fault = expect_client_fault(answer, "VALIDATION")
    assert MARKUP in fault.fields["product.status"] and MARKUP in fault.text
    assert b"<script" not in answer.content and b"]]>" not in answer.content


def test_a_long_refused_value_does_not_come_back_many_times(attacked):
    answer = create(attacked, status="s" * 1_000_000)
    expect_client_fault(answer, "VALIDATION")
    assert len(answer.content) < 4 * 1024 * 1024


@pytest.mark.parametrize("value", [
    "'; DROP TABLE products; --", "' OR '1'='1", '" OR ""="', "\\'; SELECT 1 --", "%' OR 1=1 #", "a\\", "\\",
])
def test_sql_in_a_value_is_only_text(site, attacked, value):
    site.product("P-1")
    written = create(attacked, product_id="P-2", sku="S-2", name=value)
    assert written.status_code == 200, written.text
    assert site.sql("SELECT HEX(name) FROM products WHERE product_id = 'P-2'") == [[value.encode().hex().upper()]]
    query = value.replace("&", "&amp;").replace("<", "&lt;")
    found = site.call("products", "list_products", f"<query><search>{query}</search></query>")
    assert [each.text for each in found.iterfind("{*}product/{*}product_id")] == ["P-2"]
    missing = site.soap("products", "get_product", f"<product_id>{query}</product_id>")
    assert SOAPFault(missing).code == "NOT_FOUND"


# The content of create_product, and the field that the fault names.
BAD_FIELDS = {
    "unknown": ("<product><colour>red</colour></product>", "product.colour"),
    "other_case": ("<product><Name>x</Name></product>", "product.Name"),
    "camel_case": ("<product><productId>x</productId></product>", "product.productId"),
    "of_the_answer": ("<product><created_at>2026-01-01T00:00:00Z</created_at></product>", "product.created_at"),
    "of_rest": ("<product><images/></product>", "product.images"),
    "column": ("<product><id>1</id></product>", "product.id"),
    "other_namespace": ('<product><name xmlns="urn:x">x</name></product>', "product.name"),
    "other_version": ('<product><name xmlns="http://messo.products.soap/v2">x</name></product>', "product.name"),
    "other_service": ('<product><name xmlns="http://messo.orders.soap/v1">x</name></product>', "product.name"),
    "beside_the_product": ("<product/><extra/>", "extra"),
    "positional": ("<param0>x</param0>", "param0"),
    "positional_of_soap_lite": ("<c-gensym3>x</c-gensym3>", "c-gensym3"),
}


@pytest.mark.parametrize("name", BAD_FIELDS)
def test_an_unknown_field_is_refused_by_its_name(site, attacked, name):
    content, field = BAD_FIELDS[name]
    answer = attacked.post("products", envelope(call("create_product", content)))
    assert field in expect_client_fault(answer).fields
    assert attacked.sql("SELECT COUNT(*) FROM products") == [["0"]]


def test_nothing_but_unknown_fields_has_its_own_code(attacked):
    answer = attacked.post("products", envelope(call("get_product", "<product_id>x</product_id><colour>x</colour>")))
    assert list(expect_client_fault(answer, "UNKNOWN_FIELD").fields) == ["colour"]


NIL = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="{}"'
BAD_FORMS = {
    "duplicate": ("<name>a</name><name>b</name>", "product.name"),
    "duplicate_in_two_namespaces": ('<name>a</name><name xmlns="">b</name>', "product.name"),
    "nil_true": (f"<name {NIL.format('true')}/>", "product.name"),
    "nil_one": (f"<name {NIL.format('1')}/>", "product.name"),
    "nil_with_a_value": (f"<name {NIL.format('true')}>a</name>", "product.name"),
    "element_in_a_value": ("<name>a<b/></name>", "product.name"),
    "reference": ('<name href="#n"/>', "product.name"),
    "text_between": ("text<name>a</name>", "product.product"),
    "attribute_without_a_name": ("<attribute><value>v</value></attribute>", "product.attribute"),
    "attribute_without_a_value": ("<attribute><name>n</name></attribute>", "product.attribute"),
    "attribute_twice": ("<attribute><name>n</name><value>1</value></attribute>" * 2, "product.attribute"),
}


@pytest.mark.parametrize("name", BAD_FORMS)
def test_a_field_of_the_wrong_form_is_refused_by_its_name(site, attacked, name):
    content, field = BAD_FORMS[name]
    others = "<product_id>P-1</product_id><sku>S-1</sku><price>1.00</price>"
    if "<name" not in content.replace("<attribute><name", ""):
        others += "<name>Cup</name>"
    answer = attacked.post("products", envelope(call("create_product", f"<product>{others}{content}</product>")))
    assert field in expect_client_fault(answer, "VALIDATION").fields
    assert attacked.sql("SELECT COUNT(*) FROM products") == [["0"]]


@pytest.mark.parametrize("comment", ["P-<!-- -->1", "<!-- -->P-1", "P-1<!--x-->", "<![CDATA[P-]]>1", "P-<![CDATA[1]]>"])
def test_a_comment_hides_no_part_of_a_value(site, attacked, comment):
    site.product("P-1")
    site.product("P-")
    found = site.call("products", "get_product", f"<product_id>{comment}</product_id>")
    assert found.findtext("{*}product_id") == "P-1"


# The operation's element, and the text that the fault must contain.
BAD_OPERATIONS = {
    "op_unknown": ("<frobnicate/>", "frobnicate"),
    "op_other_case": (f'<Get_Product xmlns="{PRODUCTS}"/>', "Get_Product"),
    "op_of_another_service": (call("get_order", ""), "get_order"),
    "op_wrong_namespace": (call(namespace="urn:x&amp;y"), "urn:x&y"),
    "op_other_version": (call(namespace="http://messo.products.soap/v2"), "http://messo.products.soap/v2"),
    "op_namespace_of_another_service": (call(namespace="http://messo.orders.soap/v1"), "get_product"),
    "op_response": (call("get_productResponse", ""), "get_productResponse"),
    "op_fault": (call("service_fault", ""), "service_fault"),
    "op_long": ("<" + "o" * 10_000 + "/>", "ooo"),
}


@pytest.mark.parametrize("name", BAD_OPERATIONS)
def test_an_unknown_operation_is_refused_by_its_name(attacked, name):
    body, words = BAD_OPERATIONS[name]
    fault = expect_client_fault(attacked.post("products", envelope(body)), "UNKNOWN_OPERATION")
    assert words in fault.text
