"""Envelopes as clients of the original server write them, without namespaces, in any order and encoding."""
import pytest
from lxml import etree

from site_client import ENVELOPE_11, ENVELOPE_12, SOAPFault, element_text
from soap_attack import expect_client_fault

V1 = "http://messo.products.soap/v1"
LEGACY = "http://messo.products.soap/"
INSTANCE = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
ENCODING = 'soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'


def legacy(call, header="", attributes="", envelope=ENVELOPE_11):
    return (
        f'<soap:Envelope xmlns:soap="{envelope}"{attributes}>{header}<soap:Body>{call}</soap:Body></soap:Envelope>')


DOCUMENTED = legacy("<get_product><product_id>PROD001</product_id></get_product>")
DECLARED = '<?xml version="1.0" encoding="{}"?>\n' + DOCUMENTED

# The bytes, the Content-Type, further headers, and the namespace of the answer's wrapper.
FORMS = {
    "no_namespace": (DOCUMENTED, "text/xml", {}, ""),
    "v1_namespace": (legacy(f'<get_product xmlns="{V1}"><product_id>PROD001</product_id></get_product>'),
                     "text/xml", {}, V1),
    "legacy_namespace": (legacy(f'<get_product xmlns="{LEGACY}"><product_id>PROD001</product_id></get_product>'),
                         "text/xml", {}, LEGACY),
    "rpc_v1_wrapper_bare_parts": (
        legacy(f'<m:get_product xmlns:m="{V1}"><product_id>PROD001</product_id></m:get_product>'), "text/xml", {}, V1),
    "rpc_legacy_wrapper_bare_parts": (
        legacy(f'<m:get_product xmlns:m="{LEGACY}"><product_id>PROD001</product_id></m:get_product>'),
        "text/xml", {}, LEGACY),
    "legacy_wrapper_v1_parts": (
        legacy(f'<get_product xmlns="{LEGACY}"><product_id xmlns="{V1}">PROD001</product_id></get_product>'),
        "text/xml", {}, LEGACY),
    "bare_wrapper_v1_parts": (
        legacy(f'<get_product><product_id xmlns="{V1}">PROD001</product_id></get_product>'), "text/xml", {}, ""),
    "xsi_type": (
        legacy('<get_product><product_id xsi:type="xsd:string">PROD001</product_id></get_product>',
               attributes=" " + INSTANCE), "text/xml", {}, ""),
    "encoding_style": (
        legacy(f'<get_product {ENCODING}><product_id>PROD001</product_id></get_product>', attributes=" " + ENCODING),
        "text/xml", {}, ""),
    "unknown_attributes": (
        legacy('<get_product id="o0" root="1"><product_id x="y">PROD001</product_id></get_product>',
               attributes=' z="1"'), "text/xml", {}, ""),
    "comments": (
        legacy("<!-- a --><get_product><!-- b --><product_id>PROD<!-- c -->001</product_id></get_product>"),
        "text/xml", {}, ""),
    "cdata": (legacy("<get_product><product_id><![CDATA[PROD001]]></product_id></get_product>"), "text/xml", {}, ""),
    "white_space": (
        legacy("\r\n  <get_product>\n\t<product_id>PROD001</product_id>\n</get_product>\n ") + "\n\n",
        "text/xml", {}, ""),
    "declaration": (DECLARED.format("UTF-8"), "text/xml; charset=utf-8", {}, ""),
    "byte_order_mark": ("\ufeff" + DECLARED.format("utf-8"), "text/xml", {}, ""),
    "utf_16": (DECLARED.format("UTF-16").encode("utf-16"), "text/xml", {}, ""),
    "utf_16_charset": (DOCUMENTED.encode("utf-16"), "text/xml; charset=utf-16", {}, ""),
    "iso_8859_1": (DECLARED.format("ISO-8859-1").encode("latin-1"), "text/xml", {}, ""),
    "iso_8859_1_charset": (DOCUMENTED.encode("latin-1"), "text/xml; charset=ISO-8859-1", {}, ""),
    "application_xml": (DOCUMENTED, "application/xml", {}, ""),
    "empty_header": (legacy("<get_product><product_id>PROD001</product_id></get_product>", "<soap:Header/>"),
                     "text/xml", {}, ""),
    "ignored_header": (
        legacy("<get_product><product_id>PROD001</product_id></get_product>",
               "<soap:Header><session>5</session></soap:Header>"), "text/xml", {}, ""),
    "soap_12": (legacy("<get_product><product_id>PROD001</product_id></get_product>", envelope=ENVELOPE_12),
                "application/soap+xml", {}, ""),
    "soap_12_legacy_namespace": (
        legacy(f'<m:get_product xmlns:m="{LEGACY}"><product_id>PROD001</product_id></m:get_product>',
               envelope=ENVELOPE_12), "application/soap+xml; charset=utf-8", {}, LEGACY),
} | {
    f"action_{name}": (DOCUMENTED, "text/xml", {"SOAPAction": action}, "")
    for name, action in {
        "of_the_original": "get_product", "quoted": '"get_product"', "empty": "", "empty_quoted": '""',
        "uri": f'"{V1}/get_product"', "uri_unquoted": f"{V1}/get_product", "uri_twice_quoted": f'""{V1}/get_product""',
        "uri_hash": f'"{V1}#get_product"', "legacy_uri": f'"{LEGACY}get_product"',
        "legacy_hash": f"{LEGACY}#get_product",
        "padded": '" get_product "', "namespace_only": f'"{V1}"', "legacy_namespace_only": f'"{LEGACY}"',
    }.items()
} | {
    f"soap_12_action_{name}": (
        legacy("<get_product><product_id>PROD001</product_id></get_product>", envelope=ENVELOPE_12),
        "application/soap+xml" + parameter, headers, "")
    for name, (parameter, headers) in {
        "parameter": (f'; action="{V1}/get_product"', {}), "parameter_bare": ("; action=get_product", {}),
        "parameter_empty": ('; action=""', {}), "header": ("", {"SOAPAction": '"get_product"'}),
    }.items()
}


