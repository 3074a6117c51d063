"""Documents that are not an envelope, or are an envelope with something in the wrong place."""
import pytest
from lxml import etree

from site_client import ENVELOPE_11, ENVELOPE_12, SOAPFault
from soap_attack import MEDIA_TYPE, call, envelope, expect_client_fault

pytestmark = pytest.mark.usefixtures("in_time")

WHOLE = envelope()
NO_ENVELOPES = {
    "empty": ("", "NOT_SOAP"),
    "whitespace": (" \r\n\t ", "NOT_SOAP"),
    "byte_order_mark_only": ("\ufeff", "NOT_SOAP"),
    "truncated": (WHOLE[:len(WHOLE) // 2], "XML_MALFORMED"),
    "truncated_by_a_byte": (WHOLE[:-1], "XML_MALFORMED"),
    "truncated_before_the_end_tag": (WHOLE.removesuffix("</e:Envelope>"), "XML_MALFORMED"),
    "trailing_garbage": (WHOLE + "garbage", "XML_MALFORMED"),
    "trailing_document": (WHOLE + WHOLE, "XML_MALFORMED"),
    "leading_garbage": ("garbage" + WHOLE, "XML_MALFORMED"),
    "json": ('{"get_product": {"product_id": "NONE"}}', "XML_MALFORMED"),
    "form": ("product_id=NONE", "XML_MALFORMED"),
    "crossed_tags": (envelope("<a><b></a></b>"), "XML_MALFORMED"),
    "undeclared_prefix": (envelope("<p:get_product/>"), "XML_MALFORMED"),
    "root_not_envelope": (call(), "NOT_SOAP"),
    "root_is_body": (f'<e:Body xmlns:e="{ENVELOPE_11}">{call()}</e:Body>', "NOT_SOAP"),
    "root_in_lower_case": (WHOLE.replace("e:Envelope", "e:envelope"), "NOT_SOAP"),
    "html": ("<html><body>hello</body></html>", "NOT_SOAP"),
}


@pytest.mark.parametrize("version", [11, 12])
@pytest.mark.parametrize("name", NO_ENVELOPES)
def test_what_is_no_envelope_is_answered_in_the_version_of_its_media_type(attacked, name, version):
    body, code = NO_ENVELOPES[name]
    expect_client_fault(attacked.post("products", body, MEDIA_TYPE[version]), code, version)


VERSIONS = {
    "version_future": "http://www.w3.org/2030/05/soap-envelope",
    "version_none": "",
    "version_draft": "http://www.w3.org/2001/12/soap-envelope",
    "version_without_its_slash": ENVELOPE_11.removesuffix("/"),
    "version_upper_case": ENVELOPE_11.upper(),
}


@pytest.mark.parametrize("version", [11, 12])
@pytest.mark.parametrize("name", VERSIONS)
def test_another_version_is_a_version_mismatch(attacked, name, version):
    namespace = VERSIONS[name]
    body = f'<Envelope xmlns="{namespace}"><Body>{call()}</Body></Envelope>'
    answer = attacked.post("products", body, MEDIA_TYPE[version])
    fault = SOAPFault(answer)
    assert (answer.status_code, fault.version, fault.fault_code) == (500, version, "VersionMismatch")
    root = etree.fromstring(answer.content)
    assert root.find(".//{*}service_fault") is None
    supported = root.findall(f"{{{ENVELOPE_12}}}Header/{{{ENVELOPE_12}}}Upgrade/{{{ENVELOPE_12}}}SupportedEnvelope")
    # SOAP 1.2 part 1, 5.4.7: each element names a version's Envelope by a qualified name.
    names = [(each.nsmap[each.get("qname").split(":")[0]], each.get("qname").split(":")[1]) for each in supported]
    assert names == ([] if version == 11 else [(ENVELOPE_12, "Envelope"), (ENVELOPE_11, "Envelope")])


def soap(inside, version=11):
    namespace = ENVELOPE_11 if version == 11 else ENVELOPE_12
    return f'<e:Envelope xmlns:e="{namespace}">{inside}</e:Envelope>'


CALL = call()
BODIES = {
    "body_missing": (soap(""), "BAD_ENVELOPE"),
    "body_missing_with_header": (soap("<e:Header/>"), "BAD_ENVELOPE"),
    "body_empty": (soap("<e:Body/>"), "EMPTY_BODY"),
    "body_white": (soap("<e:Body> \n</e:Body>"), "EMPTY_BODY"),
    "body_comment": (soap("<e:Body><!-- --></e:Body>"), "EMPTY_BODY"),
    "body_text": (soap("<e:Body>get_product</e:Body>"), "BAD_BODY"),
    "body_text_before": (soap(f"<e:Body>x{CALL}</e:Body>"), "BAD_BODY"),
    "body_text_after": (soap(f"<e:Body>{CALL}x</e:Body>"), "BAD_BODY"),
    "body_cdata": (soap(f"<e:Body>{CALL}<![CDATA[x]]></e:Body>"), "BAD_BODY"),
    "body_two_children": (soap(f"<e:Body>{CALL}{CALL}</e:Body>"), "BAD_BODY"),
    "body_two_operations": (soap(f"<e:Body>{CALL}{call('list_products', '')}</e:Body>"), "BAD_BODY"),
    "body_twice": (soap(f"<e:Body>{CALL}</e:Body><e:Body>{CALL}</e:Body>"), "BAD_ENVELOPE"),
    "body_wrong_ns": (soap(f'<x:Body xmlns:x="urn:x">{CALL}</x:Body>'), "BAD_ENVELOPE"),
    "body_no_ns": (soap(f"<Body>{CALL}</Body>"), "BAD_ENVELOPE"),
    "body_of_the_other_version": (soap(f'<x:Body xmlns:x="{ENVELOPE_12}">{CALL}</x:Body>'), "BAD_ENVELOPE"),
    "body_lower_case": (soap(f"<e:body>{CALL}</e:body>"), "BAD_ENVELOPE"),
    "header_after_body": (soap(f"<e:Body>{CALL}</e:Body><e:Header/>"), "BAD_ENVELOPE"),
    "header_twice": (soap(f"<e:Header/><e:Header/><e:Body>{CALL}</e:Body>"), "BAD_ENVELOPE"),
    "header_wrong_ns": (soap(f'<x:Header xmlns:x="urn:x"/><e:Body>{CALL}</e:Body>'), "BAD_ENVELOPE"),
    "after_body": (soap(f'<e:Body>{CALL}</e:Body><x xmlns="urn:x"/>'), "BAD_ENVELOPE"),
    "before_header": (soap(f'<x xmlns="urn:x"/><e:Header/><e:Body>{CALL}</e:Body>'), "BAD_ENVELOPE"),
    "envelope_text": (soap(f"x<e:Body>{CALL}</e:Body>"), "BAD_ENVELOPE"),
    "nested_envelope": (soap(f"<e:Body>{soap(f'<e:Body>{CALL}</e:Body>')}</e:Body>"), "BAD_BODY"),
    "fault_as_request": (soap(
        "<e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>x</faultstring></e:Fault></e:Body>"), "BAD_BODY"),
    "call_in_header": (soap(f"<e:Header>{CALL}</e:Header><e:Body/>"), "EMPTY_BODY"),
    "multiref_href": (soap(
        '<e:Body><get_product xmlns="http://messo.products.soap/v1"><product_id href="#id0"/></get_product>'
        '<multiRef id="id0">NONE</multiRef></e:Body>'), "BAD_BODY"),
    "multiref_href_inside": (envelope(call(content='<product_id href="#id0">x</product_id>')), "VALIDATION"),
}


@pytest.mark.parametrize("name", BODIES)
def test_an_envelope_with_something_out_of_place_is_refused(attacked, name):
    body, code = BODIES[name]
    expect_client_fault(attacked.post("products", body), code)


@pytest.mark.parametrize("name", BODIES)
def test_the_same_is_refused_in_soap_12(attacked, name):
    body, code = BODIES[name]
    other = "urn:other"
    body = body.replace(ENVELOPE_12, other).replace(ENVELOPE_11, ENVELOPE_12).replace(other, ENVELOPE_11)
    expect_client_fault(attacked.post("products", body, MEDIA_TYPE[12]), code, 12)
