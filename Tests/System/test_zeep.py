"""zeep with strict settings, in both SOAP versions."""
import datetime

import pytest
import zeep
from zeep.helpers import serialize_object

import product_story
from product_story import *  # noqa: F403 - the tests of the story
from site_client import DOMAINS


def client(site, domain):
    return zeep.Client(product_story.wsdl(site, domain), settings=zeep.Settings(strict=True))


def seen(product):
    """The product's fields as plain values."""
    plain = {name: value for name, value in serialize_object(product, dict).items() if value not in (None, [])}
    plain["attribute"] = [[each["name"], each["value"]] for each in plain.pop("attribute", [])]
    assert isinstance(plain["created_at"], datetime.datetime) and plain.pop("updated_at") >= plain["created_at"]
    return plain | {"created_at": plain["created_at"].timestamp()}


def seen_page(page):
    return {
        "total_count": page.total_count, "has_more": page.has_more,
        "product_ids": [product.product_id for product in page.product],
        "names": [product.name for product in page.product], "prices": [product.price for product in page.product]}


def fault_of(zeep_client, operation, *arguments):
    with pytest.raises(zeep.exceptions.Fault) as caught:
        operation(*arguments)
    fault = caught.value
    element = zeep_client.get_element("{http://messo.products.soap/v1}service_fault")
    detail = element.parse(fault.detail.find(element.qname), zeep_client.wsdl.types)
    return {
        "fault_code": fault.code.split(":")[-1], "text": fault.message, "error_code": detail.error_code,
        "retryable": detail.retryable, "request_id": detail.request_id,
        "fields": [[each.field, each.problem] for each in detail.field_error]}


@pytest.fixture(scope="module", params=[11, 12], ids=["soap11", "soap12"])
def story(shared_site, request):
    product_story.prepare(shared_site)
    products = client(shared_site, "products")
    call = products.bind("ProductService", f"ProductServiceSoap{request.param}Port")
    product = dict(product_story.PRODUCT)
    product["attribute"] = [{"name": name, "value": value} for name, value in product["attribute"]]
    return {
        "version": request.param,
        "created": seen(call.create_product(product)),
        "read": seen(call.get_product("KETTLE")),
        "updated": seen(call.update_product("KETTLE", {"name": product_story.RENAMED})),
        "cleared": seen(call.update_product("KETTLE", {"clear_field": ["description", "brand"]})),
        "listed": seen_page(call.list_products({"page_size": 1000, "category": "thousand"})),
        "listed_one": seen_page(call.list_products({"product_id": ["KETTLE"]})),
        "listed_none": seen_page(call.list_products({"product_id": ["GHOST"]})),
        "missing": fault_of(products, call.get_product, "GHOST"),
        "invalid": fault_of(products, call.create_product, product | {
            "product_id": "OTHER", "sku": "OTHER", "price": "1,50", "status": "bogus"}),
        "stale": fault_of(products, call.update_product, "KETTLE", {"name": "Late", "expected_revision": 1}),
        "deleted": call.delete_product("KETTLE"),
        "gone": fault_of(products, call.get_product, "KETTLE"),
    }


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_wsdl_is_read_with_both_ports_and_all_operations(shared_site, domain):
    [service] = client(shared_site, domain).wsdl.services.values()
    assert [name[-10:] for name in service.ports] == ["Soap11Port", "Soap12Port"]
    for port in service.ports.values():
        assert set(port.binding.all()) == product_story.declared_operations(shared_site, domain)
