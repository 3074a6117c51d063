"""Answers of REST and SOAP in a common form: SOAP's names, texts, and no entry where SOAP omits a field."""
from lxml import etree

from parity_rows import without_now
from parity_values import spell


def plain(element):
    """An element without its namespace."""
    return etree.QName(element).localname


class Answers:
    def __init__(self, schema, ledger):
        self.schema, self.ledger = schema, ledger

    def rest_row(self, resource, row):
        """A JSON row of the resource, or a part of one, in the common form."""
        row, found = dict(row), {}
        parts = {name: (element, type) for name, element, type in resource.embedded}
        for name, value in row.items():
            if name in parts:
                element, type = parts[name]
                inner = value if isinstance(value, list) else [value] if value else []
                rows = [self.rest_row(self.schema.by_type(type), each) for each in inner]
                if rows:
                    found[element] = rows
                continue
            if name == "id":
                if resource.is_numbered:
                    found["id"] = self.ledger.place(resource.singular, "rest", value)
                continue
            field = resource.field(name)
            if field and field.target and value is not None:
                id = value["id"] if isinstance(value, dict) else value
                found[field.soap] = self.ledger.key(self.ledger.find(field.target, id))
            elif value not in (None, ""):
                found[name] = without_now(spell(value))
        return found

    def soap_row(self, resource, row):
        """An XML row in the common form; what only SOAP shows is compared by reading the tables."""
        found = {}
        parts = {element: type for _, element, type in resource.embedded}
        own = {field.soap for field in resource.fields} | set(self.schema.component(resource.type)["properties"])
        for element in row:
            name, value = plain(element), element.text or ""
            if name in parts:
                found.setdefault(name, []).append(self.soap_row(self.schema.by_type(parts[name]), element))
            elif name == "id":
                found["id"] = self.ledger.place(resource.singular, "soap", value)
            elif name in own:
                assert name not in found, f"{name} is there twice"
                found[name] = without_now(value)
        return found

    @staticmethod
    def rest_fault(answer):
        """The fault's code, and its problems by field or its text."""
        body = answer.json()
        if "detail" in body or "error" in body:
            return answer.headers["X-Error-Code"], body.get("error", body.get("detail"))
        return answer.headers["X-Error-Code"], sorted(
            (field, message) for field, messages in body.items() for message in messages)

    @staticmethod
    def soap_fault(resource, answer):
        fault = etree.fromstring(answer.content).find(".//{*}service_fault")
        problems = []
        for error in fault.iterfind("{*}field_error"):
            # SOAP's `product.price` means the field price in the element `product`.
            name = error.findtext("{*}field").rsplit(".", 1)[-1]
            field = resource.soap_field(name)
            problems.append((field.name if field else name, error.findtext("{*}problem")))
        code = fault.findtext("{*}error_code")
        assert answer.headers["X-Error-Code"] == code
        return code, sorted(problems) or fault.findtext("{*}error_text")


def same_problems(rest, soap):
    """Whether two lists of problems mean the same; the texts for a row that does not exist differ between protocols."""
    def neutral(problems):
        if isinstance(problems, str):
            return problems
        # SOAP's message names the choices; REST's clients get them from OPTIONS.
        messages = ((field, message.split(" Choose one of: ")[0]) for field, message in problems)
        return sorted(
            (field, "no such row" if " does not exist." in message else message) for field, message in messages)
    # REST's own words for a missing argument do not name the field.
    if isinstance(rest, str) and not isinstance(soap, str):
        return [rest] == [message for _, message in soap]
    return neutral(rest) == neutral(soap)
