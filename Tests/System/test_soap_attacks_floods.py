"""Documents that are small but expensive to read: depth, number and length of everything that XML has."""
import pytest

from site_client import SOAPFault, xml
from soap_attack import call, envelope, expect_client_fault

# These attacks may take a second more than others, since they transfer megabytes.
SECONDS = 3
pytestmark = pytest.mark.usefixtures("in_time")


def text(value):
    return call(content=f"<product_id>{value}</product_id>")


def attributes(count, length=1):
    return "".join(f' a{index}="{"x" * length}"' for index in range(count))


def deep(levels):
    return "<d>" * levels + "</d>" * levels


BEYOND_THE_LIMITS = {
    "depth_40": lambda: envelope(call(content=deep(40))),
    "depth_1000": lambda: envelope(call(content=deep(1000))),
    "depth_100k": lambda: envelope(call(content=deep(100_000))),
    "depth_100k_unclosed": lambda: envelope(call(content="<d>" * 100_000)),
    "depth_in_header": lambda: envelope(header=deep(100_000)),
    "attrs_65": lambda: envelope(f'<get_product{attributes(65)}/>'),
    "attrs_50k": lambda: envelope(f'<get_product{attributes(50_000)}/>'),
    "attrs_50k_in_header": lambda: envelope(header=f'<x:h xmlns:x="urn:x"{attributes(50_000)}/>'),
    "attr_3mb": lambda: envelope(f'<get_product a="{"x" * 3_000_000}"/>'),
    "xmlns_20k": lambda: envelope(
        "<get_product" + "".join(f' xmlns:p{index}="urn:{index}"' for index in range(20_000)) + "/>"),
    "name_1mb": lambda: envelope(f"<{'n' * 1_000_000}/>"),
    "attr_name_1mb": lambda: envelope(f"<get_product {'n' * 1_000_000}='1'/>"),
    "closing_name_1mb": lambda: envelope(f"<get_product></{'n' * 1_000_000}>"),
    "siblings_300k": lambda: envelope(call(content="<s/>" * 300_000)),
    "siblings_300k_in_header": lambda: envelope(header="<s/>" * 300_000),
}


@pytest.mark.parametrize("name", BEYOND_THE_LIMITS)
def test_what_is_beyond_the_limits_is_refused(attacked, name):
    expect_client_fault(attacked.post("products", BEYOND_THE_LIMITS[name]()), "XML_LIMIT")


# Documents within the limits, each of which asks for a product that does not exist.
WITHIN_THE_LIMITS = {
    "text_2mb": lambda: envelope(text("x" * 2_000_000)),
    "text_2mb_of_wide_characters": lambda: envelope(text("\U0001F680" * 500_000)),
    "comment_2mb": lambda: envelope(text(f"NO<!--{'x' * 2_000_000}-->NE")),
    "comments_200k": lambda: envelope(text("<!---->" * 200_000 + "NONE")),
    "cdata_2mb": lambda: envelope(text(f"<![CDATA[{'<' * 2_000_000}]]>")),
    "cdata_flood": lambda: envelope(text("<![CDATA[x]]>" * 200_000)),
    "cdata_flood_with_comments": lambda: envelope(text("<![CDATA[x]]><!---->" * 150_000)),
    "charref_flood": lambda: envelope(text("&#65;" * 500_000)),
    "predefined_flood": lambda: envelope(text("&amp;" * 500_000)),
    "white_space_3mb": lambda: envelope(" " * 3_000_000 + text("NONE") + " " * 500_000),
    "long_charref": lambda: envelope(text(f"&#{'0' * 100_000}65;")),
}


@pytest.mark.parametrize("name", WITHIN_THE_LIMITS)
def test_what_is_merely_long_is_answered(attacked, name):
    fault = expect_client_fault(attacked.post("products", WITHIN_THE_LIMITS[name]()))
    assert fault.code in ("NOT_FOUND", "VALIDATION", "XML_LIMIT", "XML_MALFORMED")


