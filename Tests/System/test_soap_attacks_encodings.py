"""Bytes that do not fit their declared encoding, and characters that XML does not have."""
import pytest

from site_client import element_text
from soap_attack import call, envelope, expect_client_fault, new_product
from lxml import etree

pytestmark = pytest.mark.usefixtures("in_time")

CAFE = envelope(new_product(name="Café"))


def declared(encoding, document=CAFE):
    return f'<?xml version="1.0" encoding="{encoding}"?>{document}'


def with_bytes(value):
    return envelope(call(content="<product_id>@</product_id>")).encode().replace(b"@", value)


# The document and the Content-Type.
IN_NO_ACCEPTED_ENCODING = {
    "utf8_invalid": (with_bytes(b"\xff"), "text/xml"),
    "utf8_cut_short": (with_bytes(b"\xc3"), "text/xml"),
    "utf8_overlong_less_than": (with_bytes(b"\xc0\xbc"), "text/xml"),
    "utf8_overlong_nul": (with_bytes(b"\xc0\x80"), "text/xml"),
    "utf8_overlong_slash": (with_bytes(b"\xe0\x80\xaf"), "text/xml"),
    "utf8_surrogate": (with_bytes(b"\xed\xa0\x80"), "text/xml"),
    "utf8_surrogate_pair": (with_bytes(b"\xed\xa0\xbd\xed\xb8\x80"), "text/xml"),
    "utf8_beyond_unicode": (with_bytes(b"\xf4\x90\x80\x80"), "text/xml"),
    "latin1_undeclared": (CAFE.encode("latin-1"), "text/xml"),
    "latin1_declared_as_utf8": (declared("utf-8").encode("latin-1"), "text/xml"),
    "utf16_cut_short": (CAFE.encode("utf-16")[:-1], "text/xml"),
    "utf16_lone_surrogate": (CAFE.encode("utf-16-le").replace(b"\xe9\x00", b"\x00\xd8"), "text/xml; charset=utf-16"),
    "utf32": (CAFE.encode("utf-32"), "text/xml"),
    "utf32_be": (CAFE.encode("utf-32-be"), "text/xml"),
    "utf32_declared": (declared("utf-32").encode("utf-32-le"), "text/xml"),
    "ebcdic": (declared("cp037", CAFE).encode("cp037"), "text/xml"),
    "decl_unknown": (declared("x-none").encode(), "text/xml"),
    "decl_ebcdic": (declared("IBM037").encode(), "text/xml"),
    "decl_utf7": (declared("utf-7").encode(), "text/xml"),
    "decl_utf16_in_8_bits": (declared("utf-16").encode(), "text/xml"),
    "charset_unknown": (CAFE.encode(), "text/xml; charset=x-none"),
    "charset_utf7": (CAFE.encode("utf-7"), "text/xml; charset=utf-7"),
    "charset_utf32": (CAFE.encode("utf-32"), "text/xml; charset=utf-32"),
    "charset_ascii": (CAFE.encode(), "text/xml; charset=us-ascii"),
    "charset_utf8_but_latin1": (declared("iso-8859-1").encode("latin-1"), "text/xml; charset=utf-8"),
    "charset_path": (CAFE.encode(), 'text/xml; charset="../../etc/passwd"'),
}


@pytest.mark.parametrize("name", IN_NO_ACCEPTED_ENCODING)
def test_an_encoding_that_is_not_accepted_or_not_kept_is_refused(attacked, name):
    body, content_type = IN_NO_ACCEPTED_ENCODING[name]
    expect_client_fault(attacked.post("products", body, content_type), "XML_ENCODING")


@pytest.mark.parametrize("charset, encoding", [
    ("utf-16", "utf-8"), ("utf-16le", "utf-8"), ("utf-16be", "utf-8"), ("utf-8", "utf-16"),
])
def test_a_charset_of_the_wrong_width_is_refused(attacked, charset, encoding):
    expect_client_fault(attacked.post("products", CAFE.encode(encoding), f"text/xml; charset={charset}"))


