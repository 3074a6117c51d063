"""What every SOAP toolkit must do correctly with the products service: tests of a story that each toolkit performs.

A story is one run of a toolkit through create, read, update, clear, list, faults and delete. It is a dictionary of
steps. A product in it is a dictionary of what the toolkit's user sees; a field that is absent in the answer is absent.
"""
import time

from lxml import etree

from site_client import DOMAINS

PRODUCT = {
    "product_id": "KETTLE", "sku": "KETTLE-SKU", "name": "Kettle 🫖 Größe <L> & \"Teeküche\" 東京",
    "description": "First line\nsecond line: 👩‍👩‍👧‍👦 e\u0301", "price": "99.90", "stock_quantity": 7,
    "status": "active", "category": "kitchen", "brand": "Messo", "weight": "1.50",
    "attribute": [["colour", "red"], ["mood", "🙂"]],
}
RENAMED = "Kettle, renamed 🎉"
LISTED = [f"ROW{number:04}" for number in range(1, 1001)]

# Fields that only the server sets, so that PRODUCT does not have them.
MADE_BY_THE_SERVER = ("created_at", "revision")


def prepare(site):
    """Empties the tables, and inserts the thousand rows that the toolkit lists."""
    site.reset()
    site.sql(
        "SET NAMES utf8mb4;"
        " INSERT INTO products (product_id, sku, name, price, stock_quantity, status, category, created_at, updated_at)"
        " SELECT CONCAT('ROW', LPAD(seq, 4, '0')), CONCAT('SKU', seq), CONCAT('Row ', seq, ' 🧦'), 99.90, seq, 'active',"
        " 'thousand', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_1000")


def wsdl(site, domain):
    return f"{site.url}/{domain}/soap/?wsdl"


def declared_operations(site, domain):
    """The operations of a service, as its WSDL has them."""
    document = etree.fromstring(site.rest("GET", f"/{domain}/soap/?wsdl").content)
    operations = {each.get("name") for each in document.iterfind("{*}portType/{*}operation")}
    assert len(operations) > 10, f"{domain} declares only {sorted(operations)}"
    return operations


def all_declared_operations(site):
    return {domain: declared_operations(site, domain) for domain in DOMAINS}


def without_what_the_server_made(product):
    return {name: value for name, value in product.items() if name not in MADE_BY_THE_SERVER}


def test_a_created_product_is_what_was_sent(story):
    assert without_what_the_server_made(story["created"]) == PRODUCT
    assert story["created"]["revision"] == 1


def test_the_time_of_creation_is_understood_as_utc(story):
    assert abs(story["created"]["created_at"] - time.time()) < 120


def test_a_product_reads_as_it_was_created(story):
    assert story["read"] == story["created"]


def test_money_keeps_its_two_places(story):
    assert story["read"]["price"] == "99.90"


def test_an_update_of_one_field_leaves_the_others(story):
    assert story["updated"] == story["created"] | {"name": RENAMED, "revision": 2}


def test_a_cleared_field_is_gone_and_the_others_stay(story):
    expected = story["created"] | {"name": RENAMED, "revision": 3}
    del expected["description"], expected["brand"]
    assert story["cleared"] == expected


def test_a_list_of_a_thousand_rows_arrives_whole(story):
    listed = story["listed"]
    assert (listed["total_count"], listed["has_more"]) == (1000, False)
    assert sorted(listed["product_ids"]) == LISTED
    assert sorted(listed["names"]) == sorted(f"Row {number} 🧦" for number in range(1, 1001))
    assert set(listed["prices"]) == {"99.90"}


def test_a_list_of_one_row_is_a_list(story):
    assert story["listed_one"]["product_ids"] == ["KETTLE"]


def test_an_empty_list_is_a_list(story):
    assert story["listed_none"]["product_ids"] == []


def test_a_missing_product_is_a_typed_fault(story):
    fault = story["missing"]
    assert fault["error_code"] == "NOT_FOUND"
    assert fault["text"].startswith("NOT_FOUND: ") and "GHOST" in fault["text"]
    assert fault["retryable"] is False
    assert fault["fields"] == []


def test_a_fault_names_its_request(story):
    assert len(story["missing"]["request_id"]) >= 16


def test_a_fault_blames_the_client_in_the_words_of_its_soap_version(story):
    assert story["missing"]["fault_code"] == {11: "Client", 12: "Sender"}[story["version"]]


def test_wrong_values_are_all_named_in_one_typed_fault(story):
    fault = story["invalid"]
    assert fault["error_code"] == "VALIDATION"
    assert sorted(fault["fields"]) == [
        ["product.price", "A valid number is required."],
        ["product.status", '"bogus" is not a valid choice. Choose one of: active, inactive, out_of_stock.']]


def test_an_update_of_an_old_revision_is_a_typed_fault(story):
    assert story["stale"]["error_code"] == "CONFLICT"


def test_a_deleted_product_is_gone(story):
    assert story["deleted"] is True
    assert story["gone"]["error_code"] == "NOT_FOUND"