LEFT_OVER = {
    "unknown_fields_100k": lambda: envelope(call(content="<s/>" * 100_000)),
    "one_field_100k_times": lambda: envelope(call(content="<product_id>x</product_id>" * 100_000)),
    "fields_with_long_names": lambda: envelope(call(content=f"<{'n' * 15_000}/>" * 200)),
    "nil_100k": lambda: envelope(
        '<get_product xmlns="http://messo.products.soap/v1" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        + '<product_id i:nil="1"/>' * 100_000 + "</get_product>"),
    "headers_100k": lambda: envelope(header='<h xmlns="urn:x"/>' * 100_000),
    "attributes_10k": lambda: envelope(call("create_product", "<product>" + "".join(
        f"<attribute><name>n{index}</name><value>v</value></attribute>" for index in range(10_000)) + "</product>")),
    "keys_100k": lambda: envelope(
        call("list_products", "<query>" + "<product_id>x</product_id>" * 100_000 + "</query>")),
    "attributes_66k": lambda: envelope(call("create_product", "<product>" + "".join(
        f"<attribute><name>n{index}</name><value/></attribute>" for index in range(66_000)) + "</product>")),
    "cleared_100k": lambda: envelope(call("update_product", (
        "<product_id>x</product_id><changes>" + "<clear_field>x</clear_field>" * 100_000 + "</changes>"))),
}


@pytest.mark.parametrize("name", LEFT_OVER)
def test_a_flood_of_fields_is_refused_with_a_bounded_answer(attacked, name):
    answer = attacked.post("products", LEFT_OVER[name]())
    # No answer is larger than the largest request, so that a small request cannot cause a huge answer.
    assert len(answer.content) < 4 * 1024 * 1024
    expect_client_fault(answer)


def test_a_duplicate_attribute_is_refused(attacked):
    body = envelope('<get_product xmlns="http://messo.products.soap/v1" a="1" a="2"/>')
    expect_client_fault(attacked.post("products", body), "XML_MALFORMED")


def test_an_attribute_that_is_duplicate_by_its_namespace_is_refused(attacked):
    body = envelope('<get_product xmlns:p="urn:x" xmlns:q="urn:x" p:a="1" q:a="2"/>')
    expect_client_fault(attacked.post("products", body), "XML_MALFORMED")


def test_the_largest_useful_document_is_served(attacked):
    """1,000 keys, 30 levels deep in a header, 60 attributes: all within the limits, and fine."""
    keys = "".join(f"<product_id>{'k' * 90}{index}</product_id>" for index in range(1000))
    body = envelope(
        call("list_products", f"<query>{keys}<page_size>1000</page_size></query>"),
        header=f'<x:h xmlns:x="urn:x"{attributes(60)}>{deep(28)}</x:h>')
    answer = attacked.post("products", body)
    assert answer.status_code == 200, answer.text[:500]


def test_a_flood_of_fields_to_clear_in_a_row_that_is_there_is_refused_with_a_bounded_answer(attacked):
    attacked.product("FLOOD")
    changes = "<changes>" + "<clear_field>x</clear_field>" * 100_000 + "</changes>"
    answer = attacked.soap("products", "update_product", "<product_id>FLOOD</product_id>" + changes)
    assert SOAPFault(answer).code == "VALIDATION" and len(answer.content) < 100_000
    assert attacked.call("products", "get_product", "<product_id>FLOOD</product_id>").findtext("{*}revision") == "1"


def test_as_many_attributes_as_are_allowed_are_read_back(attacked):
    attributes = "".join(f"<attribute><name>n{index}</name><value>v</value></attribute>" for index in range(1000))
    product = xml(product_id="MANY", name="Cup", sku="MANY", price="1")
    attacked.call("products", "create_product", f"<product>{product}{attributes}</product>")
    row = attacked.call("products", "get_product", "<product_id>MANY</product_id>")
    assert len(row.findall("{*}attribute")) == 1000
