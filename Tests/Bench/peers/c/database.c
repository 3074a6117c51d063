// A MariaDB session for each thread, with statements that are prepared once and bound once.
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRODUCT                                                                                                        \
    "SELECT id, product_id, sku, name, description, price, stock_quantity, status, category, brand, weight, "         \
    "created_at, updated_at, revision FROM products "
#define PRODUCT_COLUMNS "ntttltnttttddn"
#define LIKE " COLLATE utf8mb4_general_ci LIKE ?"

static const struct statement statements[STATEMENTS] = {
    [PRODUCTS] = {PRODUCT "WHERE id IN (?)", PRODUCT_COLUMNS},
    [PRODUCT_BY_KEY] = {PRODUCT "WHERE product_id = ?", PRODUCT_COLUMNS},
    [FOUND_PRODUCTS] = {
        PRODUCT "WHERE category" LIKE " AND (name" LIKE " OR sku" LIKE ") ORDER BY created_at DESC, id DESC",
        PRODUCT_COLUMNS},
    [IMAGES] = {
        "SELECT product_id, id, image_url, is_primary, created_at FROM product_images WHERE product_id IN (?) "
        "ORDER BY product_id, id", "nntnd"},
    [INVENTORY] = {
        "SELECT product_id, warehouse_location, reserved_quantity, available_quantity, last_restocked_at "
        "FROM inventory WHERE product_id IN (?)", "ntnnd"},
    [ORDERS] = {
        "SELECT id, order_id, customer_name, customer_email, customer_phone, status, total_amount, shipping_address, "
        "billing_address, payment_method, payment_status, notes, created_at, updated_at FROM orders WHERE id IN (?)",
        "nttttttllttldd"},
    [ITEMS] = {
        "SELECT order_id, id, product_id, quantity, unit_price, subtotal FROM order_items WHERE order_id IN (?) "
        "ORDER BY order_id, id", "nnnntt"},
    [TRACKING] = {
        "SELECT order_id, tracking_number, carrier, shipped_at, estimated_delivery, actual_delivery "
        "FROM order_tracking WHERE order_id IN (?)", "nttddd"},
    [INSERT] = {
        "INSERT INTO products (product_id, sku, name, description, price, stock_quantity, status, category, brand, "
        "weight, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)) "
        "RETURNING id, created_at", "nd"},
    [UPDATE] = {
        "UPDATE products SET price = ?, stock_quantity = ?, updated_at = UTC_TIMESTAMP(6) WHERE id = ?", ""},
    [DELETE] = {"DELETE FROM products WHERE id = ?", ""},
};

static void fail(struct session *session, const char *what)
{
    fprintf(stderr, "%s\n", what);
    session->has_failed = true;
}

// A statement writes each row into the same cells.
static void make_cells(struct statement *statement)
{
    for (size_t at = 0; statement->columns[at]; at++) {
        struct cell *cell = &statement->cells[at];
        MYSQL_BIND *result = &statement->results[at];
        *result = (MYSQL_BIND){.is_null = &cell->is_null, .length = &cell->length};
        switch (statement->columns[at]) {
        case 'n':
            result->buffer_type = MYSQL_TYPE_LONGLONG;
            result->buffer = &cell->number;
            break;
        case 'd':
            result->buffer_type = MYSQL_TYPE_DATETIME;
            result->buffer = &cell->time;
            break;
        default:
            result->buffer_type = MYSQL_TYPE_STRING;
            result->buffer_length = statement->columns[at] == 'l' ? 65536 : 1024;
            result->buffer = cell->bytes = malloc(result->buffer_length);
        }
    }
}

