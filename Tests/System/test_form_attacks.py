"""Hostile forms, query strings and paths: they are read as plain text, and their size is limited."""
import socket

import pytest

PATH = "/products/api/products/"
FIELDS = "product_id=P-1&sku=S-1&price=9.90"
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.usefixtures("in_time")


def post(site, body, content_type=FORM):
    data = body if isinstance(body, bytes) else body.encode()
    return site.rest("POST", PATH, data=data, headers={"Content-Type": content_type})


def multipart(*parts, boundary="b", end=b"--b--\r\n"):
    """The bytes of a multipart body; each part is its head and its content."""
    body = b""
    for head, content in parts:
        body += b"--%b\r\n%b\r\n\r\n%b\r\n" % (boundary.encode(), head.encode(), content)
    return body + end


def field(name, content):
    return f'Content-Disposition: form-data; name="{name}"', content


PARTS = [field("product_id", b"P-1"), field("sku", b"S-1"), field("price", b"9.90")]

# The name sent in a form, and the name stored.
NAMES = {
    "emoji": ("%F0%9F%9A%80", "\U0001F680"),
    "emoji_as_bytes": ("\U0001F680", "\U0001F680"),
    "plus": ("a+b%2Bc", "a b+c"),
    "percent": ("100%", "100%"),
    "percent_and_no_digits": ("%zz%1", "%zz%1"),
    "percent_twice": ("%2541", "%41"),
    "markup": ("%3Cb%3E%26", "<b>&"),
    "equals": ("a=b==", "a=b=="),
    "semicolon": ("a;b", "a;b"),
    "line_break": ("a%0D%0Ab", "a\r\nb"),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_form_is_stored_exactly(site, attacked, name):
    sent, stored = NAMES[name]
    answer = post(attacked, FIELDS + "&name=" + sent)
    assert answer.status_code == 201, answer.text
    assert site.sql("SELECT HEX(name) FROM products") == [[stored.encode().hex().upper()]]


@pytest.mark.parametrize("sent, message", [
    ("a%00b", "Null characters are not allowed."), ("", "This field may not be blank."),
    ("+%C2%A0%E3%80%80", "This field may not be blank."),
    ("n" * 256, "Ensure this field has no more than 255 characters."),
])
def test_a_bad_text_of_a_form_is_refused(site, attacked, sent, message):
    answer = post(attacked, FIELDS + "&name=" + sent)
    assert (answer.status_code, answer.json()) == (400, {"name": [message]})


LATIN_1 = {
    "form": (b"&name=Caf\xe9", FORM + "; charset=iso-8859-1"),
    "form_escaped": (b"&name=Caf%E9", FORM + "; charset=ISO-8859-1"),
}


@pytest.mark.parametrize("name", LATIN_1)
def test_the_charset_of_a_form_is_honoured(site, attacked, name):
    body, content_type = LATIN_1[name]
    assert post(attacked, FIELDS.encode() + body, content_type).status_code == 201
    assert site.sql("SELECT name FROM products") == [["Café"]]


def test_the_charset_of_a_multipart_form_is_honoured(site, attacked):
    body = multipart(*PARTS, field("name", b"Caf\xe9"))
    assert post(attacked, body, "multipart/form-data; boundary=b; charset=iso-8859-1").status_code == 201
    assert site.sql("SELECT name FROM products") == [["Café"]]


def test_a_form_with_too_many_fields_is_refused_and_not_cut_short(site, attacked):
    id = site.product("P-1")["id"]
    answer = attacked.rest(
        "PATCH", f"{PATH}{id}/", data="a=1&" * 1001 + "name=new", headers={"Content-Type": FORM})
    # A form that was not read must not be reported as stored.
    assert answer.status_code == 400 or site.sql("SELECT name FROM products") == [["new"]], answer.text


@pytest.mark.parametrize("body", [
    "&" * 1_000_000, "=" * 1_000_000, "a=1&" * 500_000, "%" * 1_000_000, "a[b]" + "[c]" * 300_000 + "=1",
    "x=" + "%41" * 1_000_000, "+" * 3_000_000,
], ids=["ampersands", "equals", "fields", "percents", "brackets", "escapes", "spaces"])
def test_a_flood_of_a_form_is_refused_in_time(attacked, body):
    answer = post(attacked, body)
    assert answer.status_code == 400
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_part_is_taken_as_it_is(site, attacked, name):
    sent = NAMES[name][0]
    answer = post(attacked, multipart(*PARTS, field("name", sent.encode())), "multipart/form-data; boundary=b")
    assert answer.status_code == 201, answer.text
    assert site.sql("SELECT HEX(name) FROM products") == [[sent.encode().hex().upper()]]


BAD_BOUNDARIES = {
    "missing": "multipart/form-data",
    "empty": "multipart/form-data; boundary=",
    "empty_quoted": 'multipart/form-data; boundary=""',
    "long": "multipart/form-data; boundary=" + "b" * 202,
    "very_long": "multipart/form-data; boundary=" + "b" * 8000,
    "ends_in_a_space": 'multipart/form-data; boundary="b "',
    "not_ascii": "multipart/form-data; boundary=b\xe9",
}


@pytest.mark.parametrize("name", BAD_BOUNDARIES)
def test_a_bad_boundary_is_refused(attacked, name):
    body = multipart(*PARTS, field("name", b"Cup"))
    answer = post(attacked, body, BAD_BOUNDARIES[name].encode("latin-1"))
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"].startswith("Multipart form parse error - Invalid boundary")


# Bodies that end early, are nested, have wrong headers or repeat themselves.
BAD_PARTS = {
    "nothing": b"",
    "another_boundary": multipart(*PARTS, boundary="c"),
    "only_the_end": b"--b--\r\n",
    "delimiters_500k": b"--b\r\n" * 500_000,
    "dashes_3mb": b"-" * 3_000_000,
    "line_feeds_3mb": b"\n" * 3_000_000,
    "almost_delimiters": b"\n--" * 1_000_000,
    "head_without_an_end": b"--b\r\n" + b"a: b\r\n" * 400_000,
    "head_line_1mb": b"--b\r\nContent-Disposition: form-data; name=" + b"n" * 1_000_000,
    "parts_20k": multipart(*[field(f"n{index}", b"") for index in range(20_000)]),
    "semicolons": multipart(("Content-Disposition: form-data" + ";" * 900, b"x")),
    "quotes": multipart(("Content-Disposition: form-data; name=" + '"' * 900, b"x")),
    "backslashes": multipart(("Content-Disposition: form-data; name=\"" + "\\" * 900, b"x")),
    "no_disposition": multipart(("Content-Type: text/plain", b"x")),
    "no_name": multipart(("Content-Disposition: form-data", b"x")),
    "nested": multipart(("Content-Type: multipart/mixed; boundary=c", b"--c\r\n\r\n--c--")),
    "rfc_2231": multipart(("Content-Disposition: form-data; name*=utf-8''%ff%00%zz", b"x")),
    "rfc_2231_continued": multipart(("Content-Disposition: form-data; name*0=na; name*1=me", b"x")),
}


@pytest.mark.parametrize("name", BAD_PARTS)
def test_bad_parts_are_refused_in_time(site, attacked, name):
    answer = post(attacked, BAD_PARTS[name], "multipart/form-data; boundary=b")
    assert answer.status_code == 400, answer.text
    assert len(answer.content) < 10_000
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


def test_a_file_is_no_text(attacked):
    part = ('Content-Disposition: form-data; name="name"; filename="../../etc/passwd"', b"x")
    answer = post(attacked, multipart(*PARTS, part), "multipart/form-data; boundary=b")
    assert (answer.status_code, answer.json()) == (400, {"name": ["Not a valid string."]})


QUERIES = {
    "page_huge": ("page=" + "9" * 4000, 404),
    "page_negative": ("page=-1", 404),
    "page_exponent": ("page=1e3", 404),
    "page_nul": ("page=%00", 404),
    "page_invalid_utf_8": ("page=%FF", 404),
    "page_arabic_digit": ("page=%D9%A1", 404),
    "page_64_bits": ("page=9223372036854775808", 404),
    "pages_500": ("page=x&" * 500 + "page=1", 200),
    "other_parameters": ("x=%FF%00%0D%0Ay&" * 100, 200),
    "line_break": ("x=%0d%0aSet-Cookie:a=b&page=1", 200),
    "percents": ("%" * 4000, 200),
    "ampersands": ("&" * 4000, 200),
    "long": ("x=" + "a" * 7000, 200),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_string_is_only_text(attacked, name):
    query, status = QUERIES[name]
    answer = attacked.rest("GET", f"{PATH}?{query}")
    assert answer.status_code == status, answer.text[:200]
    assert "Set-Cookie" not in answer.headers


def test_a_query_string_beyond_nginxs_buffers_is_refused(attacked):
    assert attacked.rest("GET", f"{PATH}?x={'a' * 20_000}").status_code == 414


@pytest.mark.parametrize("query", [
    "%25", "_", "%5C", "%7C", "'", "%22", "%00", "%FF", "a" * 5000, "%F0%9F%9A%80", "%27%20OR%201=1%20--%20", "%",
])
def test_a_search_takes_every_text_literally(site, attacked, query):
    site.product("P-1")
    answer = attacked.rest("GET", f"{PATH}search/?q={query}")
    assert (answer.status_code, answer.json()) == (200, [])


IDS = {
    "huge": ("9" * 4000, "No Product matches the given query."),
    "64_bits": ("9223372036854775808", "No Product matches the given query."),
    "largest": ("9223372036854775807", "No Product matches the given query."),
    "zero": ("0", "No Product matches the given query."),
    "text": ("x", "Not found."),
    "quote": ("1'", "Not found."),
    "sql": ("1%20OR%201=1", "Not found."),
    "nul": ("%00", "Not found."),
    "invalid_utf_8": ("%FF", "Not found."),
    "overlong_slash": ("%C0%AF", "Not found."),
    "encoded_slash": ("1%2F", "Not found."),
    "encoded_dots": ("%2e%2e", "Not found."),
    "encoded_dots_and_slash": ("%2e%2e%2f%2e%2e", "Not found."),
    "line_break": ("1%0d%0aX-Evil:%201", "Not found."),
    "hexadecimal": ("0x1", "Not found."),
    "exponent": ("1e0", "Not found."),
    "arabic_digit": ("%D9%A1", "Not found."),
    "long_text": ("a" * 7000, "Not found."),
    "percent": ("%", "Not found."),
}


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
@pytest.mark.parametrize("name", IDS)
def test_an_id_that_is_none_is_not_found(site, attacked, name, method):
    site.product("P-1")
    id, message = IDS[name]
    answer = raw(attacked, method, f"{PATH}{id}/")
    status = int(answer.split()[1])
    assert b"X-Evil" not in answer.split(b"\r\n\r\n")[0]
    # nginx itself refuses an invalid URL.
    assert status == 404 or status == 400 and b"nginx" in answer, answer[:300]
    if status == 404 and b"application/json" in answer:
        assert message.encode() in answer
    assert site.sql("SELECT COUNT(*) FROM products") == [["1"]]


def raw(site, method, path):
    """The answer to a path that is sent unchanged, since requests would normalise it."""
    with socket.create_connection(("127.0.0.1", site.port), 5) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while data := connection.recv(65536):
            received += data
    return received


@pytest.mark.parametrize("path", [
    "/products/api//products/", "//products/api/products/", "/products/api/products//",
    "/products/api/./products/",
    "/products/api/../api/orders/", "/products%2Fapi%2Fproducts/", "/PRODUCTS/api/products/",
    "/products/api/products;x/",
    "/products/api/products%00/", "/products/api/products/1/images/../../", "/" + "a/" * 3000,
    "/products/api/products/%2e/",
    "/products/api/pro%64ucts%0a/", "/*", "/products/api/products/1/images/x/y/",
])
def test_a_path_that_is_none_is_not_found(attacked, path):
    assert int(raw(attacked, "GET", path).split()[1]) in (400, 404)


@pytest.mark.parametrize("host", ["", "x\x7fy", "a" * 4000, "<script>", "evil.example", "x:99999"])
def test_a_hostile_host_header_breaks_no_answer(attacked, host):
    answer = attacked.rest("GET", PATH + "?page=1", headers={"Host": host})
    if answer.status_code == 200:
        assert answer.json()["count"] >= 0
    else:
        # nginx itself refuses the URL.
        assert (answer.status_code, answer.headers["X-Error-Code"]) == (400, "VALIDATION") and answer.json()["detail"]
