"""Header blocks: an unknown mandatory one is refused before anything else; all others are ignored."""
import pytest
from lxml import etree

from site_client import ENVELOPE_12, SOAPFault
from soap_attack import MEDIA_TYPE, call, envelope, expect_client_fault

pytestmark = pytest.mark.usefixtures("in_time")

NEXT = {11: "http://schemas.xmlsoap.org/soap/actor/next", 12: f"{ENVELOPE_12}/role/next"}
ULTIMATE = f"{ENVELOPE_12}/role/ultimateReceiver"
ADDRESSING = "http://www.w3.org/2005/08/addressing"

# Attributes of a block, by version.
MANDATORY = {
    "mu_unknown": (11, 'e:mustUnderstand="1"'),
    "mu_true": (11, 'e:mustUnderstand="true"'),
    "mu_white_space": (11, 'e:mustUnderstand=" 1 "'),
    "mu_charref": (11, 'e:mustUnderstand="&#49;"'),
    "mu_actor_next": (11, f'e:mustUnderstand="1" e:actor="{NEXT[11]}"'),
    "mu_actor_empty": (11, 'e:mustUnderstand="1" e:actor=""'),
    "mu_12": (12, 'e:mustUnderstand="true"'),
    "mu_12_one": (12, 'e:mustUnderstand="1"'),
    "mu_12_next": (12, f'e:mustUnderstand="true" e:role="{NEXT[12]}"'),
    "mu_12_ultimate_receiver": (12, f'e:mustUnderstand="true" e:role="{ULTIMATE}"'),
    "mu_12_relay": (12, 'e:mustUnderstand="true" e:relay="true"'),
}
IGNORED = {
    "zero": (11, 'e:mustUnderstand="0"'),
    "false": (11, 'e:mustUnderstand="false"'),
    "absent": (11, ""),
    "other_actor": (11, 'e:mustUnderstand="1" e:actor="urn:somebody"'),
    "unqualified": (11, 'mustUnderstand="1"'),
    "of_the_other_version": (11, f'xmlns:f="{ENVELOPE_12}" f:mustUnderstand="1"'),
    "zero_12": (12, 'e:mustUnderstand="false"'),
    "role_none_12": (12, f'e:mustUnderstand="true" e:role="{ENVELOPE_12}/role/none"'),
    "other_role_12": (12, 'e:mustUnderstand="true" e:role="urn:somebody"'),
}


def block(attributes, name="x:transaction", namespace="urn:x"):
    return f'<{name} xmlns:x="{namespace}" {attributes}>5</{name}>'


def expect_must_understand(answer, version, name=None):
    fault = SOAPFault(answer)
    assert (answer.status_code, fault.version, fault.fault_code) == (500, version, "MustUnderstand"), answer.text
    root = etree.fromstring(answer.content)
    # SOAP 1.1 section 4.4: a fault about a header has no detail.
    assert root.find(".//detail") is None and root.find(".//{*}Detail") is None
    blocks = root.findall(f"{{{ENVELOPE_12}}}Header/{{{ENVELOPE_12}}}NotUnderstood")
    names = []
    for each in blocks:
        prefix, local = each.get("qname").split(":")
        names.append((each.nsmap[prefix], local))
    # SOAP 1.2 part 1, 5.4.8
    assert names == ([name] if version == 12 else [])


@pytest.mark.parametrize("name", MANDATORY)
def test_a_mandatory_header_that_is_unknown_is_refused(attacked, name):
    version, attributes = MANDATORY[name]
    body = envelope(call("get_service_info", ""), header=block(attributes), version=version)
    expect_must_understand(attacked.post("products", body, MEDIA_TYPE[version]), version, ("urn:x", "transaction"))


@pytest.mark.parametrize("name", IGNORED)
def test_a_header_that_is_not_for_us_or_not_mandatory_is_ignored(attacked, name):
    version, attributes = IGNORED[name]
    body = envelope(call("get_service_info", ""), header=block(attributes), version=version)
    answer = attacked.post("products", body, MEDIA_TYPE[version])
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("version", [11, 12])
def test_addressing_is_ignored_unless_it_is_mandatory(attacked, version):
    def post(attributes):
        header = f'<x:Action xmlns:x="{ADDRESSING}" {attributes}>urn:a</x:Action>'
        return attacked.post(
            "products", envelope(call("get_service_info", ""), header=header, version=version), MEDIA_TYPE[version])

    assert post("").status_code == 200
    expect_must_understand(post('e:mustUnderstand="1"'), version, (ADDRESSING, "Action"))


