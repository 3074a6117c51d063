"""Right and wrong values for the fields of requests, as far as JSON and XML can both express them.

Values that the two read differently on purpose are left out: spaces around a text, null, 1e2.
"""
LETTERS = "abcXYZ019 -_.%|\\/<>&\"'äßéІ漢字😀\u0301"


def spell(value):
    """The text of a JSON value in XML."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def word(random, most=12):
    return "".join(random.choice(LETTERS) for _ in range(random.randint(1, most))).strip() or "x"


def text(field, random):
    longest = field.schema.get("maxLength", 400)
    if field.may_be_blank and random.random() < 0.2:
        return ""
    if field.name.endswith("email"):
        name, host = random.choice(["ana", "o.brien+x", "li"]), random.choice(["a.com", "büro.de"])
        return f"{name}{random.randint(1, 9)}@{host}"
    if field.schema.get("format") == "uri" or field.name.endswith("_url"):
        return f"https://example.com/{random.randint(1, 99)}.png?a=1&b=2"
    if random.random() < 0.05:
        return random.choice("x😀") * longest
    return word(random, min(longest, 20))


def decimal(field, random):
    whole = int(field.schema["maximum"])
    least = 0 if field.schema["minimum"] >= 0 else -whole
    number = random.choice([0, 1, whole, random.randint(least, whole), random.randint(0, min(whole, 100))])
    tenth, hundredth = random.randint(0, 9), random.randint(0, 99)
    return random.choice([str(number), f"{number}.{tenth}", f"{number}.{hundredth:02}", number])


def day(field, random):
    """A random day; starts are mostly before ends, since otherwise every other pair would be refused."""
    if random.random() < 0.1:
        years = 2001, 2099
    else:
        years = (2051, 2099) if any(word in field.name for word in ("end", "until")) else (2001, 2050)
    return f"{random.randint(*years)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def moment(field, random):
    time = f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}"
    fraction = random.choice(["", "", ".5", ".123456", ".123456789"])
    return f"{day(field, random)}T{time}{fraction}{random.choice(['', 'Z', '+02:00', '-09:30'])}"


def right(field, random):
    """A value that the field accepts; the caller finds references."""
    schema, types = field.schema, field.types
    if "enum" in schema:
        return random.choice(schema["enum"])
    if "boolean" in types:
        return random.choice([True, False])
    if "number" in types:
        return decimal(field, random)
    if "integer" in types:
        number = random.choice([
            max(0, schema["minimum"]) + random.randint(0, 9), schema["maximum"], schema["minimum"],
            random.randint(schema["minimum"], schema["maximum"])])
        return random.choice([number, str(number)])
    if schema.get("format") == "date":
        return day(field, random)
    if schema.get("format") == "date-time":
        return moment(field, random)
    return text(field, random)


def wrong(field, random):
    """A value that the field refuses for the same reason in JSON and XML."""
    schema, types = field.schema, field.types
    if "enum" in schema:
        return random.choice(["nope", "", schema["enum"][0].upper(), "<&>", 7])
    if "boolean" in types:
        return random.choice(["maybe", "", "2", 2])
    if "number" in types:
        largest = int(schema["maximum"])
        wrongs = ["abc", "1.234", "1,5", str(largest + 1), f"{largest}.999", "9" * 20, "--1", "1 2", "NaN", "9" * 1001]
        return random.choice(wrongs + (["-0.01", -1] if schema["minimum"] == 0 else []))
    if "integer" in types:
        beyond = [schema["maximum"] + 1, schema["minimum"] - 1, "9" * 30, "9" * 1001]
        return random.choice(["abc", "1.5", "", "1e3", *beyond])
    if schema.get("format") == "date":
        return random.choice(["2030-13-01", "2030-02-29", "soon", "", "01/02/2030", "2030-01-02T00:00:00Z"])
    if schema.get("format") == "date-time":
        return random.choice([
            "soon", "", "2030-01-02T25:00:00Z", "2030-02-30T00:00:00", "2030-01-02T03:04:60Z", "2030-01-02t03:04:05z",
            "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
    longest = schema.get("maxLength")
    wrongs = [] if field.may_be_blank else ["", " "]
    if longest:
        wrongs += ["x" * (longest + 1), "漢" * (longest + 1)]
    if field.name.endswith("email"):
        wrongs += ["no address", "a@", "@b.com", "a@b"]
    if field.name.endswith("_url"):
        wrongs += ["example", "javascript:alert(1)", "http://"]
    return random.choice(wrongs) if wrongs else None