@pytest.fixture
def shop(site):
    site.product("PROD001", price="19.90")
    return site


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_the_originals_clients_is_answered_in_its_namespace(shop, name):
    body, content_type, headers, namespace = FORMS[name]
    answer = shop.post("products", body, content_type, **headers)
    assert answer.status_code == 200, answer.text
    version = ENVELOPE_12 if name.startswith("soap_12") else ENVELOPE_11
    wrapper = etree.fromstring(answer.content).find(f"{{{version}}}Body/*")
    qualified = f"{{{namespace}}}" if namespace else ""
    assert wrapper.tag == f"{qualified}get_productResponse"
    assert [child.tag for child in wrapper] == [f"{qualified}result"]
    assert wrapper.findtext(f"{qualified}result/{qualified}price") == "19.90"
    assert {each.tag.rpartition("}")[0] for each in wrapper.iter()} == {qualified[:-1]}


def test_text_matching_works_on_the_answer(shop):
    """Old scripts search for tags without regard to namespaces."""
    answer = shop.post("products", DOCUMENTED, "text/xml")
    for text in ("<get_productResponse>", "<result>", "<product_id>PROD001</product_id>", "</get_productResponse>"):
        assert text in answer.text


def test_elements_may_come_in_any_order(site):
    fields = ["<price>9.90</price>", "<name>Cup</name>", "<sku>S-1</sku>", "<stock_quantity>5</stock_quantity>",
              "<product_id>P-1</product_id>"]
    body = legacy(f"<create_product><product>{''.join(fields)}</product></create_product>")
    assert site.post("products", body, "text/xml").status_code == 200
    change = legacy("<update_product><changes><name>Mug</name></changes><product_id>P-1</product_id></update_product>")
    assert site.post("products", change, "text/xml").status_code == 200
    assert site.sql("SELECT product_id, sku, name, price, stock_quantity FROM products") == [
        ["P-1", "S-1", "Mug", "9.90", "5"]]


def get(inside):
    return legacy(f"<get_product>{inside}</get_product>", attributes=" " + INSTANCE)


