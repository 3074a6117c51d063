// Orders by REST, with their items, the items' products, and tracking.
#include "peer.h"

#include <stdio.h>
#include <string.h>

enum { TEXTS = 11 };

struct item {
    struct item *next;
    int64_t id, product, quantity;
    struct value price, subtotal;
};

struct tracking {
    struct value number, carrier;
    MYSQL_TIME times[3];
    bool has[3];
};

struct order {
    int64_t id;
    struct value texts[TEXTS];
    MYSQL_TIME created, updated;
    struct item *items, *last_item;
    struct tracking *tracking;
};

static void read_orders(struct session *session, struct map *by_id)
{
    for (const struct cell *row; (row = fetch(session, ORDERS));) {
        struct order *order = get(&session->arena, sizeof *order);
        *order = (struct order){.id = row[0].number, .created = row[12].time, .updated = row[13].time};
        for (int at = 0; at < TEXTS; at++)
            order->texts[at] = kept_cell(session, &row[at + 1]);
        put(by_id, order->id, order);
    }
}

static void read_items(struct session *session, struct map *by_id)
{
    for (const struct cell *row; (row = fetch(session, ITEMS));) {
        struct order *order = find(by_id, row[0].number);
        struct item *item = get(&session->arena, sizeof *item);
        *item = (struct item){
            .id = row[1].number, .product = row[2].number, .quantity = row[3].number,
            .price = kept_cell(session, &row[4]), .subtotal = kept_cell(session, &row[5])};
        if (order->last_item)
            order->last_item->next = item;
        else
            order->items = item;
        order->last_item = item;
    }
}

static void read_tracking(struct session *session, struct map *by_id)
{
    for (const struct cell *row; (row = fetch(session, TRACKING));) {
        struct order *order = find(by_id, row[0].number);
        struct tracking *tracking = order->tracking = get(&session->arena, sizeof *tracking);
        tracking->number = kept_cell(session, &row[1]);
        tracking->carrier = kept_cell(session, &row[2]);
        for (int at = 0; at < 3; at++) {
            tracking->times[at] = row[at + 3].time;
            tracking->has[at] = !row[at + 3].is_null;
        }
    }
}

// Reads each product of the items once.
static void read_bought(
    struct session *session, const struct map *by_id, const int64_t *ids, size_t count, struct products *products)
{
    size_t items = 0, different = 0;
    for (size_t at = 0; at < count; at++) {
        struct order *order = find(by_id, ids[at]);
        for (struct item *item = order ? order->items : NULL; item; item = item->next)
            items++;
    }
    int64_t *bought = get(&session->arena, items * sizeof *bought);
    struct map seen;
    make_map(&session->arena, &seen, items);
    for (size_t at = 0; at < count; at++) {
        struct order *order = find(by_id, ids[at]);
        for (struct item *item = order ? order->items : NULL; item; item = item->next)
            if (!find(&seen, item->product)) {
                put(&seen, item->product, item);
                bought[different++] = item->product;
            }
    }
    products_by_ids(session, bought, different, products);
}

static void json_tracking(struct text *text, const struct tracking *tracking)
{
    static const char *const names[] = {
        ",\"shipped_at\":", ",\"estimated_delivery\":", ",\"actual_delivery\":"};
    ADD(text, "{\"tracking_number\":");
    json_string(text, tracking->number);
    ADD(text, ",\"carrier\":");
    json_string(text, tracking->carrier);
    for (int at = 0; at < 3; at++) {
        add(text, names[at], strlen(names[at]));
        if (tracking->has[at]) {
            ADD(text, "\"");
            add_time(text, &tracking->times[at]);
            ADD(text, "\"");
        } else {
            ADD(text, "null");
        }
    }
    ADD(text, "}");
}

static void json_order(struct text *text, const struct order *order, const struct map *products)
{
    static const char *const names[TEXTS] = {
        ",\"order_id\":", ",\"customer_name\":", ",\"customer_email\":", ",\"customer_phone\":", ",\"status\":",
        ",\"total_amount\":", ",\"shipping_address\":", ",\"billing_address\":", ",\"payment_method\":",
        ",\"payment_status\":", ",\"notes\":"};
    ADD(text, "{\"id\":");
    add_number(text, order->id);
    for (int at = 0; at < TEXTS; at++) {
        add(text, names[at], strlen(names[at]));
        json_string(text, order->texts[at]);
    }
    ADD(text, ",\"created_at\":\"");
    add_time(text, &order->created);
    ADD(text, "\",\"updated_at\":\"");
    add_time(text, &order->updated);
    ADD(text, "\",\"items\":[");
    for (const struct item *item = order->items; item; item = item->next) {
        ADD(text, "{\"id\":");
        add_number(text, item->id);
        ADD(text, ",\"product\":");
        json_product(text, find(products, item->product));
        ADD(text, ",\"quantity\":");
        add_number(text, item->quantity);
        ADD(text, ",\"unit_price\":");
        json_string(text, item->price);
        ADD(text, ",\"subtotal\":");
        json_string(text, item->subtotal);
        ADD(text, "},");
    }
    text->length -= order->items != NULL; // The last comma.
    ADD(text, "],\"tracking\":");
    if (order->tracking)
        json_tracking(text, order->tracking);
    else
        ADD(text, "null");
    ADD(text, "}");
}

// Adds the orders in the order of their ids, with commas between them; returns how many exist. At most MOST_IDS.
static size_t add_orders(struct session *session, const int64_t *ids, size_t count, struct text *text)
{
    if (!count)
        return 0;
    size_t found = 0;
    struct map by_id;
    struct products products = {0};
    make_map(&session->arena, &by_id, count);
    select_list(session, ORDERS, ids, count);
    read_orders(session, &by_id);
    select_list(session, ITEMS, ids, count);
    read_items(session, &by_id);
    select_list(session, TRACKING, ids, count);
    read_tracking(session, &by_id);
    read_bought(session, &by_id, ids, count, &products);
    for (size_t at = 0; at < count && !session->has_failed; at++) {
        struct order *order = find(&by_id, ids[at]);
        if (order && found++)
            ADD(text, ",");
        if (order)
            json_order(text, order, &products.by_id);
    }
    return found;
}

void get_order(struct session *session, int64_t id, struct answer *answer)
{
    if (!add_orders(session, &id, 1, &answer->body))
        answer->status = 404;
}

void list_orders(struct session *session, const struct request *request, struct answer *answer)
{
    int64_t number = number_of(parameter(session, request, "page")), count = 0, ids[PAGE];
    number = number < 1 ? 1 : number;
    query_numbers(session, "SELECT COUNT(*) FROM orders", &count, 1);
    char sql[128];
    snprintf(
        sql, sizeof sql, "SELECT id FROM orders ORDER BY created_at DESC, id DESC LIMIT %d OFFSET %lld", PAGE,
        (long long)(number - 1) * PAGE);
    size_t found = query_numbers(session, sql, ids, PAGE);
    start_page(&answer->body, request, count, number);
    ADD(&answer->body, "[");
    add_orders(session, ids, found, &answer->body);
    ADD(&answer->body, "]}");
}
