"""The right answers of the site, computed from the arithmetic of `data.py` without reading the rows."""
import datetime
from xml.etree import ElementTree

import data

PAGE = 100
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"


def moment(number, **later):
    time = data.EPOCH + datetime.timedelta(seconds=number * 10, microseconds=number * 137 % 1_000_000)
    return (time + datetime.timedelta(**later)).isoformat() + "Z"


def cents(product):
    return product * 37 % 100_000 + 99


def product(n):
    model = f"{n // data.PRODUCTS_PER_MODEL:06}"
    return {
        "id": n, "product_id": f"PRD-{n:07}", "sku": f"SKU-{n * 7919 % 9999991:07}",
        "name": name(n),
        "description": data.TEXT + model, "price": money(cents(n)), "stock_quantity": n % 500,
        "status": {0: "inactive", 10: "out_of_stock"}.get(n % 20, "active"), "category": category(n),
        "brand": f"Brand {n % 50}", "weight": money(n % 2000 + 10) if n % 10 else None,
        "created_at": moment(n), "updated_at": moment(n, seconds=n % 86400),
        "images": [
            {"id": (n - 1) * data.IMAGES + side,
             "image_url": f"https://images.example.com/products/{n:07}/{side}.jpg", "is_primary": side == 1,
             "created_at": moment(n)}
            for side in range(1, data.IMAGES + 1)],
        "inventory": {
            "warehouse_location": f"Aisle {n % 40}", "reserved_quantity": n % 10, "available_quantity": n % 500,
            "last_restocked_at": moment(n, days=1) if n % 3 else None},
    }


def name(n):
    adjective, noun = data.ADJECTIVES[n % len(data.ADJECTIVES)], data.NOUNS[n % len(data.NOUNS)]
    return f"{adjective} {noun} M{n // data.PRODUCTS_PER_MODEL:06}"


def category(n):
    return data.CATEGORIES[n // data.PRODUCTS_PER_MODEL % len(data.CATEGORIES)]


def order(n, products):
    items, total = [], 0
    for line in range(2 + n % 2):
        bought, quantity = (n * 31 + line * 97) % products + 1, (n + line) % 3 + 1
        total += quantity * cents(bought)
        items.append({
            "id": (n - 1) * 3 + line + 1, "product": product(bought), "quantity": quantity,
            "unit_price": money(cents(bought)), "subtotal": money(quantity * cents(bought))})
    return {
        "id": n, "order_id": f"ORD-{n:07}", "customer_name": f"Ana Müller {n % 5000}",
        "customer_email": f"customer{n % 5000}@example.com", "customer_phone": f"+34 600 {n % 1_000_000:06}",
        "status": data.ORDER_STATUSES[n % 6], "total_amount": money(total),
        "shipping_address": f"Calle Mayor {n % 300}, 28013 Madrid",
        "billing_address": "" if n % 4 else f"Gran Vía {n % 100}, 28013 Madrid", "payment_method": "card",
        "payment_status": "paid" if n % 3 else "pending", "notes": "" if n % 10 else "Leave it at the door.",
        "created_at": moment(n), "updated_at": moment(n, seconds=n % 86400), "items": items,
        "tracking": {
            "tracking_number": f"TRACK{n:07}", "carrier": data.CARRIERS[n % len(data.CARRIERS)],
            "shipped_at": moment(n, days=1) if n % 6 in (3, 4) else None,
            "estimated_delivery": moment(n, days=3), "actual_delivery": None},
    }


def page(make, count, number, url):
    """A page of the list that is sorted with the newest row first, which has the highest number."""
    first = count - (number - 1) * PAGE
    last = max(first - PAGE, 0)
    previous = None if number == 1 else url if number == 2 else f"{url}?page={number - 1}"
    return {
        "count": count, "next": f"{url}?page={number + 1}" if last else None, "previous": previous,
        "results": [make(n) for n in range(first, last, -1)]}


def search(word, part, products):
    """The products with these texts in the name and in the category, in upper or lower case, the newest first."""
    word, part = word.lower(), part.lower()
    return [
        product(n) for n in range(products, 0, -1)
        if part in category(n).lower() and word in name(n).lower()]


def search_model(model, products):
    """The products of one model, the newest first."""
    size = data.PRODUCTS_PER_MODEL
    return [product(n) for n in range(min((model + 1) * size - 1, products), max(model * size, 1) - 1, -1)]


# --- SOAP -------------------------------------------------------------------------------------------------------------

def elements(result, fields):
    """Children for a result: a list repeats its element, None is absent."""
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                elements(ElementTree.SubElement(result, name), each)
            elif each is not None:
                text = str(each).lower() if isinstance(each, bool) else str(each)
                ElementTree.SubElement(result, name).text = text


def soap_product(n):
    """The product as SOAP shows it: by its own number, with its revision, and images one by one."""
    fields = product(n)
    del fields["id"]
    images, inventory = fields.pop("images"), fields.pop("inventory")
    return fields | {"revision": 1 + data.IMAGES + 1, "image": images, "inventory": inventory}


def soap(operation, fields, namespace="http://messo.products.soap/v1"):
    root = ElementTree.Element("Envelope")
    body = ElementTree.SubElement(root, "Body")
    result = ElementTree.SubElement(ElementTree.SubElement(body, operation + "Response"), "result")
    elements(result, fields)
    for element in root.iter():
        element.tag = f"{{{ENVELOPE if element in (root, body) else namespace}}}{element.tag}"
    return tree(root)


def soap_page(products, number):
    first, last = (number - 1) * PAGE, min(number * PAGE, products)
    return soap("list_products", {
        "page": number, "page_size": PAGE, "total_count": products, "has_more": last < products,
        "product": [soap_product(n) for n in range(first + 1, last + 1)]})


def tree(element):
    """An element without what must not matter in the comparison: prefixes, white space, and the time of a page."""
    children = [tree(child) for child in element if not child.tag.endswith("}next_updated_since")]
    return element.tag, children or element.text or ""
