"""The fault for a message with several problems, and for a SOAPAction that does not name the operation."""
import pytest

from site_client import SOAPFault
from soap_attack import MEDIA_TYPE, call, envelope, expect_client_fault, new_product

pytestmark = pytest.mark.usefixtures("in_time")

MISMATCHES = [
    "delete_product", '"http://messo.products.soap/v1/delete_product"', "http://messo.products.soap#delete_product",
    "get_productx", "GET_PRODUCT", '"urn:x"', '"http://messo.products.soap/v1/get_product/x"',
]


@pytest.mark.parametrize("action", MISMATCHES)
def test_an_action_that_is_another_operation_is_refused(attacked, action):
    expect_client_fault(attacked.post("products", envelope(), SOAPAction=action), "ACTION_MISMATCH")


@pytest.mark.parametrize("action", ["delete_product", "http://messo.products.soap/v1/delete_product"])
def test_the_action_parameter_of_soap_12_must_be_the_operation_too(attacked, action):
    content_type = f'{MEDIA_TYPE[12]}; action="{action}"'
    expect_client_fault(attacked.post("products", envelope(version=12), content_type), "ACTION_MISMATCH", 12)


def test_markup_in_an_action_comes_back_as_text(attacked):
    answer = attacked.post("products", envelope(), SOAPAction='"<b>&x</b>"')
    fault = expect_client_fault(answer, "ACTION_MISMATCH")
    assert "<b>&x</b>" in fault.text and b"<b>" not in answer.content


def test_an_action_mismatch_does_nothing(site, attacked):
    site.product("P-1")
    body = envelope(call("delete_product", "<product_id>P-1</product_id>"))
    expect_client_fault(attacked.post("products", body, SOAPAction="get_product"), "ACTION_MISMATCH")
    assert site.sql("SELECT COUNT(*) FROM products") == [["1"]]


BAD_HEADER = '<x:h xmlns:x="urn:x" e:mustUnderstand="1"/>'
NOT_THERE = "<product_id>NONE</product_id>"


def with_action(body, action="list_products"):
    return dict(body=body, SOAPAction=action)


# Each message has the problem after which it is named, and all problems that are checked later.
ORDER = {
    "media_type": (dict(body="<broken", content_type="text/plain"), 415),
    "xml": (dict(body=envelope("<a/><b/>", header=BAD_HEADER)[:-1].replace("schemas.xmlsoap.org", "x")),
            "XML_MALFORMED"),
    "root": (dict(body=f"<x>{envelope(header=BAD_HEADER)}</x>"), "NOT_SOAP"),
    "version": (dict(body=envelope("<a/><b/>", header=BAD_HEADER).replace("schemas.xmlsoap.org", "x")),
                "VersionMismatch"),
    "must_understand": (with_action(envelope("<a/><b/>", header=BAD_HEADER)), "MustUnderstand"),
    "body": (with_action(envelope(call("frobnicate") * 2)), "BAD_BODY"),
    "operation": (with_action(envelope(call("frobnicate", "<x/>"))), "UNKNOWN_OPERATION"),
    "action": (with_action(envelope(call(content=NOT_THERE + "<x/>"))), "ACTION_MISMATCH"),
    "fields": (dict(body=envelope(call(content=NOT_THERE + "<x/>"))), "UNKNOWN_FIELD"),
    "values": (dict(body=envelope(call(
        "update_product", NOT_THERE + "<changes><price>1</price><price>1</price></changes>"))), "VALIDATION"),
    "row": (dict(body=envelope(call(content=NOT_THERE))), "NOT_FOUND"),
}


@pytest.mark.parametrize("name", ORDER)
def test_the_first_fault_in_the_order_of_checks_is_the_one_told(attacked, name):
    message, expected = ORDER[name]
    answer = attacked.post("products", **message)
    if expected == 415:
        assert answer.status_code == 415
        return
    fault = SOAPFault(answer)
    assert expected in (fault.code, fault.fault_code), fault.text


def test_a_value_is_checked_before_it_is_taken(site, attacked):
    """A row with a key that another row has and a wrong price: the price is always reported."""
    site.product("P-1")
    fault = expect_client_fault(attacked.post("products", envelope(new_product(price="x"))), "VALIDATION")
    assert "product.price" in fault.fields


def test_taken_keys_have_their_own_code(site, attacked):
    site.product("P-1", sku="S-1")
    fault = expect_client_fault(attacked.post("products", envelope(new_product())), "ALREADY_EXISTS")
    assert set(fault.fields) == {"product.product_id", "product.sku"}
