"""Every list of SOAP: its pages, its limits, and each filter of its query with real rows."""
import random

import pytest

from parity_rows import fill
from parity_schema import Schema
from parity_values import spell
from soap_lists import RESOURCES, Lists

LARGEST = 2147483647
PAGING = {"page", "page_size", "updated_since"}
# The filters that search for a part of a text, ignoring case, and their columns; all other filters are exact.
PARTS = {("product", "category"): ["category"], ("product", "search"): ["name", "sku"]}

each_resource = pytest.mark.parametrize("singular", RESOURCES)


@pytest.fixture(scope="module")
def lists(shared_site):
    shared_site.reset()
    schema = Schema(shared_site)
    # The seed is fixed, so that the filters find the same rows in every run.
    return Lists(shared_site, schema, fill(shared_site, schema, random.Random(4), 6))


@each_resource
def test_pages_of_one_row_make_up_the_whole_list(lists, singular):
    resource = lists.schema.resources[singular]
    expected = lists.keys(resource)
    count = len(expected)
    for number in range(1, count + 1):
        page = lists.page(resource, page=number, page_size=1)
        assert (page.page, page.page_size, page.total_count) == (number, 1, count)
        assert page.keys == [expected[number - 1]] and page.has_more == (number < count)
    behind = lists.page(resource, page=count + 1, page_size=1)
    assert behind.keys == [] and not behind.has_more and behind.total_count == count


@each_resource
def test_a_list_without_a_query_is_its_first_fifty(lists, singular):
    resource = lists.schema.resources[singular]
    page = lists.page(resource)
    assert (page.page, page.page_size, page.has_more) == (1, 50, False)
    assert page.keys == lists.keys(resource) == lists.page(resource, page_size=1000).keys


@each_resource
@pytest.mark.parametrize("field, value, problem", [
    ("page_size", "1001", "Ensure this value is less than or equal to 1000."),
    ("page_size", "-1", "Ensure this value is greater than or equal to 1."),
    ("page_size", "-1", "Ensure this value is greater than or equal to 1."),
    ("page_size", "many", "A valid integer is required."),
    ("page", "-1", "Ensure this value is greater than or equal to 1."),
    ("page", "2147483648", "Ensure this value is less than or equal to 2147483647."),
    ("page", "last", "A valid integer is required."),
], ids=lambda value: value[:12] or "empty")
def test_a_page_out_of_its_limits_is_refused(lists, singular, field, value, problem):
    assert lists.refusal(lists.schema.resources[singular], **{field: value}) == {f"query.{field}": problem}


@each_resource
def test_the_last_possible_page_is_empty(lists, singular):
    page = lists.page(lists.schema.resources[singular], page=LARGEST, page_size=1000)
    assert page.keys == [] and not page.has_more and page.page == LARGEST


def fits(lists, resource, element, value):
    """Whether the filter must find a row, by the values that REST shows."""
    def judge(row):
        if columns := PARTS.get((resource.singular, element)):
            return any(value.lower() in row.answer[column].lower() for column in columns)
        return spell(lists.ledger.soap_value(row, element)) == value
    return judge


def filter_values(lists, resource, element):
    """Values of the rows, shortened for filters that search for parts, and a value that no row has."""
    if columns := PARTS.get((resource.singular, element)):
        texts = [row.answer[column] for row in lists.rows(resource) for column in columns]
        parts = {text[1:4].swapcase() for text in texts if text[1:4].isascii() and text[1:4].strip()}
        return sorted(parts | {"%", "_", "no such part"})
    found = {spell(value) for row in lists.rows(resource)
             if (value := lists.ledger.soap_value(row, element)) not in (None, "")}
    field = resource.soap_field(element)
    return sorted(found) + (["no such value"] if field.is_text or field.target else [])


@each_resource
def test_every_filter_narrows_to_the_rows_that_fit(lists, singular):
    resource = lists.schema.resources[singular]
    for element in set(resource.query) - PAGING:
        values = filter_values(lists, resource, element)
        assert len(values) > 1
        for value in values:
            expected = lists.keys(resource, fits(lists, resource, element, value))
            page = lists.page(resource, **{element: value})
            assert (page.keys, page.total_count) == (expected, len(expected)), (element, value)


