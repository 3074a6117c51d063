"""Matches the rows of one database with those of the other, and compares all tables."""
import dataclasses
import datetime
import json
import re

from parity_values import right

TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?Z?")


def without_now(value):
    """Replaces a time of the last hour, which the server set and which differs between two servers."""
    match = TIME.fullmatch(value) if isinstance(value, str) else None
    if match:
        moment = datetime.datetime.fromisoformat(f"{match[1]}T{match[2]}+00:00")
        if abs((datetime.datetime.now(datetime.timezone.utc) - moment).total_seconds()) < 3600:
            return "now"
    return value


@dataclasses.dataclass(eq=False)
class Row:
    resource: object
    answer: dict  # the last answer of REST
    soap_id: str | None  # the id in SOAP's database, for rows that SOAP names by id

    @property
    def id(self):
        return self.answer["id"]


class Ledger:
    """The rows that both databases have."""

    def __init__(self, schema):
        self.schema = schema
        self.rows = {name: [] for name in schema.resources}

    def find(self, name, id):
        return next(row for row in self.rows[name] if row.id == id)

    def any(self, name, random):
        return random.choice(self.rows[name]) if self.rows[name] else None

    def key(self, row):
        """The key or id by which SOAP names the row."""
        resource = row.resource
        return row.soap_id if resource.is_numbered else self.soap_value(row, resource.key)

    def soap_value(self, row, element):
        """The value of a field of the row in SOAP, where a reference is a business key."""
        field = row.resource.soap_field(element)
        value = row.answer[field.name]
        if field.target is None or value is None:
            return value
        return self.key(self.find(field.target, value["id"] if isinstance(value, dict) else value))

    def place(self, name, protocol, id):
        """The position of a row in the ledger, which identifies it in both databases."""
        for place, row in enumerate(self.rows[name]):
            if str(id) == (str(row.id) if protocol == "rest" else row.soap_id):
                return f"{name} {place}"
        return f"{name} unknown to the ledger: {id}"

    def forget_deleted(self, site):
        """Drops the rows that were deleted together with another."""
        union = " UNION ALL ".join(
            f"SELECT '{name}', id FROM {resource.table}" for name, resource in self.schema.resources.items())
        alive = {(name, int(id)) for name, id in site.sql(union)}
        for name, rows in self.rows.items():
            rows[:] = [row for row in rows if (name, row.id) in alive]


def tables(site, names):
    """All columns of all rows; ids and references are replaced by the row's place in its table."""
    columns, targets = {}, {}
    for table, column in site.sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() "
            "ORDER BY table_name, ordinal_position"):
        columns.setdefault(table, []).append(column)
    for table, column, target in site.sql(
            "SELECT table_name, column_name, referenced_table_name FROM information_schema.key_column_usage "
            "WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL"):
        targets[table, column] = target
    rows = {}
    for name in names:
        listed = ", ".join(columns[name])
        found = site.sql(f"SELECT JSON_ARRAY({listed}) FROM {name} ORDER BY id")
        rows[name] = [dict(zip(columns[name], json.loads(cell), strict=True)) for [cell] in found]
    places = {name: {row["id"]: place for place, row in enumerate(found)} for name, found in rows.items()}
    for name, found in rows.items():
        for row in found:
            row["id"] = places[name][row["id"]]
            # An update that changes no value changes nothing in SOAP; in REST, as recorded, it sets updated_at.
            if "updated_at" in row:
                del row["revision"]
            for column, value in row.items():
                target = targets.get((name, column))
                row[column] = places[target].get(value) if target else without_now(value)
    return rows


def fill(site, schema, random, count):
    """A ledger of rows of every resource in one database; a 1:1 child may have fewer than `count`."""
    ledger = Ledger(schema)
    for resource in schema.resources.values():
        for _ in range(count):
            body = {}
            for field in resource.fields:
                row = ledger.any(field.target, random) if field.target else None
                if row or not field.target:
                    body[field.name] = row.id if row else right(field, random)
            answer = site.rest("POST", resource.path, body)
            if answer.status_code == 201:
                row = answer.json()
                ledger.rows[resource.singular].append(Row(resource, row, str(row["id"])))
        assert ledger.rows[resource.singular], (resource.singular, answer.text)
    return ledger
