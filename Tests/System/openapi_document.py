"""The OpenAPI document as a judge: it finds the operation of a request, and what is wrong with an answer."""
import functools
import json
import re

from jsonschema import Draft202012Validator, FormatChecker

from site_client import ROOT

# The golden copy names the tests, since pytest collects them before there is a site to ask.
GOLDEN = ROOT / "Tests/DocumentsTests/Golden/openapi.json"

FORMATS = FormatChecker(["date", "date-time"])
FORMATS.checks("int32")(lambda value: not isinstance(value, int) or -2**31 <= value < 2**31)
FORMATS.checks("int64")(lambda value: not isinstance(value, int) or -2**63 <= value < 2**63)


@FORMATS.checks("uri")
def is_uri(value):
    """RFC 3986: a scheme, and nothing outside its ASCII characters."""
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", value))


@FORMATS.checks("email")
def is_email(value):
    """RFC 5321: ASCII with an @; other addresses are idn-email (RFC 6531)."""
    return not isinstance(value, str) or value.isascii() and bool(re.fullmatch(r".+@[^@]+", value))


def published(site):
    answer = site.rest("GET", "/openapi.json")
    assert answer.status_code == 200
    return answer.json()


@FORMATS.checks("idn-email")
def is_idn_email(value):
    """RFC 6531: any characters around the @."""
    return not isinstance(value, str) or bool(re.fullmatch(r".+@[^@]+", value))


class OpenAPI:
    """The document with its paths made searchable and each schema compiled once."""

    def __init__(self, document):
        self.document = document
        # A path without parameters is tried first (OpenAPI 3.1, "Path Templating Matching").
        self.templates = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))), template)
            for template in sorted(document["paths"], key=lambda template: template.count("{"))]

    def resolve(self, value):
        while "$ref" in value:
            reference, value = value["$ref"], self.document
            for key in reference.removeprefix("#/").split("/"):
                value = value[key]
        return value

    def methods(self, path):
        """The operations at this path by upper-case method, or None when the document has no such path."""
        for pattern, template in self.templates:
            if pattern.fullmatch(path):
                return {name.upper(): operation for name, operation in self.document["paths"][template].items()
                        if "responses" in operation}
        return None

    @functools.cache
    def validator(self, schema):
        """A validator for a schema, which is given as JSON text."""
        return Draft202012Validator(
            json.loads(schema) | {"components": self.document["components"]}, format_checker=FORMATS)

    def schema_problems(self, schema, value):
        errors = self.validator(json.dumps(schema)).iter_errors(value)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in errors]

    def problems(self, operation, status, headers, value, has_body=True):
        """The problems of an answer; `headers` have lower-case names, `value` is the JSON, None without a body."""
        described = operation["responses"].get(str(status))
        if described is None:
            return [f"status {status} is not documented"]
        described = self.resolve(described)
        found = []
        for name, header in described.get("headers", {}).items():
            found += self.header_problems(name, self.resolve(header), headers.get(name.lower()))
        content = described.get("content")
        if content is None:
            return found + (["a body where none is documented"] if has_body and value is not None else [])
        media = headers.get("content-type", "").split(";")[0].strip().lower()
        if media not in content:
            return found + [f"Content-Type {media!r} is not documented"]
        return found + (self.schema_problems(content[media]["schema"], value) if has_body else [])

    def header_problems(self, name, header, value):
        if value is None:
            return [f"the header {name} is missing"]
        is_number = header["schema"].get("type") == "integer" and value.isdigit()
        return self.schema_problems(header["schema"], int(value) if is_number else value)
