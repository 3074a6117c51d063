// SOAP's get_product and list_products.
#include "peer.h"

#include <stdio.h>

#define START(operation)                                                                                               \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/"  \
    "\"><soap:Body><" operation "Response xmlns=\"http://messo.products.soap/v1\"><result>"
#define END(operation) "</result></" operation "Response></soap:Body></soap:Envelope>"

static void xml_product(struct text *text, const struct product *product)
{
    xml_element(text, "product_id", product->product_id);
    xml_element(text, "sku", product->sku);
    xml_element(text, "name", product->name);
    xml_element(text, "description", product->description);
    xml_element(text, "price", product->price);
    xml_number(text, "stock_quantity", product->stock);
    xml_element(text, "status", product->status);
    xml_element(text, "category", product->category);
    xml_element(text, "brand", product->brand);
    xml_element(text, "weight", product->weight);
    xml_time(text, "created_at", &product->created);
    xml_time(text, "updated_at", &product->updated);
    xml_number(text, "revision", product->revision);
    for (const struct image *image = product->images; image; image = image->next) {
        ADD(text, "<image>");
        xml_number(text, "id", image->id);
        xml_element(text, "image_url", image->url);
        xml_element(
            text, "is_primary", image->is_primary ? (struct value){"true", 4} : (struct value){"false", 5});
        xml_time(text, "created_at", &image->created);
        ADD(text, "</image>");
    }
    const struct inventory *inventory = product->inventory;
    if (!inventory)
        return;
    ADD(text, "<inventory>");
    xml_element(text, "warehouse_location", inventory->location);
    xml_number(text, "reserved_quantity", inventory->reserved);
    xml_number(text, "available_quantity", inventory->available);
    if (inventory->restocked)
        xml_time(text, "last_restocked_at", inventory->restocked);
    ADD(text, "</inventory>");
}

static void one(struct session *session, struct value key, struct answer *answer)
{
    struct products products = {0};
    MYSQL_BIND parameters[] = {text_parameter(&key)};
    execute(session, PRODUCT_BY_KEY, parameters);
    read_products(session, PRODUCT_BY_KEY, &products);
    if (!products.count) {
        answer->status = 500;
        return;
    }
    read_parts(session, &products);
    ADD(&answer->body, START("get_product"));
    xml_product(&answer->body, products.rows[0]);
    ADD(&answer->body, END("get_product"));
}

static void list(struct session *session, struct value body, struct answer *answer)
{
    int64_t number = number_of(xml_content(body, "page")), size = number_of(xml_content(body, "page_size"));
    int64_t count = 0, ids[PAGE];
    number = number < 1 ? 1 : number;
    size = size < 1 || size > PAGE ? PAGE : size;
    query_numbers(session, "SELECT COUNT(*) FROM products", &count, 1);
    char sql[128];
    snprintf(
        sql, sizeof sql, "SELECT id FROM products ORDER BY id LIMIT %lld OFFSET %lld", (long long)size,
        (long long)((number - 1) * size));
    size_t found = query_numbers(session, sql, ids, PAGE);
    struct products products = {0};
    products_by_ids(session, ids, found, &products);
    struct text *text = &answer->body;
    ADD(text, START("list_products"));
    xml_number(text, "page", number);
    xml_number(text, "page_size", size);
    xml_number(text, "total_count", count);
    xml_element(
        text, "has_more", number * size < count ? (struct value){"true", 4} : (struct value){"false", 5});
    for (size_t at = 0; at < products.count; at++) {
        ADD(text, "<product>");
        xml_product(text, products.rows[at]);
        ADD(text, "</product>");
    }
    ADD(text, END("list_products"));
}

void soap(struct session *session, const struct request *request, struct answer *answer)
{
    answer->type = "text/xml; charset=utf-8";
    if (xml_content(request->body, "get_product").bytes)
        one(session, xml_content(request->body, "product_id"), answer);
    else if (xml_content(request->body, "list_products").bytes)
        list(session, request->body, answer);
    else
        answer->status = 500;
}