NOT_XML = {
    "nul_byte": b"\x00",
    "nul_charref": b"&#0;",
    "nul_charref_hex": b"&#x0;",
    "control_byte": b"\x0b",
    "control_byte_1f": b"\x1f",
    "control_charref": b"&#11;",
    "control_charref_hex": b"&#x1F;",
    "surrogate_charref": b"&#xD800;",
    "surrogate_pair_charrefs": b"&#55357;&#56832;",
    "noncharacter_charref": b"&#xFFFF;",
    "noncharacter_byte": "\uFFFE".encode(),
    "beyond_unicode": b"&#x110000;",
    "overflowing_charref": b"&#x100000041;",
    "charref_without_end": b"&#65",
    "charref_negative": b"&#-65;",
    "ampersand": b"&",
    "cdata_end": b"]]>",
}


@pytest.mark.parametrize("name", NOT_XML)
def test_a_character_that_xml_does_not_have_is_refused(attacked, name):
    expect_client_fault(attacked.post("products", with_bytes(NOT_XML[name])), "XML_MALFORMED")


BAD_DECLARATIONS = {
    "version_1.1": '<?xml version="1.1"?>',
    "version_2.0": '<?xml version="2.0"?>',
    "no_version": '<?xml encoding="utf-8"?>',
    "unquoted": "<?xml version=1.0?>",
    "upper_case": '<?XML version="1.0"?>',
    "twice": '<?xml version="1.0"?><?xml version="1.0"?>',
    "after_a_space": ' <?xml version="1.0"?>',
    "after_a_comment": '<!-- --><?xml version="1.0"?>',
    "standalone_maybe": '<?xml version="1.0" standalone="maybe"?>',
    "not_closed": '<?xml version="1.0"',
    "encoding_empty": '<?xml version="1.0" encoding=""?>',
}


@pytest.mark.parametrize("name", BAD_DECLARATIONS)
def test_a_bad_declaration_is_refused(attacked, name):
    answer = attacked.post("products", envelope(before=BAD_DECLARATIONS[name]))
    assert expect_client_fault(answer).code in ("XML_MALFORMED", "XML_FORBIDDEN", "XML_ENCODING")


# The charset of the HTTP header wins over everything in the document (RFC 7303 section 3.2).
ACCEPTED = {
    "utf8": (CAFE.encode(), "text/xml; charset=utf-8", "Café"),
    "charset_upper_case": (CAFE.encode(), "text/xml; charset=UTF-8", "Café"),
    "charset_quoted": (CAFE.encode(), 'text/xml; charset="utf-8"', "Café"),
    "charset_parameter_upper_case": (CAFE.encode("latin-1"), "text/xml; CHARSET=ISO-8859-1", "Café"),
    "charset_with_another_parameter": (CAFE.encode("latin-1"), "text/xml; a=b; charset=iso-8859-1", "Café"),
    "charset_wins_over_latin1": (declared("iso-8859-1").encode(), "text/xml; charset=utf-8", "Café"),
    "charset_wins_over_utf8": (declared("utf-8").encode(), "text/xml; charset=iso-8859-1", "CafÃ©"),
    "charset_wins_over_unknown": (declared("x-none").encode(), "text/xml; charset=utf-8", "Café"),
    "charset_wins_over_utf16": (declared("utf-16").encode(), "text/xml; charset=utf-8", "Café"),
    "utf16_without_mark": (CAFE.encode("utf-16-be"), "text/xml; charset=utf-16be", "Café"),
    "windows_1252_declared": (declared("windows-1252").encode("cp1252"), "text/xml", "Café"),
    "utf16_declared": (declared("utf-16").encode("utf-16"), "text/xml", "Café"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_charset_of_the_header_wins(site, attacked, name):
    body, content_type, expected = ACCEPTED[name]
    answer = attacked.post("products", body, content_type)
    assert answer.status_code == 200, answer.text
    assert element_text(etree.fromstring(answer.content).find(".//{*}result"), "name") == expected
    assert attacked.sql("SELECT HEX(name) FROM products") == [[expected.encode().hex().upper()]]
