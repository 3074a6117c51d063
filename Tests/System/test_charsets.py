"""Text in other charsets than UTF-8: it is stored exactly as sent, or the request is refused."""
import gzip
import json
from urllib.parse import quote_from_bytes

import pytest
from lxml import etree

from site_client import SOAPFault, element_text, xml
from soap_attack import call, envelope, expect_client_fault, new_product

PATH = "/products/api/products/"
FORM = "application/x-www-form-urlencoded"


def table(codec):
    """Every character of a single-byte charset beyond ASCII, separated, since some would combine with the next."""
    return ".".join(["[", *bytes(range(0x80, 0x100)).decode(codec, "ignore"), "]"])


# A label, Python's codec, and a text for charsets that have no table of 256 characters.
CHARSETS = {
    **{f"windows-{number}": (f"cp{number}", None) for number in range(1250, 1259)},
    **{f"iso-8859-{number}": (f"iso8859_{number}", None) for number in (*range(1, 12), 13, 14, 15, 16)},
    **{f"ibm{number}": (f"cp{number}", None) for number in (437, 775, 850, 852, 855, 857, 858, 860, 861, 862, 866, 869)},
    "ISO_8859-1": ("latin_1", None), "Latin-9": ("iso8859_15", None), "x-cp1251": ("cp1251", None),
    "koi8-r": ("koi8_r", None), "KOI8-U": ("koi8_u", None), "windows-874": ("cp874", None),
    "macintosh": ("mac_roman", "“Café” Ærø 5 € – ◊"),
    "us-ascii": ("ascii", "Cup"),
    "utf-16": ("utf_16", "Zażółć 日本 \U0001F680"), "utf-16le": ("utf_16_le", "Zażółć 日本 \U0001F680"),
    "UTF-16BE": ("utf_16_be", "Zażółć 日本 \U0001F680"), "ucs-2": ("utf_16", "Zażółć"),
    # In these charsets, the second byte of a character can have the value of an ASCII sign, such as the backslash.
    "shift_jis": ("cp932", "表ソ能 テスト ﾃｽﾄ \\~ ①"), "windows-31j": ("cp932", "表ソ能 ～①"),
    "big5": ("cp950", "許功蓋 中文"), "gbk": ("gbk", "中文 镕 丂"), "GB2312": ("gb2312", "中文"),
    "gb18030": ("gb18030", "中文 \U0001F680 é 丂"), "euc-kr": ("cp949", "한국어 똠방각하"),
    "euc-jp": ("euc_jp", "日本語 テスト"), "iso-2022-jp": ("iso2022_jp", "日本語 テスト & =%+ x"),
}


def product(key, text):
    return {"product_id": key, "sku": key, "name": "Cup", "price": "9.90", "description": text}


def form(key, text, codec, escaped=True):
    """A form, whose text is sent as bytes or percent-encoded."""
    sent = text.encode(codec)
    if escaped:
        sent = quote_from_bytes(sent, safe="").encode()
    else:
        for sign in b"%", b"&", b"+", b" ":
            sent = sent.replace(sign, b"%%%02X" % ord(sign))
    return f"product_id={key}&sku={key}&name=Cup&price=9.90&description=".encode() + sent


def multipart(key, text, codec, *extra, head=""):
    """A multipart body; `head` is added to the head of the text's part, the only one that is not ASCII."""
    body = b""
    for name, value in product(key, text).items():
        content = value.encode(codec if name == "description" or not codec.startswith("utf_16") else "ascii")
        more = f"\r\n{head}" if name == "description" else ""
        body += f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
    for name, value in extra:
        body += f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    return body + b"--b--\r\n"


def post(site, body, content_type):
    return site.rest("POST", PATH, data=body, headers={"Content-Type": content_type})