# The document, the code, and the field in the fault.
REFUSED = {
    "unknown_field": (get("<product_id>PROD001</product_id><zzz>1</zzz>"), "UNKNOWN_FIELD", "zzz"),
    "unknown_field_of_a_list": (legacy("<list_products><limit>1</limit></list_products>"), "UNKNOWN_FIELD", "limit"),
    "field_with_a_suffix": (get("<my_product_id_x>PROD001</my_product_id_x>"), "VALIDATION", "my_product_id_x"),
    "duplicate_field": (get("<product_id>PROD001</product_id>" * 2), "VALIDATION", "product_id"),
    "duplicate_field_in_two_namespaces": (
        get(f'<product_id>PROD001</product_id><product_id xmlns="{V1}">x</product_id>'), "VALIDATION", "product_id"),
    "foreign_namespace": (get('<product_id xmlns="urn:x">PROD001</product_id>'), "VALIDATION", "product_id"),
    "namespace_of_another_service": (
        get('<product_id xmlns="http://messo.orders.soap/">PROD001</product_id>'), "VALIDATION", "product_id"),
    "missing_field": (get(""), "VALIDATION", "product_id"),
    "nil_true": (get('<product_id xsi:nil="true"/>'), "VALIDATION", "product_id"),
    "nil_one": (get('<product_id xsi:nil="1"/>'), "VALIDATION", "product_id"),
    "href": (get('<product_id href="#id0"/>'), "VALIDATION", "product_id"),
    "positional": (get("<param0>PROD001</param0>"), "VALIDATION", "param0"),
    "positional_of_soap_lite": (get("<c-gensym3>PROD001</c-gensym3>"), "VALIDATION", "c-gensym3"),
    "element_in_the_value": (get("<product_id><id>PROD001</id></product_id>"), "VALIDATION", "product_id"),
    "foreign_wrapper": (legacy('<get_product xmlns="urn:x"><product_id>PROD001</product_id></get_product>'),
                        "UNKNOWN_OPERATION", None),
    "legacy_namespace_without_its_slash": (
        legacy('<get_product xmlns="http://messo.products.soap"><product_id>PROD001</product_id></get_product>'),
        "UNKNOWN_OPERATION", None),
    "unknown_operation": (legacy("<frobnicate/>"), "UNKNOWN_OPERATION", None),
    "not_found": (get("<product_id>no-such</product_id>"), "NOT_FOUND", None),
    "padded_key": (get("<product_id> PROD001 </product_id>"), "NOT_FOUND", None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_meant_by_leniency_is_refused(shop, name):
    body, code, field = REFUSED[name]
    answer = shop.post("products", body, "text/xml")
    fault = expect_client_fault(answer, code)
    assert field is None or field in fault.fields
    # The typed detail is in v1's namespace, whatever the request's is.
    assert etree.fromstring(answer.content).find(f".//{{{V1}}}service_fault") is not None


@pytest.mark.parametrize("namespace", ["", "urn:x", "http://schemas.xmlsoap.org/soap/envelope"])
def test_an_envelope_in_no_or_a_wrong_namespace_is_refused(shop, namespace):
    answer = shop.post("products", DOCUMENTED.replace(ENVELOPE_11, namespace).replace('xmlns:soap=""', "").replace(
        "soap:", "" if not namespace else "soap:"), "text/xml")
    assert (answer.status_code, SOAPFault(answer).fault_code) == (500, "VersionMismatch"), answer.text


def test_a_fault_about_a_legacy_request_is_unqualified_where_soap_11_says_so(shop):
    fault = etree.fromstring(shop.post("products", get(""), "text/xml").content).find(".//{*}Fault")
    assert [child.tag for child in fault] == ["faultcode", "faultstring", "detail"]


@pytest.mark.parametrize("text", ["A & B <c>", "Zażółć gęślą jaźń", "\U0001F680 rocket", "]]>", "\"quoted\" 'twice'"])
def test_what_the_original_broke_arrives_whole(shop, text):
    """The original server escaped nothing, so that a product `A & B <c>` made its answer invalid XML."""
    shop.product("P-2", description=text)
    answer = shop.post("products", get("<product_id>P-2</product_id>"), "text/xml")
    assert element_text(etree.fromstring(answer.content).find(".//{*}result"), "description") == text