struct session *open_session(void)
{
    struct session *session = calloc(1, sizeof *session);
    memcpy(session->statements, statements, sizeof statements);
    session->mariadb = mysql_init(NULL);
    mysql_options(session->mariadb, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(session->mariadb, MYSQL_INIT_COMMAND, "SET time_zone = '+00:00'");
    if (!mysql_real_connect(
            session->mariadb, NULL, "bench", "bench", "seller_center", 0, getenv("DATABASE_SOCKET"), 0)) {
        fprintf(stderr, "%s\n", mysql_error(session->mariadb));
        exit(1);
    }
    for (int at = 0; at < MOST_IDS; at++)
        session->id_parameters[at] = number_parameter(&session->ids[at]);
    for (int at = 0; at < STATEMENTS; at++)
        make_cells(&session->statements[at]);
    return session;
}

// Ends a session whose state is not known. Its memory is not freed, since this happens only after a failure.
void close_session(struct session *session)
{
    mysql_close(session->mariadb);
}

// Prepares the statement for a list of this size, if that was not done before, and makes it the running one.
static bool prepare(struct session *session, struct statement *statement, int place, size_t size)
{
    MYSQL_STMT **handle = &statement->handles[place];
    statement->running = *handle;
    if (*handle)
        return true;
    struct text text = {0};
    const char *list = strstr(statement->text, "(?)");
    if (list && size) {
        add(&text, statement->text, (size_t)(list + 1 - statement->text));
        for (size_t at = 0; at < size; at++)
            add(&text, at ? ",?" : "?", at ? 2 : 1);
        add(&text, list + 2, strlen(list + 2));
    } else {
        add(&text, statement->text, strlen(statement->text));
    }
    *handle = statement->running = mysql_stmt_init(session->mariadb);
    bool is_prepared = !mysql_stmt_prepare(*handle, text.bytes, text.length)
        && (!size || !mysql_stmt_bind_param(*handle, session->id_parameters));
    free(text.bytes);
    if (!is_prepared)
        fail(session, mysql_stmt_error(*handle));
    return is_prepared;
}

// Executes the running statement. MariaDB describes the columns of a RETURNING only now.
static void run(struct session *session, struct statement *statement, int place)
{
    if (mysql_stmt_execute(statement->running)
        || (*statement->columns && !statement->are_bound[place]
            && mysql_stmt_bind_result(statement->running, statement->results)))
        fail(session, mysql_stmt_error(statement->running));
    statement->are_bound[place] = true;
}

// Starts a statement for some ids, at most MOST_IDS. Lists of more than four are filled up with the last id to a
// multiple of 50, so that few statements have to be prepared.
void select_list(struct session *session, enum name name, const int64_t *ids, size_t count)
{
    struct statement *statement = &session->statements[name];
    size_t size = count <= 4 ? count : (count + 49) / 50 * 50;
    int place = (int)(count <= 4 ? size - 1 : 3 + size / 50);
    if (session->has_failed || !prepare(session, statement, place, size))
        return;
    for (size_t at = 0; at < size; at++)
        session->ids[at] = ids[at < count ? at : count - 1];
    run(session, statement, place);
}

void execute(struct session *session, enum name name, MYSQL_BIND *parameters)
{
    struct statement *statement = &session->statements[name];
    if (session->has_failed || !prepare(session, statement, 0, 0))
        return;
    if (mysql_stmt_bind_param(statement->running, parameters))
        fail(session, mysql_stmt_error(statement->running));
    else
        run(session, statement, 0);
}

// Reads the next row; NULL is the end, up to which every result has to be read.
const struct cell *fetch(struct session *session, enum name name)
{
    struct statement *statement = &session->statements[name];
    if (session->has_failed)
        return NULL;
    int outcome = mysql_stmt_fetch(statement->running);
    if (outcome && outcome != MYSQL_NO_DATA)
        fail(session, outcome == MYSQL_DATA_TRUNCATED ? "a text is too long" : mysql_stmt_error(statement->running));
    return outcome ? NULL : statement->cells;
}

struct value kept_cell(struct session *session, const struct cell *cell)
{
    return cell->is_null ? (struct value){0} : keep(&session->arena, cell->bytes, cell->length);
}

// Runs a text and reads the first column of its rows.
size_t query_numbers(struct session *session, const char *sql, int64_t *numbers, size_t most)
{
    size_t count = 0;
    MYSQL_RES *result = NULL;
    if (session->has_failed)
        return 0;
    if (mysql_real_query(session->mariadb, sql, strlen(sql)) || !(result = mysql_use_result(session->mariadb))) {
        fail(session, mysql_error(session->mariadb));
        return 0;
    }
    for (MYSQL_ROW row; (row = mysql_fetch_row(result));)
        if (count < most)
            numbers[count++] = strtoll(row[0], NULL, 10);
    mysql_free_result(result);
    return count;
}

MYSQL_BIND text_parameter(const struct value *value)
{
    static my_bool is_null = 1;
    return (MYSQL_BIND){
        .buffer_type = MYSQL_TYPE_STRING, .buffer = (void *)(value->bytes ? value->bytes : ""),
        .buffer_length = value->length, .is_null = value->bytes ? NULL : &is_null};
}

MYSQL_BIND number_parameter(int64_t *number)
{
    return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = number};
}
