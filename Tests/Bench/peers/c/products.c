// Products by REST, and what orders and SOAP need of them.
#include "peer.h"

#include <stdio.h>
#include <string.h>

static void append(struct session *session, struct products *products, struct product *product)
{
    if (products->count == products->room) {
        struct product **rows = get(&session->arena, (products->room = products->room * 2 + 4) * sizeof *rows);
        products->rows = products->count ? memcpy(rows, products->rows, products->count * sizeof *rows) : rows;
    }
    products->rows[products->count++] = product;
}

// Appends the rows of a statement that has been started.
void read_products(struct session *session, enum name name, struct products *products)
{
    for (const struct cell *row; (row = fetch(session, name));) {
        struct product *product = get(&session->arena, sizeof *product);
        *product = (struct product){
            .id = row[0].number, .product_id = kept_cell(session, &row[1]), .sku = kept_cell(session, &row[2]),
            .name = kept_cell(session, &row[3]), .description = kept_cell(session, &row[4]),
            .price = kept_cell(session, &row[5]), .stock = row[6].number, .status = kept_cell(session, &row[7]),
            .category = kept_cell(session, &row[8]), .brand = kept_cell(session, &row[9]),
            .weight = kept_cell(session, &row[10]), .created = row[11].time, .updated = row[12].time,
            .revision = row[13].number};
        append(session, products, product);
    }
}

static void read_images(struct session *session, struct map *by_id)
{
    for (const struct cell *row; (row = fetch(session, IMAGES));) {
        struct product *product = find(by_id, row[0].number);
        struct image *image = get(&session->arena, sizeof *image);
        *image = (struct image){
            .id = row[1].number, .url = kept_cell(session, &row[2]), .is_primary = row[3].number,
            .created = row[4].time};
        if (product->last_image)
            product->last_image->next = image;
        else
            product->images = image;
        product->last_image = image;
    }
}

static void read_inventory(struct session *session, struct map *by_id)
{
    for (const struct cell *row; (row = fetch(session, INVENTORY));) {
        struct product *product = find(by_id, row[0].number);
        struct inventory *inventory = product->inventory = get(&session->arena, sizeof *inventory);
        *inventory = (struct inventory){
            .location = kept_cell(session, &row[1]), .reserved = row[2].number, .available = row[3].number};
        if (!row[4].is_null) {
            inventory->restocked = get(&session->arena, sizeof *inventory->restocked);
            *inventory->restocked = row[4].time;
        }
    }
}

// Reads the images and the inventory of the products, and makes them findable by id.
void read_parts(struct session *session, struct products *products)
{
    int64_t *ids = get(&session->arena, products->count * sizeof *ids);
    make_map(&session->arena, &products->by_id, products->count);
    for (size_t at = 0; at < products->count; at++)
        put(&products->by_id, ids[at] = products->rows[at]->id, products->rows[at]);
    for (size_t from = 0; from < products->count; from += MOST_IDS) {
        size_t size = products->count - from < MOST_IDS ? products->count - from : MOST_IDS;
        select_list(session, IMAGES, ids + from, size);
        read_images(session, &products->by_id);
        select_list(session, INVENTORY, ids + from, size);
        read_inventory(session, &products->by_id);
    }
}

// Reads whole products, in the order of their ids in the list.
void products_by_ids(struct session *session, const int64_t *ids, size_t count, struct products *products)
{
    for (size_t from = 0; from < count; from += MOST_IDS) {
        select_list(session, PRODUCTS, ids + from, count - from < MOST_IDS ? count - from : MOST_IDS);
        read_products(session, PRODUCTS, products);
    }
    read_parts(session, products);
    size_t found = 0;
    for (size_t at = 0; at < count; at++) {
        struct product *product = find(&products->by_id, ids[at]);
        if (product)
            products->rows[found++] = product;
    }
}

void json_product(struct text *text, const struct product *product)
{
    ADD(text, "{\"id\":");
    add_number(text, product->id);
    ADD(text, ",\"product_id\":");
    json_string(text, product->product_id);
    ADD(text, ",\"sku\":");
    json_string(text, product->sku);
    ADD(text, ",\"name\":");
    json_string(text, product->name);
    ADD(text, ",\"description\":");
    json_string(text, product->description);
    ADD(text, ",\"price\":");
    json_string(text, product->price);
    ADD(text, ",\"stock_quantity\":");
    add_number(text, product->stock);
    ADD(text, ",\"status\":");
    json_string(text, product->status);
    ADD(text, ",\"category\":");
    json_string(text, product->category);
    ADD(text, ",\"brand\":");
    json_string(text, product->brand);
    ADD(text, ",\"weight\":");
    json_string(text, product->weight);
    ADD(text, ",\"created_at\":\"");
    add_time(text, &product->created);
    ADD(text, "\",\"updated_at\":\"");
    add_time(text, &product->updated);
    ADD(text, "\",\"images\":[");
    for (const struct image *image = product->images; image; image = image->next) {
        ADD(text, "{\"id\":");
        add_number(text, image->id);
        ADD(text, ",\"image_url\":");
        json_string(text, image->url);
        if (image->is_primary)
            ADD(text, ",\"is_primary\":true,\"created_at\":\"");
        else
            ADD(text, ",\"is_primary\":false,\"created_at\":\"");
        add_time(text, &image->created);
        ADD(text, "\"},");
    }
    text->length -= product->images != NULL; // The last comma.
    ADD(text, "],\"inventory\":");
    const struct inventory *inventory = product->inventory;
    if (!inventory) {
        ADD(text, "null}");
        return;
    }
    ADD(text, "{\"warehouse_location\":");
    json_string(text, inventory->location);
    ADD(text, ",\"reserved_quantity\":");
    add_number(text, inventory->reserved);
    ADD(text, ",\"available_quantity\":");
    add_number(text, inventory->available);
    ADD(text, ",\"last_restocked_at\":");
    if (inventory->restocked) {
        ADD(text, "\"");
        add_time(text, inventory->restocked);
        ADD(text, "\"}}");
    } else {
        ADD(text, "null}}");
    }
}

