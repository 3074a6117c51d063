// Finds out what a request wants. Eight threads answer, as the server under test has two workers of four threads.
#include "peer.h"

#include <stdlib.h>
#include <string.h>

// What follows the prefix in the path, or nothing if it does not start with it.
static struct value behind(struct value path, const char *prefix)
{
    size_t length = strlen(prefix);
    if (path.length < length || memcmp(path.bytes, prefix, length))
        return (struct value){0};
    return (struct value){path.bytes + length, path.length - length};
}

// The id in "123/", or -1.
static int64_t id_of(struct value rest)
{
    if (rest.length < 2 || rest.bytes[rest.length - 1] != '/')
        return -1;
    return number_of((struct value){rest.bytes, rest.length - 1});
}

static void handle_product(
    struct session *session, int64_t id, const struct request *request, struct answer *answer)
{
    if (equals(request->method, "PATCH"))
        update_product(session, id, request, answer);
    else if (equals(request->method, "DELETE"))
        delete_product(session, id, answer);
    else
        get_product(session, id, answer);
}

void handle(struct session *session, const struct request *request, struct answer *answer)
{
    answer->status = 200;
    answer->type = "application/json";
    struct value product = behind(request->path, "/products/api/products/");
    struct value order = behind(request->path, "/orders/api/orders/");
    if (product.bytes && product.length == 0 && equals(request->method, "POST"))
        create_product(session, request, answer);
    else if (product.bytes && product.length == 0)
        list_products(session, request, answer);
    else if (equals(product, "search/"))
        search_products(session, request, answer);
    else if (id_of(product) > 0)
        handle_product(session, id_of(product), request, answer);
    else if (order.bytes && order.length == 0)
        list_orders(session, request, answer);
    else if (id_of(order) > 0)
        get_order(session, id_of(order), answer);
    else if (equals(request->path, "/products/soap/"))
        soap(session, request, answer);
    else
        answer->status = 404;
    if (session->has_failed)
        answer->status = 500;
    if (answer->status >= 400) {
        answer->body.length = 0;
        ADD(&answer->body, "{\"detail\":\"Failed.\"}");
    }
}

static void add_address(struct text *text, const struct request *request, int64_t number)
{
    ADD(text, "\"http://");
    add_value(text, request->host);
    add_value(text, request->path);
    if (number > 1) {
        ADD(text, "?page=");
        add_number(text, number);
    }
    ADD(text, "\"");
}

void start_page(struct text *text, const struct request *request, int64_t count, int64_t number)
{
    ADD(text, "{\"count\":");
    add_number(text, count);
    ADD(text, ",\"next\":");
    if (number * PAGE < count)
        add_address(text, request, number + 1);
    else
        ADD(text, "null");
    ADD(text, ",\"previous\":");
    if (number > 1)
        add_address(text, request, number - 1);
    else
        ADD(text, "null");
    ADD(text, ",\"results\":");
}

int main(void)
{
    mysql_library_init(0, NULL, NULL);
    serve(getenv("SOCKET"), 8);
}