@each_resource
def test_a_text_filter_takes_any_text_as_rest_does(lists, singular):
    """By the contract, unknown values find nothing, any length is allowed and nothing is trimmed. The value of a closed
    list must be a member, and otherwise the fault names the choices."""
    resource = lists.schema.resources[singular]
    for element in set(resource.query) - PAGING - {resource.key}:
        field = resource.soap_field(element)
        if field is not None and "enum" in field.schema:
            choices = field.schema["enum"]
            for value in ("no such value", choices[0].upper(), choices[0] + " ", choices[0] + "\u0301"):
                problem = f'"{value}" is not a valid choice. Choose one of: {", ".join(choices)}.'
                assert lists.refusal(resource, **{element: value}) == {f"query.{element}": problem}
        elif field is None or field.is_text or field.target:
            value = "x" * 300
            expected = lists.keys(resource, fits(lists, resource, element, value))
            assert lists.page(resource, **{element: value}).keys == expected, (element, value)


@each_resource
def test_an_empty_element_of_a_query_is_absent(lists, singular):
    """Toolkits send a filter that nobody set as an empty element. .NET's DataContract serializer sends an unset number
    as 0, and an unset time as the first second of year 1."""
    resource = lists.schema.resources[singular]
    whole = lists.page(resource)
    assert len(whole.keys) > 1
    empty = {element: "" for element in resource.query}
    unset = {"page": 0, "page_size": 0}
    if "updated_since" in empty:
        unset |= {"updated_since": "0001-01-01T00:00:00"}
    for query in ({element: ""} for element in empty):
        assert lists.page(resource, **query) == whole, query
    for zero in ("\n0\n", "00", "+0", "-0"):
        assert lists.page(resource, page=zero, page_size=zero) == whole
    for blank in ({element: "\n "} for element in resource.query):
        assert lists.page(resource, **blank) == whole, blank
    assert lists.page(resource, **empty) == whole
    assert lists.page(resource, **unset) == whole
    assert lists.page(resource, **(empty | unset)) == whole
    # A filter works as well when empty ones stand beside it.
    for element in set(resource.query) - PAGING:
        value = filter_values(lists, resource, element)[0]
        assert lists.page(resource, **(empty | {element: value})) == lists.page(resource, **{element: value})


def test_an_empty_argument_of_a_list_is_absent(lists):
    search = lists.schema.resources["product"]
    whole = lists.page(search, "search_products")
    assert lists.page(search, "search_products", search="", category="", page="", page_size=0) == whole
    for operation, singular in (("get_top_products", "product_analytics"), ("get_top_customers", "customer_insight")):
        resource = lists.schema.resources[singular]
        whole = lists.page(resource, operation)
        assert len(whole.keys) > 1
        assert lists.page(resource, operation, limit="") == lists.page(resource, operation, limit=0) == whole


@each_resource
def test_two_filters_find_what_fits_both(lists, singular):
    resource = lists.schema.resources[singular]
    elements = [element for element in resource.query if element not in PAGING]
    for first, second in zip(elements, elements[1:]):
        for one in filter_values(lists, resource, first)[:4]:
            for other in filter_values(lists, resource, second)[:4]:
                both = [fits(lists, resource, first, one), fits(lists, resource, second, other)]
                expected = lists.keys(resource, lambda row: all(judge(row) for judge in both))
                assert lists.page(resource, **{first: one, second: other}).keys == expected


def test_a_filter_and_a_page_count_the_rows_that_fit(lists):
    resource = lists.schema.resources["product"]
    status = lists.rows(resource)[0].answer["status"]
    expected = lists.keys(resource, fits(lists, resource, "status", status))
    page = lists.page(resource, status=status, page=1, page_size=1)
    assert page.total_count == len(expected) and page.keys == expected[:1] and page.has_more == (len(expected) > 1)