static void json_list(struct text *text, const struct products *products)
{
    ADD(text, "[");
    for (size_t at = 0; at < products->count; at++) {
        if (at)
            ADD(text, ",");
        json_product(text, products->rows[at]);
    }
    ADD(text, "]");
}

void get_product(struct session *session, int64_t id, struct answer *answer)
{
    struct products products = {0};
    products_by_ids(session, &id, 1, &products);
    if (products.count)
        json_product(&answer->body, products.rows[0]);
    else
        answer->status = 404;
}

void list_products(struct session *session, const struct request *request, struct answer *answer)
{
    int64_t number = number_of(parameter(session, request, "page")), count = 0, ids[PAGE];
    number = number < 1 ? 1 : number;
    query_numbers(session, "SELECT COUNT(*) FROM products", &count, 1);
    char sql[128];
    snprintf(
        sql, sizeof sql, "SELECT id FROM products ORDER BY created_at DESC, id DESC LIMIT %d OFFSET %lld", PAGE,
        (long long)(number - 1) * PAGE);
    size_t found = query_numbers(session, sql, ids, PAGE);
    struct products products = {0};
    products_by_ids(session, ids, found, &products);
    start_page(&answer->body, request, count, number);
    json_list(&answer->body, &products);
    ADD(&answer->body, "}");
}

// A pattern for LIKE that finds the text anywhere.
static struct value pattern(struct session *session, struct value value)
{
    char *out = get(&session->arena, value.length * 2 + 2), *at = out;
    *at++ = '%';
    for (size_t from = 0; from < value.length; from++) {
        if (strchr("%_\\", value.bytes[from]))
            *at++ = '\\';
        *at++ = value.bytes[from];
    }
    if (value.length)
        *at++ = '%';
    return (struct value){out, (size_t)(at - out)};
}

void search_products(struct session *session, const struct request *request, struct answer *answer)
{
    struct value text = pattern(session, parameter(session, request, "q"));
    struct value category = pattern(session, parameter(session, request, "category"));
    MYSQL_BIND parameters[] = {text_parameter(&category), text_parameter(&text), text_parameter(&text)};
    struct products products = {0};
    execute(session, FOUND_PRODUCTS, parameters);
    read_products(session, FOUND_PRODUCTS, &products);
    read_parts(session, &products);
    json_list(&answer->body, &products);
}

// The values of some members of the request's object, or nothing for those that it does not have.
static bool read_members(
    struct session *session, const struct request *request, const char *const *names, struct value *values,
    size_t count)
{
    struct member members[32];
    size_t sent = json_members(&session->arena, request->body, members, sizeof members / sizeof *members);
    for (size_t at = 0; at < count; at++)
        for (size_t member = 0; member < sent; member++)
            if (equals(members[member].name, names[at]))
                values[at] = members[member].value;
    return sent > 0;
}

// The row is answered as it was sent, with what MariaDB has added.
void create_product(struct session *session, const struct request *request, struct answer *answer)
{
    static const char *const names[] = {
        "product_id", "sku", "name", "description", "price", "stock_quantity", "status", "category", "brand", "weight"};
    enum { COUNT = sizeof names / sizeof *names };
    struct value values[COUNT] = {0};
    if (!read_members(session, request, names, values, COUNT)) {
        answer->status = 400;
        return;
    }
    MYSQL_BIND parameters[COUNT];
    for (size_t at = 0; at < COUNT; at++)
        parameters[at] = text_parameter(&values[at]);
    struct product product = {
        .product_id = values[0], .sku = values[1], .name = values[2], .description = values[3], .price = values[4],
        .stock = number_of(values[5]), .status = values[6], .category = values[7], .brand = values[8],
        .weight = values[9]};
    execute(session, INSERT, parameters);
    for (const struct cell *row; (row = fetch(session, INSERT));) {
        product.id = row[0].number;
        product.created = product.updated = row[1].time;
    }
    answer->status = 201;
    json_product(&answer->body, &product);
}

// Changes the price and the stock, which the request must both have.
void update_product(struct session *session, int64_t id, const struct request *request, struct answer *answer)
{
    static const char *const names[] = {"price", "stock_quantity"};
    struct value values[2] = {0};
    read_members(session, request, names, values, 2);
    if (!values[0].bytes || !values[1].bytes) {
        answer->status = 400;
        return;
    }
    MYSQL_BIND parameters[] = {text_parameter(&values[0]), text_parameter(&values[1]), number_parameter(&id)};
    execute(session, UPDATE, parameters);
    get_product(session, id, answer);
}

void delete_product(struct session *session, int64_t id, struct answer *answer)
{
    MYSQL_BIND parameters[] = {number_parameter(&id)};
    execute(session, DELETE, parameters);
    answer->status = !session->has_failed && mysql_affected_rows(session->mariadb) ? 204 : 404;
}
