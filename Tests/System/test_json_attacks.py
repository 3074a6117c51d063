"""Hostile JSON: depth, numbers, bytes and keys that a reader can easily get wrong or read slowly."""
import gzip
import hashlib
import json

import pytest

PATH = "/products/api/products/"
FIELDS = {"product_id": "P-1", "name": "Cup", "sku": "S-1", "price": "9.90"}

pytestmark = pytest.mark.usefixtures("in_time")


def post(site, body, content_type="application/json", path=PATH, **headers):
    data = body if isinstance(body, bytes) else body.encode()
    return site.rest("POST", path, data=data, headers={"Content-Type": content_type} | headers)


def product(**fields):
    return json.dumps(FIELDS | fields)


def product_with(name, token):
    """A product whose field is a token, inserted unchanged."""
    fields = {key: value for key, value in FIELDS.items() if key != name}
    return json.dumps(fields)[:-1].encode() + b', "' + name.encode() + b'": ' + token + b"}"


def expect_malformed(answer):
    assert answer.status_code == 400, answer.text[:300]
    assert answer.json()["detail"].startswith("JSON parse error - ")


DEEP = {
    "arrays": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "mixed": b'[{"a":' * 100_000 + b"1" + b"}]" * 100_000,
    "unclosed": b"[" * 2_000_000,
    "in_a_known_field": product_with("name", b"[" * 50_000 + b"]" * 50_000),
    "in_an_unknown_field": product_with("other", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_refused(attacked, name):
    expect_malformed(post(attacked, DEEP[name]))


MALFORMED = {
    "empty_text": b" ",
    "nothing_after_a_name": b'{"name"',
    "single_quotes": b"{'name': 'x'}",
    "trailing_comma": b'{"name": "x",}',
    "two_documents": product().encode() * 2,
    "trailing_nul": product().encode() + b"\0",
    "comment": b"{} // x",
    "nan": product_with("price", b"NaN"),
    "infinity": product_with("price", b"Infinity"),
    "minus_infinity": product_with("price", b"-Infinity"),
    "leading_zero": product_with("price", b"01"),
    "plus": product_with("price", b"+1"),
    "hexadecimal": product_with("price", b"0x1"),
    "point_without_digits": product_with("price", b"1."),
    "exponent_without_digits": product_with("price", b"1e"),
    "minus_alone": product_with("price", b"-"),
    "byte_order_mark": b"\xef\xbb\xbf" + product().encode(),
    "utf_16": product().encode("utf-16"),
    "utf_16_without_mark": product().encode("utf-16-le"),
    "utf_32": product().encode("utf-32"),
    "utf_8_invalid": product_with("name", b'"\xff"'),
    "utf_8_overlong": product_with("name", b'"\xc0\xaf"'),
    "utf_8_surrogate": product_with("name", b'"\xed\xa0\x80"'),
    "utf_8_cut_short": product_with("name", b'"\xf0\x9f"'),
    "utf_8_beyond_unicode": product_with("name", b'"\xf4\x90\x80\x80"'),
    "invalid_key": b'{"\xff": 1}',
    "control_nul": product_with("name", b'"a\0b"'),
    "control_newline": product_with("name", b'"a\nb"'),
    "control_1f": product_with("name", b'"a\x1fb"'),
    "escape_unknown": product_with("name", rb'"\x41"'),
    "escape_cut_short": product_with("name", rb'"\u00"'),
    "escape_no_digit": product_with("name", rb'"\u00g0"'),
    "escape_at_the_end": b'{"name": "\\',
    "vertical_tab_as_space": b"\x0b" + product().encode(),
    "no_break_space_as_space": "\u00a0".encode() + product().encode(),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_json_is_refused(site, attacked, name):
    expect_malformed(post(attacked, MALFORMED[name]))
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


@pytest.mark.parametrize("body, message", [
    ("[]", "Invalid data. Expected a dictionary, but got list."),
    ('"x"', "Invalid data. Expected a dictionary, but got str."),
    ("1", "Invalid data. Expected a dictionary, but got int."),
    ("1e999", "Invalid data. Expected a dictionary, but got float."),
    ("true", "Invalid data. Expected a dictionary, but got bool."),
    ("null", "No data provided"),
])
def test_what_is_no_object_is_refused(attacked, body, message):
    answer = post(attacked, body)
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [message]})


# The field, the token and the message.
BAD_VALUES = {
    "price_1e999": ("price", b"1e999", "A valid number is required."),
    "price_minus_1e999": ("price", b"-1e999", "A valid number is required."),
    "price_exponent_of_9_digits": ("price", b"1e999999999", "A valid number is required."),
    "price_exponent_of_30_digits": ("price", b"1e" + b"9" * 30, "A valid number is required."),
    "price_4000_digits": ("price", b"9" * 4000, None),
    "price_text_exponent": ("price", b'"1e999999999"', None),
    "price_text_minus_exponent": ("price", b'"1e-999999999"', None),
    "price_text_1001_digits": ("price", b'"' + b"9" * 1001 + b'"', "String value too large."),
    "price_text_nan": ("price", b'"NaN"', "A valid number is required."),
    "price_text_snan": ("price", b'"sNaN"', "A valid number is required."),
    "price_text_infinity": ("price", b'"Infinity"', "A valid number is required."),
    "price_text_nul": ("price", rb'"1\u0000"', "A valid number is required."),
    "price_list": ("price", b"[1]", "A valid number is required."),
    "price_true": ("price", b"true", "A valid number is required."),
    "price_binary_fraction": ("price", b"0.30000000000000004", None),
    "stock_1e999": ("stock_quantity", b"1e999", "A valid integer is required."),
    "stock_beyond_64_bits": ("stock_quantity", b"18446744073709551616",
                             "Ensure this value is less than or equal to 2147483647."),
    "stock_text_1001_digits": ("stock_quantity", b'"' + b"9" * 1001 + b'"', "String value too large."),
    "stock_object": ("stock_quantity", b"{}", "A valid integer is required."),
    "name_lone_surrogate": ("name", rb'"a\ud83d"', "Surrogate characters are not allowed: U+D83D."),
    "name_lone_low_surrogate": ("name", rb'"\ude80a"', "Surrogate characters are not allowed: U+DE80."),
    "name_swapped_surrogates": ("name", rb'"\ude80\ud83d"', "Surrogate characters are not allowed: U+DE80."),
    "name_nul": ("name", rb'"a\u0000b"', "Null characters are not allowed."),
    "name_null": ("name", b"null", "This field may not be null."),
    "name_blank": ("name", rb'" \u00a0\u2003\u3000\u0085\t\n"', "This field may not be blank."),
    "name_256": ("name", b'"' + b"n" * 256 + b'"', "Ensure this field has no more than 255 characters."),
    "name_1mb": ("name", b'"' + b"n" * 1_000_000 + b'"', "Ensure this field has no more than 255 characters."),
    "name_256_combining": ("name", b'"' + "e\u0301".encode() * 128 + b'"',
                           "Ensure this field has no more than 255 characters."),
    "name_one_character_of_1000_code_points": ("name", b'"e' + "\u0301".encode() * 1000 + b'"',
                                               "Ensure this field has no more than 255 characters."),
    "name_list": ("name", b'["x"]', "Not a valid string."),
    "name_true": ("name", b"true", "Not a valid string."),
    "status_surrogate": ("status", rb'"\ud83d"', None),
    "status_nul": ("status", rb'"active\u0000"', None),
    "status_object": ("status", b'{"a": 1}', None),
}


@pytest.mark.parametrize("name", BAD_VALUES)
def test_a_bad_value_is_refused_by_the_name_of_its_field(site, attacked, name):
    field, token, message = BAD_VALUES[name]
    answer = post(attacked, product_with(field, token))
    assert answer.status_code == 400, answer.text[:300]
    assert list(answer.json()) == [field]
    if message:
        assert answer.json()[field] == [message]
    assert site.sql("SELECT COUNT(*) FROM products") == [["0"]]


def test_a_number_of_more_than_4300_digits_is_no_json(attacked):
    """As in the original server, since Python refuses to read such a number."""
    expect_malformed(post(attacked, product_with("price", b"9" * 4301)))


TEXTS = {
    "emoji": "\U0001F680\U0001F469\u200d\U0001F4BB",
    "flag": "\U0001F1F5\U0001F1F1",
    "combining": "e\u0301",
    "composed": "\u00e9",
    "right_to_left": "\u202eabc\u05d0",
    "zero_width": "a\u200b\ufeffb",
    "noncharacter": "a\uffff\ufffe\U0010ffffb",
    "control": "a\x01\x0b\x1f\x7f\x9fb",
    "line_breaks": "a\r\nb\u2028c\u2029d",
    "quotes": "\"'`\\/",
    "sql": "'; DROP TABLE products; -- \\'",
    "markup": "<script>&amp;]]></script>",
    "format": "%s %n {0} ${x} #{x}",
    "replacement": "\ufffd",
    "null_word": "NULL",
    "255_of_4_bytes": "\U0001F680" * 255,
}


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "as_bytes"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_stored_and_answered_exactly(site, attacked, name, escaped):
    text = TEXTS[name]
    answer = post(attacked, json.dumps(FIELDS | {"name": text, "description": text}, ensure_ascii=escaped))
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == text
    assert site.sql("SELECT HEX(name), HEX(description) FROM products") == [[text.encode().hex().upper()] * 2]
    assert site.rest("GET", f"{PATH}{answer.json()['id']}/").json()["description"] == text


def test_a_text_of_a_megabyte_is_stored_exactly(site, attacked):
    text = "\U0001F680\\\"é\n" * 100_000
    answer = post(attacked, product(description=text))
    assert answer.status_code == 201, answer.text[:300]
    # White space at the ends of a text is removed.
    stored = text.strip().encode()
    assert site.sql("SELECT LENGTH(description), MD5(description) FROM products") == [
        [str(len(stored)), hashlib.md5(stored).hexdigest()]]


def test_the_last_of_repeated_keys_counts(site, attacked):
    body = '{"name": "first", ' + json.dumps(FIELDS)[1:-1] + ', "n\\u0061me": "last"}'
    assert post(attacked, body).status_code == 201
    assert site.sql("SELECT name FROM products") == [["last"]]


def test_a_key_with_a_lone_surrogate_or_a_nul_is_an_unknown_key(site, attacked):
    body = json.dumps(FIELDS)[:-1] + ', "name\\ud83d": "x", "name\\u0000": "y", "": "z", "__proto__": {"a": 1}}'
    assert post(attacked, body).status_code == 201
    assert site.sql("SELECT name FROM products") == [["Cup"]]


def test_read_only_fields_cannot_be_set(site, attacked):
    answer = post(attacked, product(id=5, created_at="2000-01-01T00:00:00Z", revision=9, attributes="{}"))
    assert answer.status_code == 201 and answer.json()["created_at"] > "2020"
    assert site.sql("SELECT revision FROM products WHERE id = 5") in ([], [["1"]])


MANY = {
    "keys_100k": (json.dumps({f"k{index}": index for index in range(100_000)}), 400),
    "keys_9k": (json.dumps(FIELDS | {f"k{index}": index for index in range(9_000)}), 201),
    "same_key_9k": ('{' + '"a": 1, ' * 9_000 + json.dumps(FIELDS)[1:], 201),
    "nested_keys_100k": (product(other={f"k{index}": index for index in range(100_000)}), 201),
    "array_of_1m": (product(other=[0] * 1_000_000), 201),
    "white_space_3mb": (product().replace(",", "," + " " * 1_000_000), 201),
    "long_key": (product(**{"k" * 1_000_000: 1}), 201),
    "escapes_3mb": (product(other="\x01" * 500_000), 201),
}


@pytest.mark.parametrize("name", MANY)
def test_a_flood_is_read_in_time(site, attacked, name):
    body, status = MANY[name]
    answer = post(attacked, body)
    assert answer.status_code == status, answer.text[:300]
    assert len(answer.content) < 10_000
    assert site.sql("SELECT COUNT(*) FROM products") == [["1" if status == 201 else "0"]]


def test_the_largest_body_is_read_and_one_byte_more_is_not(site, attacked):
    most = 4 * 1024 * 1024
    body = product()
    assert post(attacked, body + " " * (most - len(body))).status_code == 201
    answer = post(attacked, body + " " * (most - len(body) + 1))
    assert answer.status_code == 413 and "detail" in answer.json()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_coded_body_is_not_read_as_json(attacked, coding):
    answer = post(attacked, gzip.compress(product().encode()), **{"Content-Encoding": coding})
    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_refused_change_changes_nothing(site, attacked, method):
    id = site.product("P-1")["id"]
    before = site.sql("SELECT * FROM products")
    for token in [rb'"\ud83d"', rb'"\u0000"', b'"' + b"n" * 256 + b'"', b"[]", b'"\xff"']:
        answer = attacked.rest(method, f"{PATH}{id}/", data=product_with("name", token),
                               headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, token
    assert site.sql("SELECT * FROM products") == before
