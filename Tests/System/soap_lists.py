"""SOAP's lists: requests for pages, and what the pages contain."""
import dataclasses
import json

from lxml import etree

from openapi_document import GOLDEN
from site_client import SOAPFault, xml

# The golden copies name the tests; the fixtures read what the site publishes.
RESOURCES = [
    methods["post"]["operationId"].removeprefix("create_")
    for methods in json.loads(GOLDEN.read_text(encoding="utf-8"))["paths"].values()
    if methods.get("post", {}).get("operationId", "").startswith("create_")]


@dataclasses.dataclass
class Page:
    page: int
    page_size: int
    total_count: int
    has_more: bool
    keys: list[str]


class Lists:
    """One site with its rows."""

    def __init__(self, site, schema, ledger):
        self.site, self.schema, self.ledger = site, schema, ledger

    def rows(self, resource):
        return sorted(self.ledger.rows[resource.singular], key=lambda row: row.id)

    def keys(self, resource, fits=lambda row: True):
        """The SOAP keys of the fitting rows, in SOAP's order, which is that of their creation."""
        return [str(self.ledger.key(row)) for row in self.rows(resource) if fits(row)]

    def answer(self, resource, operation=None, **query):
        return self.site.soap(
            resource.domain, operation or resource.list_name, f"<query>{xml(**query)}</query>" if query else "")

    def page(self, resource, operation=None, **query):
        answer = self.answer(resource, operation, **query)
        assert answer.status_code == 200, answer.text
        result = etree.fromstring(answer.content).find(".//{*}result")
        number = {name: int(result.findtext("{*}" + name)) for name in ("page", "page_size", "total_count")}
        keys = [row.findtext("{*}" + resource.key) for row in result.iterfind("{*}" + resource.singular)]
        return Page(**number, has_more=result.findtext("{*}has_more") == "true", keys=keys)

    def refusal(self, resource, **query):
        """The field problems of a refused query."""
        fault = SOAPFault(self.answer(resource, **query))
        assert fault.code == "VALIDATION"
        return fault.fields