@pytest.mark.parametrize("singular, element, value, problem", [
    ("discount", "is_active", "perhaps", "Must be a valid boolean."),
    ("performance_metric", "metric_date", "soon",
     "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
    ("product", "updated_since", "soon", "Datetime has wrong format. Use one of these formats instead: "
     "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."),
])
def test_a_filter_that_is_no_value_of_its_field_is_refused(lists, singular, element, value, problem):
    assert lists.refusal(lists.schema.resources[singular], **{element: value}) == {f"query.{element}": problem}


def repeated_keys(lists):
    return [each for each in lists.schema.resources.values()
            if each.key in each.query and not each.is_numbered and each.soap_field(each.key).target is None]


def test_repeated_keys_find_exactly_these_rows(lists):
    resources = repeated_keys(lists)
    assert len(resources) > 10
    for resource in resources:
        keys = lists.keys(resource)
        for asked in (keys[:1], keys[1:3], keys[::-1], keys[:2] * 2, ["no such key"], [keys[-1], "no such key"]):
            expected = [key for key in keys if key in asked]
            page = lists.page(resource, **{resource.key: asked})
            assert (page.keys, page.total_count) == (expected, len(expected))


def test_a_thousand_keys_are_taken_and_one_more_is_refused(lists):
    for resource in repeated_keys(lists):
        [last, *_] = lists.keys(resource)
        many = [f"key {number}" for number in range(999)] + [last]
        assert lists.page(resource, **{resource.key: many}).keys == [last]
        problems = lists.refusal(resource, **{resource.key: many + ["one more"]})
        assert problems == {f"query.{resource.key}": "Ensure there are no more than 1000 keys."}


@pytest.mark.parametrize("since, found", [
    ("2020-01-01T00:00:00Z", 6), ("2020-01-02T00:00:00.000002Z", 4), ("2020-01-02T00:00:00.000003Z", 3),
    ("2020-01-02T01:00:00.000003+01:00", 3), ("2020-01-01T19:00:00.000002-05:00", 4), ("2030-01-01T00:00:00", 0),
])
def test_updated_since_takes_the_very_moment_and_what_is_later(lists, since, found):
    resources = [each for each in lists.schema.resources.values() if "updated_since" in each.query]
    assert len(resources) == 7
    # A product changes with its stock as well.
    lists.site.sql("SET timestamp = 1; UPDATE inventory SET revision = revision + 1")
    for resource in resources:
        rows = lists.rows(resource)
        assert len(rows) in (5, 6)
        for place, row in enumerate(rows):
            moment = f"2020-01-02 00:00:00.00000{place}"
            lists.site.sql(
                f"SET time_zone = '+00:00', timestamp = UNIX_TIMESTAMP('{moment}'); "
                f"UPDATE {resource.table} SET revision = revision + 1 WHERE id = {row.id}")
        expected = lists.keys(resource)[6 - found:]
        page = lists.page(resource, updated_since=since)
        assert (page.keys, page.total_count) == (expected, len(expected)), resource.singular


def test_a_change_of_what_is_shown_inside_a_row_is_one_of_the_row(site):
    """A client that reads a new order before its items are added must get the order again."""
    product, order = site.product("P"), site.order("O")

    def changes(since):
        query = f"<query><updated_since>{since}</updated_since></query>"
        return {
            noun: [row.findtext("{*}" + key) for row in site.call(domain, operation, query).findall("{*}" + noun)]
            for domain, operation, noun, key in [
                ("orders", "list_orders", "order", "order_id"), ("products", "list_products", "product", "product_id")]}

    for path, body, expected in [
        ("/orders/api/order-items/", {"order": order["id"], "product": product["id"], "quantity": 1,
                                      "unit_price": "1.00", "subtotal": "1.00"}, {"order": ["O"], "product": []}),
        ("/products/api/inventory/", {"product": product["id"]}, {"order": [], "product": ["P"]}),
    ]:
        [[now]] = site.sql("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%T.%fZ')")
        assert changes(now) == {"order": [], "product": []}
        site.create(path, body)
        assert changes(now) == expected
    assert site.rest("GET", f"/orders/api/orders/{order['id']}/").json()["updated_at"] == order["updated_at"]