def bodies(label, codec, text):
    """The ways to send a text: the row's key, the body and its Content-Type."""
    yield "J", json.dumps(product("J", text), ensure_ascii=False).encode(codec), f"application/json; charset={label}"
    part = f"Content-Type: text/plain; charset={label}"
    yield "P", multipart("P", text, codec, head=part), "multipart/form-data; boundary=b"
    yield "Q", multipart("Q", text, codec, head=part), "multipart/form-data; boundary=b; charset=iso-8859-7"
    if codec.startswith("utf_16"):
        whole = form("U", text, "utf-8").decode().encode(codec)
        yield "U", whole, f"{FORM}; charset={label}"
        return
    yield "E", form("E", text, codec), f'{FORM}; charset="{label}"'
    yield "C", form("C", text, codec) + b"&_charset_=" + label.encode(), FORM
    yield "M", multipart("M", text, codec), f"multipart/form-data; boundary=b; charset={label}"
    yield "N", multipart("N", text, codec, ("_charset_", label)), "multipart/form-data; boundary=b"
    if codec == "iso2022_jp":
        # In ISO-2022-JP, ASCII bytes between escape sequences are halves of characters, so the body is decoded first.
        signs = text.translate({ord("&"): "%26", ord("="): "%3D", ord("+"): "%2B", ord("%"): "%25"})
        yield "R", form("R", "", "ascii") + signs.encode(codec), f"{FORM}; charset={label}"
    else:
        yield "R", form("R", text, codec, escaped=False), f"{FORM}; charset={label}"


@pytest.mark.parametrize("label", CHARSETS)
def test_a_text_arrives_letter_by_letter(site, attacked, label):
    codec, text = CHARSETS[label]
    text = text or table(codec)
    keys = []
    for key, body, content_type in bodies(label, codec, text):
        answer = post(attacked, body, content_type)
        assert answer.status_code == 201, (key, answer.text)
        assert answer.json()["description"] == text, key
        assert site.rest("GET", f"{PATH}{answer.json()['id']}/").json()["description"] == text, key
        assert element_text(site.call("products", "get_product", xml(product_id=key)), "description") == text, key
        keys.append(key)
    # The database is read directly: REST and SOAP might both show a wrong text in the same way.
    assert site.sql("SELECT product_id, HEX(description) FROM products ORDER BY 1") == [
        [key, text.encode().hex().upper()] for key in sorted(keys)]


# The charsets that are tested in SOAP; the others use the same tables.
IN_SOAP = ["windows-1252", "windows-1251", "windows-1250", "iso-8859-2", "iso-8859-15", "koi8-r", "ibm852", "shift_jis",
           "GB2312", "ISO_8859-1", "macintosh"]


@pytest.mark.parametrize("by", ["header", "declaration", "header_over_declaration"])
@pytest.mark.parametrize("label", IN_SOAP)
def test_a_text_arrives_by_soap_letter_by_letter(site, attacked, label, by):
    codec, text = CHARSETS[label]
    text = text or table(codec)
    declared = {"header": "", "declaration": f'<?xml version="1.0" encoding="{label}"?>',
                "header_over_declaration": '<?xml version="1.0" encoding="iso-8859-7"?>'}[by]
    body = envelope(new_product(description=text), before=declared).encode(codec)
    answer = attacked.post("products", body, "text/xml" if by == "declaration" else f"text/xml; charset={label}")
    assert answer.status_code == 200, answer.text
    assert element_text(etree.fromstring(answer.content).find(".//{*}result"), "description") == text
    assert site.sql("SELECT HEX(description) FROM products") == [[text.encode().hex().upper()]]
    (row,) = site.rest("GET", PATH).json()["results"]
    assert site.rest("GET", f"{PATH}{row['id']}/").json()["description"] == text


@pytest.mark.parametrize("by", ["header", "declaration"])
def test_the_byte_order_mark_of_utf_8_wins_over_the_label_of_another_table(site, attacked, by):
    """RFC 7303 §3: "a BOM … is authoritative if it is present in an XML MIME entity"."""
    for number, label in enumerate(["iso-8859-1", "windows-1252", "us-ascii", "utf-8"]):
        declared = f'<?xml version="1.0" encoding="{label}"?>' if by == "declaration" else ""
        body = envelope(new_product(product_id=f"P-{number}", sku=f"S-{number}", name="Zażółć"), before=declared)
        answer = attacked.post(
            "products", b"\xef\xbb\xbf" + body.encode(), "text/xml" if declared else f"text/xml; charset={label}")
        assert answer.status_code == 200, answer.text
    assert site.sql("SELECT DISTINCT HEX(name) FROM products") == [["Zażółć".encode().hex().upper()]]


