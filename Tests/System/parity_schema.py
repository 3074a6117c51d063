"""The resources by both documents: each REST field of /openapi.json with its SOAP element of the WSDL."""
import dataclasses
import functools

from lxml import etree

from openapi_document import published
from site_client import DOMAINS

XSD = "{http://www.w3.org/2001/XMLSchema}"


@dataclasses.dataclass
class Field:
    """A field that clients write."""
    name: str
    soap: str
    schema: dict
    is_required: bool
    target: str | None  # the resource referred to

    @property
    def types(self):
        types = self.schema.get("type", [])
        return [types] if isinstance(types, str) else types

    @property
    def is_text(self):
        return self.types == ["string"] and "enum" not in self.schema and "date" not in self.schema.get("format", "")

    @property
    def may_be_blank(self):
        return self.is_text and self.schema.get("default") == ""


@dataclasses.dataclass
class Resource:
    domain: str
    path: str
    singular: str
    list_name: str
    type: str
    key: str  # the SOAP element that names a row
    is_numbered: bool  # whether that element is the id
    fields: list[Field]
    embedded: list[tuple[str, str, str]]  # the JSON key, the element and the type of each row shown inside
    query: list[str]  # the elements of the list's query

    @property
    def table(self):
        return self.path.strip("/").rsplit("/", 1)[1].replace("-", "_")

    def field(self, name):
        return next((field for field in self.fields if field.name == name), None)

    def soap_field(self, soap):
        return next((field for field in self.fields if field.soap == soap), None)


@dataclasses.dataclass
class Operation:
    """One REST operation, and the SOAP operation that does the same."""
    name: str
    method: str
    path: str
    resource: Resource
    soap: str
    argument: str | None  # if another operation of SOAP does the same, the element of its argument
    details: dict


class WSDL:
    """The schema inside a service's WSDL."""

    def __init__(self, content):
        root = etree.fromstring(content)
        schema = root.find(f".//{XSD}schema")
        self.types = {node.get("name"): self.elements(node) for node in schema.iterfind(f"{XSD}complexType")}
        self.messages = {
            node.get("name"): self.elements(node) for node in schema.iterfind(f"{XSD}element") if len(node)}
        self.operations = {node.get("name") for node in root.iterfind("{*}portType/{*}operation")}

    @staticmethod
    def elements(node):
        """The elements of a type: name to type, in order."""
        return {element.get("name"): element.get("type").split(":")[1] for element in node.iter(f"{XSD}element")
                if element.get("type")}


class Schema:
    """Both documents of a running site."""

    def __init__(self, site):
        self.document = published(site)
        self.wsdls = {domain: WSDL(site.rest("GET", f"/{domain}/soap/?wsdl").content) for domain in DOMAINS}
        self.resources = {}
        for path, operations in self.document["paths"].items():
            if "post" in operations and operations["post"]["operationId"].startswith("create_"):
                resource = self.resource(path, operations)
                self.resources[resource.singular] = resource

    def component(self, name):
        return self.document["components"]["schemas"][name]

    def resource(self, path, operations):
        domain, singular = path.split("/")[1], operations["post"]["operationId"].removeprefix("create_")
        wsdl = self.wsdls[domain]
        [(key, key_type)] = wsdl.messages["get_" + singular].items()
        type = wsdl.messages[f"get_{singular}Response"]["result"]
        written = self.component(type + "Input")
        # Fields that REST only shows: dates that SOAP's create may give.
        dated = {name for name, schema in self.component(type)["properties"].items() if schema.get("readOnly")}
        elements = [name for name in wsdl.types[type + "Input"] if name not in {"attribute"} | dated]
        fields = []
        for (name, schema), soap in zip(written["properties"].items(), elements, strict=True):
            # Only references have two names: the numeric id in REST and the business key in SOAP.
            assert name == soap or schema["format"] == "int64", (singular, name, soap)
            fields.append(Field(name, soap, schema, name in written["required"], None if name == soap else name))
        shown = [name for name, schema in self.component(type)["properties"].items()
                 if schema.get("readOnly") and (schema.get("type") == "array" or "oneOf" in schema)]
        inside = [(name, type) for name, type in wsdl.types[type].items() if type.endswith("Summary")]
        embedded = [(name, element, type) for name, (element, type) in zip(shown, inside, strict=True)]
        return Resource(
            domain, path, singular, operations["get"]["operationId"], type, key, key_type == "long", fields, embedded,
            list(wsdl.types[type + "Query"]))

    @functools.cached_property
    def operations(self):
        found = []
        for path, methods in self.document["paths"].items():
            resource = next((each for each in self.resources.values() if path.startswith(each.path)), None)
            for method, details in methods.items():
                if resource and "operationId" in details:
                    found.append(self.operation(method.upper(), path, resource, details))
        return found

    def operation(self, method, path, resource, details):
        name, argument = details["operationId"], None
        # PUT and PATCH are the same operation in SOAP.
        soap = name.replace("put_", "update_", 1) if method == "PUT" else name
        note = details.get("description", "").split("\n\n")[-1]
        if note.startswith("In SOAP: "):
            soap, argument = note.removeprefix("In SOAP: ").rstrip(".").split(", by ")
            argument = argument.removeprefix("query.")
        assert soap in self.wsdls[resource.domain].operations, name
        return Operation(name, method, path, resource, soap, argument, details)

    def by_type(self, type):
        """The resource whose rows a type shows: `ProductImageSummary` is a product image."""
        return next(each for each in self.resources.values() if each.type == type.removesuffix("Summary"))
