"""Checks FOLDER/openapi.json: each JSON body has an example that fits its schema, and no part is missing or unused."""
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker

with open(sys.argv[1] + "openapi.json", encoding="utf-8") as file:
    document = json.load(file)
schemas, examples = document["components"]["schemas"], document["components"]["examples"]
assert examples.keys() <= schemas.keys()
for name, example in examples.items():
    schema = {"$ref": "#/components/schemas/" + name, "components": document["components"]}
    Draft202012Validator.check_schema(schemas[name])
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(example["value"])


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for element in value:
            yield from references(element)


def bodies(value):
    if isinstance(value, dict):
        if "application/json" in value.get("content", {}):
            yield value["content"]["application/json"]
        for member in value.values():
            yield from bodies(member)


for body in bodies({"paths": document["paths"], "responses": document["components"]["responses"]}):
    assert body["examples"], body
used = set(references(document))
for reference in used:
    place = document
    for key in reference.removeprefix("#/").split("/"):
        place = place[key]
for group in ("schemas", "examples", "responses", "headers"):
    for name in document["components"][group]:
        assert f"#/components/{group}/{name}" in used, f"{group}/{name} is used nowhere"
