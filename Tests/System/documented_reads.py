"""Every list and every read of one row that the live documents declare, as requests with values that find rows."""
import collections

from lxml import etree

from site_client import DOMAINS, xml

SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
SEARCH_TEXT = "kettle 12"
PAGING = ("page", "page_size", "updated_since", "limit")
# Parameters of REST whose name is not that of the row's field.
FIELDS = {"segment": "customer_segment"}
# All rows have changed since the first time, and few since the second.
TIMES = ("2026-01-01T00:00:00Z", "2026-01-07T20:00:00Z")
LIMITS = (5, 1000)
KEYS = (3, 1000)


def common_and_rare(values):
    """The most frequent value, and one of the least frequent if there are others."""
    counted = collections.Counter(value for value in values if value not in (None, "")).most_common()
    return list(dict.fromkeys([counted[0][0], counted[-1][0]]))


# REST

def rest_reads(site):
    """The title and the path of each request."""
    paths = site.rest("GET", "/openapi.json").json()["paths"]
    for path, methods in paths.items():
        names = [parameter["name"] for parameter in methods.get("get", {}).get("parameters", [])]
        if "/api/" not in path or not names:
            continue
        # /products/api/products/search/ lists the rows of /products/api/products/.
        rows = site.rest("GET", "/".join(path.split("/")[:4]) + "/").json()["results"]
        if "id" in names:
            yield path, path.replace("{id}", str(rows[0]["id"]))
        else:
            yield from rest_lists(site, path, names, rows)


def rest_lists(site, path, names, rows):
    yield path, path
    if "limit" in names:
        yield from ((f"{path} limit {limit}", f"{path}?limit={limit}") for limit in LIMITS)
    queries = [""]
    for name in names:
        if name == "q":
            queries.append(f"q={SEARCH_TEXT}&")
        elif name not in PAGING:
            field = FIELDS.get(name, name)
            queries += [f"{name}={value}&" for value in common_and_rare(row[field] for row in rows)]
    for query in queries:
        title = f"{path} {query.rstrip('&')}".strip()
        if query:
            yield title, f"{path}?{query}"
        if "page" in names:
            middle = site.rest("GET", f"{path}?{query}page=1").json()["count"] // 200 + 1
            for page in (2, middle, "last"):
                yield f"{title} page {page}", f"{path}?{query}page={page}"


# SOAP

class Service:
    """The operations of one service and their elements, from the WSDL."""

    def __init__(self, site, domain):
        self.site = site
        self.domain = domain
        wsdl = etree.fromstring(site.rest("GET", f"/{domain}/soap/?wsdl").content)
        types = {each.get("name"): list(each.iter(SCHEMA + "element")) for each in wsdl.iter(SCHEMA + "complexType")}
        self.queries = {}
        self.keys = {}
        for operation in wsdl.iterfind(f".//{SCHEMA}schema/{SCHEMA}element"):
            name = operation.get("name")
            fields = {each.get("name"): each for each in operation.iter(SCHEMA + "element") if each is not operation}
            if "query" in fields:
                self.queries[name] = types[fields["query"].get("type").split(":")[1]]
            elif name.startswith(("get_", "track_", "validate_")) and fields and not name.endswith("Response"):
                self.keys[name], = fields

    def rows(self, operation, **query):
        """The name of the rows' element, and the rows."""
        result = self.site.call(self.domain, operation, f"<query>{xml(**query)}</query>")
        rows = [each for each in result if len(each)]
        return etree.QName(rows[0]).localname, rows


def soap_reads(site):
    """The title, the domain, the operation and the content of each request."""
    for domain in DOMAINS:
        service = Service(site, domain)
        first = {}
        for operation, fields in service.queries.items():
            names = [field.get("name") for field in fields]
            noun, rows = service.rows(operation, **({"page_size": 1000} if "page_size" in names else {"limit": 1000}))
            first.setdefault(noun, rows[0])
            for title, query in soap_queries(fields, rows):
                yield f"{operation} {title}".strip(), domain, operation, f"<query>{xml(**query)}</query>"
        for operation, key in service.keys.items():
            noun = max((noun for noun in first if noun in operation), key=len)
            yield operation, domain, operation, xml(**{key: first[noun].findtext("{*}" + key)})


def soap_queries(fields, rows):
    names = [field.get("name") for field in fields]
    yield "", {}
    if "limit" in names:
        yield from ((f"limit {limit}", {"limit": limit}) for limit in LIMITS)
        return
    narrowed = {"": {}}
    late = {"updated_since": TIMES[-1]} if "updated_since" in names else None
    for field in fields:
        name = field.get("name")
        values = [row.findtext("{*}" + name) for row in rows]
        if name == "updated_since":
            narrowed |= {f"{name} {time}": {name: time} for time in TIMES}
        elif name == "search":
            narrowed |= {name: {name: SEARCH_TEXT}}
        elif field.get("maxOccurs") == "unbounded":
            narrowed |= {f"{count} of {name}": {name: values[:count]} for count in KEYS}
        elif name not in PAGING:
            narrowed |= {f"{name} {value}": {name: value} for value in common_and_rare(values)}
            if late:
                narrowed |= {f"{name} and updated_since": late | {name: common_and_rare(values)[0]}}
    for title, query in narrowed.items():
        if query:
            yield title, query
        yield f"{title} page 3".strip(), {"page": 3} | query
        yield f"{title} page_size 1000".strip(), {"page_size": 1000} | query
