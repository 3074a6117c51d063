"""suds-community, which only writes SOAP 1.1."""
import pytest
import suds
import suds.client
from suds.sudsobject import asdict

import product_story
from product_story import *  # noqa: F403 - the tests of the story
from site_client import DOMAINS


def client(site, domain):
    # Without suds's cache, which would outlive the site.
    return suds.client.Client(product_story.wsdl(site, domain), cache=None)


def seen(product):
    """The product's fields as plain values, since suds has a text class of its own."""
    plain = {name: value for name, value in asdict(product).items() if value is not None and value != []}
    plain = {name: str(value) if isinstance(value, str) else value for name, value in plain.items()}
    plain["attribute"] = [[str(each.name), str(each.value)] for each in plain.pop("attribute", [])]
    assert plain.pop("updated_at") >= plain["created_at"]
    return plain | {"created_at": plain["created_at"].timestamp()}


def seen_page(page):
    products = getattr(page, "product", [])
    return {
        "total_count": page.total_count, "has_more": page.has_more,
        "product_ids": [str(product.product_id) for product in products],
        "names": [str(product.name) for product in products], "prices": [str(product.price) for product in products]}


def fault_of(operation, *arguments):
    with pytest.raises(suds.WebFault) as caught:
        operation(*arguments)
    fault = caught.value.fault
    detail = fault.detail.service_fault
    return {
        "fault_code": fault.faultcode.split(":")[-1], "text": fault.faultstring, "error_code": detail.error_code,
        # suds knows no types for the content of a fault, and returns texts.
        "retryable": {"true": True, "false": False}[detail.retryable], "request_id": detail.request_id,
        "fields": [[each.field, each.problem] for each in many(getattr(detail, "field_error", []))]}


def many(value):
    """A list, since suds returns a repeated element without a type as itself if there is only one."""
    return value if isinstance(value, list) else [value]


def made(products, kind, fields):
    """An object of a type of the WSDL with these fields set."""
    thing = products.factory.create(kind)
    for name, value in fields.items():
        setattr(thing, name, value)
    return thing


@pytest.fixture(scope="module")
def story(shared_site):
    product_story.prepare(shared_site)
    products = client(shared_site, "products")
    call = products.service["ProductServiceSoap11Port"]
    attributes = [
        made(products, "Attribute", {"name": name, "value": value})
        for name, value in product_story.PRODUCT["attribute"]]
    product = product_story.PRODUCT | {"attribute": attributes}
    wrong = product | {"product_id": "OTHER", "sku": "OTHER", "price": "1,50", "status": "bogus"}

    def changes(**fields):
        return made(products, "ProductChanges", fields)

    def query(**fields):
        return made(products, "ProductQuery", fields)

    return {
        "version": 11,
        "created": seen(call.create_product(made(products, "ProductInput", product))),
        "read": seen(call.get_product("KETTLE")),
        "updated": seen(call.update_product("KETTLE", changes(name=product_story.RENAMED))),
        "cleared": seen(call.update_product("KETTLE", changes(clear_field=["description", "brand"]))),
        "listed": seen_page(call.list_products(query(page_size=1000, category="thousand"))),
        "listed_one": seen_page(call.list_products(query(product_id=["KETTLE"]))),
        "listed_none": seen_page(call.list_products(query(product_id=["GHOST"]))),
        "missing": fault_of(call.get_product, "GHOST"),
        "invalid": fault_of(call.create_product, made(products, "ProductInput", wrong)),
        "stale": fault_of(call.update_product, "KETTLE", changes(name="Late", expected_revision=1)),
        "deleted": call.delete_product("KETTLE"),
        "gone": fault_of(call.get_product, "KETTLE"),
    }


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_wsdl_is_read_with_all_operations_at_both_ports(shared_site, domain):
    [definition] = client(shared_site, domain).sd
    assert len(definition.ports) == 2
    for port, operations in definition.ports:
        assert {name for name, _ in operations} == product_story.declared_operations(shared_site, domain), port.name