NOT_UTF_8 = "The body is not UTF-8, and it declares no other charset."


def unsupported(label):
    return f'Unsupported charset "{label}" in request.'


def invalid(label):
    return f'The body is not valid in the charset "{label}" that it declares.'


NOT_ASCII = "The boundaries and headers of multipart/form-data must be ASCII, whatever the charset of the fields."


def json_body(text, codec):
    return json.dumps(product("P", text), ensure_ascii=False).encode(codec)


# The body, its Content-Type, and the message.
REFUSED = {
    "json_utf_7": (json_body("Cup", "utf-7"), "application/json; charset=utf-7", unsupported("utf-7")),
    "json_utf_32": (json_body("Cup", "utf-32"), "application/json; charset=UTF-32", unsupported("UTF-32")),
    "json_ebcdic": (json_body("Cup", "cp037"), "application/json; charset=cp037", unsupported("cp037")),
    "json_iso_2022_kr": (json_body("Cup", "ascii"), "application/json; charset=iso-2022-kr", unsupported("iso-2022-kr")),
    "json_hz": (json_body("中文", "hz"), "application/json; charset=hz-gb-2312", unsupported("hz-gb-2312")),
    "json_unknown": (json_body("Café", "latin_1"), "application/json; charset=x-foo", unsupported("x-foo")),
    "json_long": (json_body("Café", "latin_1"), "application/json; charset=" + "x" * 5000, unsupported("x" * 40)),
    "json_shift_jis": (json_body("Café", "latin_1"), "application/json; charset=shift_jis", invalid("shift_jis")),
    "json_cp1252": (json_body("A\x81", "latin_1"), "application/json; charset=windows-1252", invalid("windows-1252")),
    "json_ascii": (json_body("Café", "utf-8"), "application/json; charset=us-ascii", invalid("us-ascii")),
    "json_utf_16_odd": (json_body("Cup", "utf-16")[:-1], "application/json; charset=utf-16", invalid("utf-16")),
    "json_translit": (json_body("Café", "cp1252"), "application/json; charset=cp1252//IGNORE", unsupported("cp1252//IGNORE")),
    "form_bytes": (form("P", "Café", "latin_1", escaped=False), FORM, NOT_UTF_8),
    "form_escapes": (form("P", "Café", "latin_1"), FORM, NOT_UTF_8),
    "form_utf_8": (form("P", "Café", "latin_1"), FORM + "; charset=utf-8", invalid("utf-8")),
    "form_unknown": (form("P", "Café", "latin_1"), FORM + "; charset=x-foo", unsupported("x-foo")),
    "form_utf_7": (form("P", "Café", "utf-7"), FORM + "; charset=utf-7", unsupported("utf-7")),
    "form_iso_8859_7": (b"name=%AE", FORM + "; charset=iso-8859-7", invalid("iso-8859-7")),
    "form_cut_short": (b"name=%83", FORM + "; charset=sjis", invalid("sjis")),
    "form_charset_field": (form("P", "Café", "utf-7") + b"&_charset_=utf-7", FORM, unsupported("utf-7")),
    "form_charset_field_empty": (form("P", "Café", "latin_1") + b"&_charset_=", FORM, NOT_UTF_8),
    "multipart_bytes": (multipart("P", "Café", "latin_1"), "multipart/form-data; boundary=b", NOT_UTF_8),
    "multipart_request": (multipart("P", "Café", "latin_1"), "multipart/form-data; boundary=b; charset=utf-8",
                          invalid("utf-8")),
    "multipart_part": (multipart("P", "Café", "latin_1", head="Content-Type: text/plain; charset=euc-kr"),
                       "multipart/form-data; boundary=b; charset=iso-8859-1", invalid("euc-kr")),
    "multipart_part_utf_7": (multipart("P", "Café", "utf-7", head="Content-Type: text/plain; charset=utf-7"),
                             "multipart/form-data; boundary=b", unsupported("utf-7")),
    # These bytes are Ăā in UTF-8, and "Ab" and more in EBCDIC.
    "multipart_part_ebcdic": (multipart("P", "Ăā", "utf-8", head="Content-Type: text/plain; charset=IBM500"),
                              "multipart/form-data; boundary=b", unsupported("IBM500")),
    "multipart_charset_field": (multipart("P", "Café", "utf-8", ("_charset_", "x-ebcdic-germany")),
                                "multipart/form-data; boundary=b", unsupported("x-ebcdic-germany")),
    "form_ascii": (b"product_id=P&sku=S&name=Cup&price=1.00", FORM + "; charset=utf-16", invalid("utf-16")),
    "form_escaped_charset_field": (form("P", "Café", "utf-7") + b"&%5Fcharset%5f=utf-7", FORM, unsupported("utf-7")),
    "multipart_utf_16": (multipart("P", "Café", "utf-8").decode().encode("utf-16"),
                         "multipart/form-data; boundary=b; charset=utf-16", NOT_ASCII),
    "multipart_utf_16_undeclared": (multipart("P", "Café", "utf-8").decode().encode("utf-16-le"),
                                    "multipart/form-data; boundary=b", NOT_ASCII),
    "multipart_coded": (multipart("P", "Q2Fmw6k=", "utf-8", head="content-transfer-encoding:  Base64 "),
                        "multipart/form-data; boundary=b", 'Unsupported Content-Transfer-Encoding "base64" in request.'),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_damaged_is_refused_and_nothing_stored(site, attacked, name):
    body, content_type, message = REFUSED[name]
    answer = post(attacked, body, content_type)
    assert (answer.status_code, answer.json()) == (415, {"detail": message})
    assert answer.headers["X-Error-Code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


@pytest.mark.parametrize("coding", ["gzip", "br", "x-deflate", "gzip, identity", "none"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_packed_body_is_refused_by_its_coding(site, coding, method):
    made = site.product("P-1")
    path = PATH if method == "POST" else f"{PATH}{made['id']}/"
    body = gzip.compress(form("P", "Café", "utf-8"))
    answer = site.rest(method, path, data=body, headers={"Content-Type": FORM, "Content-Encoding": coding})
    assert (answer.status_code, answer.json()) == (
        415, {"detail": f'Unsupported Content-Encoding "{coding}" in request.'})
    assert site.sql("SELECT product_id, name FROM products") == [["P-1", "P-1"]]


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_a_body_that_is_not_packed_may_say_so(site, coding):
    answer = site.rest("POST", PATH, data=form("P", "Café", "utf-8"),
                       headers={"Content-Type": FORM, "Content-Encoding": coding})
    assert answer.status_code == 201


@pytest.mark.parametrize("label", ["no-such-charset", "", '""', "utf8", "UTF_8", "utf8mb4"])
@pytest.mark.parametrize("carrier", ["json", "form", "multipart"])
def test_a_label_that_nobody_knows_is_utf_8(site, attacked, carrier, label):
    body, kind = {
        "json": (json_body("Café", "utf-8"), "application/json"), "form": (form("P", "Café", "utf-8"), FORM),
        "multipart": (multipart("P", "Café", "utf-8"), "multipart/form-data; boundary=b"),
    }[carrier]
    answer = post(attacked, body, f"{kind}; charset={label}")
    assert answer.status_code == 201, answer.text
    assert answer.json()["description"] == "Café"


@pytest.mark.parametrize("label", ["utf-7", "utf-32", "cp037", "ebcdic-us", "iso-2022-kr", "hz", "x-foo", "cp1252//IGNORE"])
@pytest.mark.parametrize("by", ["header", "declaration"])
def test_soap_refuses_other_charsets_by_their_name(site, attacked, label, by):
    declared = f'<?xml version="1.0" encoding="{label}"?>' if by == "declaration" else ""
    answer = attacked.post(
        "products", envelope(new_product(), before=declared), f'text/xml; charset="{label}"' if not declared else "text/xml")
    assert label in expect_client_fault(answer, "XML_ENCODING").text
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


@pytest.mark.parametrize("label, byte", [("windows-1252", b"\x81"), ("iso-8859-7", b"\xae"), ("shift_jis", b"\x95")])
def test_soap_refuses_bytes_that_the_charset_does_not_have(site, attacked, label, byte):
    body = envelope(new_product(name="@")).encode().replace(b"@", byte)
    answer = attacked.post("products", body, f"text/xml; charset={label}")
    assert label in expect_client_fault(answer, "XML_ENCODING").text
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


# Parameters of media types

ACTION = "http://messo.products.soap/v1/get_product"


@pytest.mark.parametrize("parameters, code", [
    (f'; action="{ACTION}"', "NOT_FOUND"), (f' ; ACTION="{ACTION}" ; x=y', "NOT_FOUND"),
    (f'; x="a;b, c=\\"d"; action="{ACTION}"', "NOT_FOUND"), (r'; action="get\_product"', "NOT_FOUND"),
    ('; action="urn:get_product"', "NOT_FOUND"),
    # If the parameter were cut at the semicolon inside its quotes, it would name the operation.
    (f'; action="{ACTION};x"', "ACTION_MISMATCH"), (f'; action="{ACTION},x"', "ACTION_MISMATCH"),
    (f'; x="; action={ACTION}"; action="delete_product"', "ACTION_MISMATCH"),
    ('; charset="utf-8;x"', "XML_ENCODING"), (';charset="utf\\-8"', "NOT_FOUND"),
    ('; x="; charset=utf-7"', "NOT_FOUND"), ('; x="\u0301; charset=utf-7"; y="', "NOT_FOUND"),
])
def test_parameters_are_read_with_their_quotes(attacked, parameters, code):
    answer = attacked.post(
        "products", envelope(version=12), ("application/soap+xml" + parameters).encode())
    assert SOAPFault(answer).code == code, answer.text


@pytest.mark.parametrize("action", [
    "urn:get_product", "urn:messo:get_product", "'get_product'", f"'{ACTION}'", "'urn:get_product'", '"urn:get_product"',
])
def test_the_last_segment_of_an_action_counts(attacked, action):
    assert SOAPFault(attacked.post("products", envelope(), SOAPAction=action)).code == "NOT_FOUND"


@pytest.mark.parametrize("action", ["urn:delete_product", "urn:get_product:v1", "'delete_product'"])
def test_another_last_segment_is_another_operation(attacked, action):
    expect_client_fault(attacked.post("products", envelope(), SOAPAction=action), "ACTION_MISMATCH")


@pytest.mark.parametrize("boundary", ["b;c", "b, c", "b=c", 'b"c', "b\\c"])
def test_a_quoted_boundary_may_hold_signs(attacked, boundary):
    body = multipart("P", "Cup", "utf-8").replace(b"--b", b"--" + boundary.encode())
    quoted = boundary.replace("\\", "\\\\").replace('"', '\\"')
    assert post(attacked, body, f'multipart/form-data; boundary="{quoted}"; charset=utf-8').status_code == 201
    attacked.reset()


@pytest.mark.parametrize("disposition", [
    'form-data; x="; name=sku"; name="name"', 'FORM-DATA;NAME = "name"', 'form-data; name="na\\me"',
    'form-data; name="name"; x="\u0301;"', "form-data; name*=utf-8''n%61me",
])
def test_the_parameters_of_a_part_are_read_alike(site, attacked, disposition):
    body = multipart("P", "Cup", "utf-8").replace(b'form-data; name="name"', disposition.encode())
    answer = post(attacked, body, "multipart/form-data; boundary=b")
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "Cup"


@pytest.mark.parametrize("accept, status", [
    ('text/plain; x=", application/json"', 406), ('application/json; x=","', 200), ("TEXT/plain , Application/JSON", 200),
])
def test_accept_is_cut_at_the_commas_outside_quotes(attacked, accept, status):
    assert attacked.rest("GET", PATH, headers={"Accept": accept}).status_code == status
