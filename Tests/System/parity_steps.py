"""Operations one after another, each by REST on one site and by SOAP on another, and compared at once."""
import collections
import json
from urllib.parse import quote

from lxml import etree

import parity_values as values
from parity_answers import Answers, same_problems
from parity_rows import Ledger, Row, tables
from parity_schema import Schema
from site_client import xml

NO_ID = 987654321
NO_KEY = "no such key"


def content(**fields):
    """Elements whose texts have no line ends that XML would change."""
    return xml(**fields).replace("\r", "&#13;")


class Walk:
    """The two sites, and what has been done to them."""

    def __init__(self, rest, soap, random):
        self.rest, self.soap, self.random = rest, soap, random
        self.schema = Schema(rest)
        self.ledger = Ledger(self.schema)
        self.answers = Answers(self.schema, self.ledger)
        self.done = collections.Counter()
        self.succeeded = collections.Counter()
        self.refused = collections.Counter()
        self.trace = []

    # Both at once

    def both(self, operation, path, body, xml_content):
        """Runs an operation on both sites; gives the JSON and the result element, or None twice after a refusal."""
        self.trace.append(f"{operation.method} {path} {body!r}"[:600] + f"   {operation.soap} {xml_content[:600]}")
        self.done[operation.name] += 1
        ours = self.rest.rest(operation.method, path, body)
        theirs = self.soap.soap(operation.resource.domain, operation.soap, xml_content)
        assert ours.status_code < 500 and theirs.status_code in (200, 500), (ours.text, theirs.text)
        assert (ours.status_code < 300) == (theirs.status_code == 200), (ours.status_code, ours.text, theirs.text)
        if theirs.status_code == 200:
            self.succeeded[operation.name] += 1
            return (ours.json() if ours.content else None), etree.fromstring(theirs.content).find(".//{*}result")
        (code, problems), (their_code, their_problems) = (
            self.answers.rest_fault(ours), self.answers.soap_fault(operation.resource, theirs))
        assert code == their_code, (ours.text, theirs.text)
        self.refused[code] += 1
        if code == "NOT_FOUND":  # REST's message names the id, and SOAP's the key
            return None, None
        # A field is cleared by null in REST and by the element clear_field in SOAP, so that the problems differ.
        if "clear_field" not in xml_content:
            assert same_problems(problems, their_problems), (ours.text, theirs.text)
        return None, None

    def same_row(self, resource, json, element):
        ours, theirs = self.answers.rest_row(resource, json), self.answers.soap_row(resource, element)
        assert ours == theirs

    def same_tables(self):
        names = [resource.table for resource in self.schema.resources.values()]
        ours, theirs = tables(self.rest, names), tables(self.soap, names)
        for name in names:
            assert ours[name] == theirs[name], name

    # What is sent

    def reference(self, field, is_right):
        """A row's id and key."""
        row = self.ledger.any(field.target, self.random)
        if is_right and row:
            return row.id, self.ledger.key(row)
        return NO_ID, NO_KEY

    def body(self, resource, fields, mistakes):
        """The fields of a row as JSON and for SOAP; `mistakes` says how many of them are wrong."""
        json, soap = {}, {}
        bad = self.random.sample(fields, min(mistakes, len(fields)))
        for field in fields:
            if field.target:
                json[field.name], soap[field.soap] = self.reference(field, field not in bad)
                continue
            value = values.wrong(field, self.random) if field in bad else values.right(field, self.random)
            if field in bad and field.is_text and self.ledger.rows[resource.singular] and self.random.random() < 0.5:
                # A value that another row has already; it is wrong only if the field is unique.
                value = self.ledger.any(resource.singular, self.random).answer[field.name]
            if value is not None:
                json[field.name], soap[field.soap] = value, values.spell(value)
        return json, soap

    def mistakes(self):
        return self.random.choice([0, 0, 0, 1, 1, 2, 4])

    def row(self, resource):
        """The id, the key and the row; now and then an id and a key that do not exist, and None."""
        row = self.ledger.any(resource.singular, self.random)
        if row is None or self.random.random() < 0.05:
            return NO_ID, NO_ID if resource.is_numbered else NO_KEY, None
        return row.id, self.ledger.key(row), row

    # The operations

    def perform(self, operation):
        if operation.name == "track_shipment":
            step = self.track
        elif "{id}" not in operation.path:
            step = self.create if operation.method == "POST" else self.list
        elif operation.path.endswith("{id}/"):
            step = {"GET": self.get, "PUT": self.update, "PATCH": self.update, "DELETE": self.delete}[operation.method]
        else:
            step = self.act
        step(operation, operation.resource)

    def create(self, operation, resource, mistakes=None):
        random = self.random
        if len(self.ledger.rows[resource.singular]) > 60:
            return  # whole lists are compared, so they must fit on REST's page of a hundred rows
        mistakes = self.mistakes() if mistakes is None else mistakes
        fields = [field for field in resource.fields if field.is_required or random.random() < 0.6]
        if mistakes > 1 and random.random() < 0.5:
            fields.remove(random.choice(fields))
        json, soap = self.body(resource, fields, mistakes)
        element = resource.singular
        ours, theirs = self.both(operation, operation.path, json, f"<{element}>{content(**soap)}</{element}>")
        if ours:
            soap_id = theirs.findtext("{*}id") if resource.is_numbered else None
            row = Row(resource, ours, soap_id)
            self.ledger.rows[resource.singular].append(row)
            self.same_row(resource, ours, theirs)
            self.same_as_read(row, ours, theirs)

    def same_as_read(self, row, created, element):
        """What a create answers was not all read from the database, but it is what is read afterwards."""
        resource = row.resource
        read = self.rest.rest("GET", f"{resource.path}{row.id}/")
        assert read.status_code == 200 and read.text == json.dumps(created, ensure_ascii=False, separators=(",", ":"))
        found = self.soap.soap(
            resource.domain, "get_" + resource.singular, content(**{resource.key: self.ledger.key(row)}))
        assert found.status_code == 200
        same = [etree.tostring(each) for each in etree.fromstring(found.content).find(".//{*}result")]
        assert same == [etree.tostring(each) for each in element]

    def get(self, operation, resource):
        id, key, _ = self.row(resource)
        path = operation.path.replace("{id}", str(id))
        ours, theirs = self.both(operation, path, None, content(**{resource.key: key}))
        if ours:
            self.same_row(resource, ours, theirs)

    def update(self, operation, resource):
        random = self.random
        id, key, row = self.row(resource)
        # A PUT needs the fields that a create needs. SOAP has no PUT, and so no refusal of one that lacks a field.
        needs = operation.method == "PUT"
        fields = [each for each in resource.fields if needs and each.is_required or random.random() < 0.3]
        json, soap = self.body(resource, fields, self.mistakes())
        cleared = [each for each in resource.fields if each not in fields and random.random() < 0.08]
        if cleared and row:
            json |= {each.name: "" if each.may_be_blank else None for each in cleared}
            soap["clear_field"] = [each.soap for each in cleared]
        if not soap:
            return  # without a change, REST's PATCH succeeds, as recorded, and SOAP refuses
        ours, theirs = self.both(
            operation, operation.path.replace("{id}", str(id)), json,
            content(**{resource.key: key}) + f"<changes>{content(**soap)}</changes>")
        if ours:
            row.answer = ours
            self.same_row(resource, ours, theirs)

    def delete(self, operation, resource):
        id, key, row = self.row(resource)
        _, theirs = self.both(operation, operation.path.replace("{id}", str(id)), None, content(**{resource.key: key}))
        if theirs is not None:
            assert theirs.text == "true"
            self.ledger.forget_deleted(self.rest)

    def act(self, operation, resource):
        """Calls a named action of a row, or reads a part of it."""
        id, key, row = self.row(resource)
        path = operation.path.replace("{id}", str(id))
        elements = list(self.schema.wsdls[resource.domain].messages[operation.soap])
        body, arguments = None, {elements[0]: key}
        if operation.argument:
            self.part(operation, resource, path, key, row)
            return
        if row and elements[0] != resource.key:
            arguments = {elements[0]: self.ledger.soap_value(row, elements[0])}
        for name in elements[1:]:
            field = resource.soap_field(name)
            value = values.right(field, self.random) if self.random.random() < 0.7 else values.wrong(field, self.random)
            body, arguments[name] = (body or {}) | {field.name: value}, values.spell(value)
        ours, theirs = self.both(operation, path, body, content(**arguments))
        if ours is None:
            return
        if "valid" in ours:
            self.same_validity(resource, ours, theirs)
            return
        assert set(ours) == {"message"}
        row.answer = self.rest.rest("GET", f"{resource.path}{id}/").json()
        self.same_row(resource, row.answer, theirs)

    def same_validity(self, resource, ours, theirs):
        assert theirs.findtext("{*}valid") == values.spell(ours["valid"])
        assert theirs.findtext("{*}reason") == ours.get("message")
        row = theirs.find("{*}" + resource.singular)
        assert (row is not None) == ours["valid"]
        if row is not None:
            self.same_row(resource, ours[resource.singular], row)

    def part(self, operation, resource, path, key, row):
        """Reads a part of a row by REST, and the same rows by the SOAP operation that lists or gets them."""
        if row is None:
            return  # for a missing parent, SOAP's list is empty, and REST answers 404
        part = next(each for each in self.schema.resources.values()
                    if operation.soap in (each.list_name, "get_" + each.singular))
        argument = content(**{operation.argument: key})
        is_list = operation.soap == part.list_name
        ours, theirs = self.both(operation, path, None, f"<query>{argument}</query>" if is_list else argument)
        if ours is None:
            return
        rows = [each for each in theirs if each.tag.endswith("}" + part.singular)] if is_list else [theirs]
        shown = [self.answers.rest_row(part, each) for each in (ours if is_list else [ours])]
        found = [self.answers.soap_row(part, each) for each in rows]
        parent = {operation.argument: key}
        assert [parent | each for each in shown] == found

    def track(self, operation, resource):
        id, _, row = self.row(resource)
        number = row.answer["tracking_number"] if row else NO_KEY
        path = operation.path.replace("{id}", str(id))
        ours, theirs = self.both(operation, path, None, content(tracking_number=number))
        if ours:
            self.same_row(resource, ours["shipment"], theirs)
            assert ours["events"] == ours["shipment"]["events"]

    def list(self, operation, resource):
        """Reads a list, or a named list with its filter or limit."""
        names = [each["name"] for each in operation.details.get("parameters", []) if each["name"] != "page"]
        elements = list(self.schema.wsdls[resource.domain].types[
            self.schema.wsdls[resource.domain].messages[operation.soap]["query"]])
        parameters, query = {}, {}
        for name, element in zip(names, [operation.argument] if operation.argument else elements):
            value = self.filter_value(resource, name, element)
            if value != "":  # REST ignores an empty filter
                parameters[name], query[element] = value, values.spell(value)
        if "page_size" in elements:
            query["page_size"] = 1000
        path = operation.path + ("?" + "&".join(
            f"{name}={quote(str(value), safe='')}" for name, value in parameters.items()) if parameters else "")
        ours, theirs = self.both(operation, path, None, f"<query>{content(**query)}</query>")
        if ours is None:
            return
        rows = ours if isinstance(ours, list) else ours["results"]
        found = [each for each in theirs if each.tag.endswith("}" + resource.singular)]
        ours = [self.answers.rest_row(resource, each) for each in rows]
        theirs_rows = [self.answers.soap_row(resource, each) for each in found]
        assert len(rows) < 100 and int(theirs.findtext("{*}total_count")) == len(rows)
        # A resource's list has a different order in each protocol: the contract's in REST, by id in SOAP.
        if operation.soap == resource.list_name:
            ours, theirs_rows = sorted(ours, key=repr), sorted(theirs_rows, key=repr)
        assert ours == theirs_rows

    def filter_value(self, resource, name, element):
        if name == "limit":
            # 0 is left out: in REST it means no rows, and in SOAP "not given", as .NET sends it.
            return self.random.choice([1, 3, 1000, "abc", -1, 1.5])
        row = self.ledger.any(resource.singular, self.random)
        field = resource.soap_field(element) or resource.field("name")
        value = str(row.answer[field.name]) if row else "nothing"
        if "enum" in field.schema:
            # Other values are left out: REST's list is then empty, as recorded, and SOAP refuses them.
            return value if row else self.random.choice([*field.schema["enum"], ""])
        return self.random.choice([value, value[:2], value.swapcase(), "nothing", "%", ""]).strip()