@pytest.mark.parametrize("version", [11, 12])
def test_the_mandatory_header_is_found_behind_others(attacked, version):
    header = block("") * 20 + block('e:mustUnderstand="0"') + block('e:mustUnderstand="1"', "x:last")
    answer = attacked.post("products", envelope(header=header, version=version), MEDIA_TYPE[version])
    expect_must_understand(answer, version, ("urn:x", "last"))


def test_a_mandatory_block_inside_a_block_is_no_header(attacked):
    inner = block('e:mustUnderstand="1"')
    header = f'<x:h xmlns:x="urn:x">{inner}</x:h>'
    assert attacked.post("products", envelope(call("get_service_info", ""), header=header)).status_code == 200


@pytest.mark.parametrize("namespace", ["urn:x?a='1'&b=2", "http://x.example/?a=1&b=2&c=3&lt;"])
def test_markup_in_the_namespace_of_a_mandatory_header_stays_text(attacked, namespace):
    header = block('e:mustUnderstand="1"', namespace=namespace.replace("&", "&amp;"))
    answer = attacked.post("products", envelope(header=header, version=12), MEDIA_TYPE[12])
    expect_must_understand(answer, 12, (namespace, "transaction"))


def test_a_mandatory_header_in_no_namespace_gets_a_well_formed_answer(attacked):
    """xmlns:n="" is not allowed (Namespaces in XML 1.0, section 2.2), so the header's name gets no prefix."""
    answer = attacked.post(
        "products", envelope(header='<transaction e:mustUnderstand="1"/>', version=12), MEDIA_TYPE[12])
    assert SOAPFault(answer).fault_code == "MustUnderstand"
    assert 'xmlns:n=""' not in answer.text


MU = block('e:mustUnderstand="1"')
# Further problems, which come later in the order of checks.
LATER = {
    "empty_body": "",
    "two_operations": call() * 2,
    "text_in_the_body": "text",
    "unknown_operation": call("frobnicate"),
    "unknown_field": call(content="<x/>"),
}


@pytest.mark.parametrize("version", [11, 12])
@pytest.mark.parametrize("name", LATER)
def test_mandatory_headers_are_checked_before_the_body(attacked, name, version):
    answer = attacked.post("products", envelope(LATER[name], header=MU, version=version), MEDIA_TYPE[version])
    expect_must_understand(answer, version, ("urn:x", "transaction"))


def test_mandatory_headers_are_checked_before_the_structure_of_the_envelope(attacked):
    """WS-I BP 1.1 R2725: VersionMismatch, MustUnderstand and Client are checked in that order."""
    body = envelope(header=MU).replace("<e:Body>", "<e:Corpus>").replace("</e:Body>", "</e:Corpus>")
    expect_must_understand(attacked.post("products", body), 11)


def test_a_malformed_document_is_refused_before_its_headers(attacked):
    expect_client_fault(attacked.post("products", envelope(header=MU)[:-1]), "XML_MALFORMED")


def test_the_version_is_checked_before_mandatory_headers(attacked):
    body = envelope(header=MU).replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:soap")
    assert SOAPFault(attacked.post("products", body)).fault_code == "VersionMismatch"


def test_a_namespace_with_a_quote_and_a_combining_mark_breaks_no_answer(attacked):
    """A quote and a combining mark are one Character in Swift, which does not equal a quote."""
    header = '<h:block xmlns:h="urn:a&quot;\u0301 x=&quot;1" e:mustUnderstand="true"/>'
    answer = attacked.post("products", envelope(header=header, version=12), MEDIA_TYPE[12])
    # The namespace is not a valid URI, which lxml tolerates only with recover.
    root = etree.fromstring(answer.content, etree.XMLParser(recover=True))
    [block] = root.iterfind(".//{*}NotUnderstood")
    assert list(block.attrib) == ["qname"] and block.nsmap["n"] == 'urn:a"\u0301 x="1'
