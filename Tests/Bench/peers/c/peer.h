// The peer in C: what its files share. It reads every answer from MariaDB and keeps no row.
#pragma once

#include <mysql.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE = 100 };

// --- text.c: memory for the time of a request, and texts that grow -------------------------------------------------

struct value {
    const char *bytes; // NULL stands for SQL's NULL and for what is not there.
    size_t length;
};

struct text {
    char *bytes;
    size_t length, room;
};

// Memory that is freed as a whole by clear().
struct arena {
    struct block *blocks;
};

void *get(struct arena *arena, size_t size);
void clear(struct arena *arena);
struct value keep(struct arena *arena, const char *bytes, size_t length);

char *grow(struct text *text, size_t more);
void add(struct text *text, const char *bytes, size_t length);
void add_value(struct text *text, struct value value);
void add_number(struct text *text, int64_t number);
void add_time(struct text *text, const MYSQL_TIME *time);
// Adds a text that is known when the program is compiled.
#define ADD(text, literal) add(text, literal, sizeof(literal) - 1)

bool equals(struct value value, const char *text);
int64_t number_of(struct value value);

// --- json.c, xml.c: escaped texts, and the values of a request -----------------------------------------------------

struct member {
    struct value name, value;
};

void json_string(struct text *text, struct value value);
size_t json_members(struct arena *arena, struct value object, struct member *members, size_t most);
void xml_element(struct text *text, const char *name, struct value value);
void xml_number(struct text *text, const char *name, int64_t number);
void xml_time(struct text *text, const char *name, const MYSQL_TIME *time);
struct value xml_content(struct value document, const char *name);

// --- database.c: a MariaDB session with its prepared statements -----------------------------------------------------

// The most ids of one list, and the most columns of a row.
enum { MOST_IDS = 500, COLUMNS = 16, SIZES = 4 + MOST_IDS / 50 };

struct cell {
    int64_t number;
    MYSQL_TIME time;
    char *bytes;
    unsigned long length;
    my_bool is_null;
};

// The statements, which database.c has in this order.
enum name {
    PRODUCTS, PRODUCT_BY_KEY, FOUND_PRODUCTS, IMAGES, INVENTORY, ORDERS, ITEMS, TRACKING, INSERT, UPDATE, DELETE,
    STATEMENTS
};

struct statement {
    const char *text;    // With (?) where a list of ids goes.
    const char *columns; // The kind of each: n number, t text, l long text, d date and time.
    MYSQL_STMT *handles[SIZES];
    bool are_bound[SIZES];
    MYSQL_STMT *running;
    struct cell cells[COLUMNS];
    MYSQL_BIND results[COLUMNS];
};

struct session {
    MYSQL *mariadb;
    bool has_failed; // In this request; whatever follows reads nothing.
    int64_t ids[MOST_IDS];
    MYSQL_BIND id_parameters[MOST_IDS];
    struct arena arena;
    struct statement statements[STATEMENTS];
};

struct session *open_session(void);
void close_session(struct session *session);
void select_list(struct session *session, enum name name, const int64_t *ids, size_t count);
void execute(struct session *session, enum name name, MYSQL_BIND *parameters);
const struct cell *fetch(struct session *session, enum name name);
struct value kept_cell(struct session *session, const struct cell *cell);
size_t query_numbers(struct session *session, const char *sql, int64_t *numbers, size_t most);
MYSQL_BIND text_parameter(const struct value *value);
MYSQL_BIND number_parameter(int64_t *number);

// --- fastcgi.c ------------------------------------------------------------------------------------------------------

struct request {
    struct value method, path, query, host, body;
};

struct answer {
    int status;
    const char *type;
    struct text body;
};

// Runs the threads, which call handle() for each request.
void serve(const char *socket, int threads);
// A parameter of the query, decoded, or nothing.
struct value parameter(struct session *session, const struct request *request, const char *name);

// --- the nouns ------------------------------------------------------------------------------------------------------

struct image {
    struct image *next;
    int64_t id, is_primary;
    struct value url;
    MYSQL_TIME created;
};

struct inventory {
    struct value location;
    int64_t reserved, available;
    MYSQL_TIME *restocked;
};

struct product {
    int64_t id, stock, revision;
    struct value product_id, sku, name, description, price, status, category, brand, weight;
    MYSQL_TIME created, updated;
    struct image *images, *last_image;
    struct inventory *inventory;
};

// Rows that are found by their ids.
struct map {
    struct place { int64_t id; void *row; } *places;
    size_t mask;
};

void make_map(struct arena *arena, struct map *map, size_t count);
void put(struct map *map, int64_t id, void *row);
void *find(const struct map *map, int64_t id);

struct products {
    struct product **rows;
    size_t count, room;
    struct map by_id;
};

void handle(struct session *session, const struct request *request, struct answer *answer);
// Adds the start or the end of the JSON of a page.
void start_page(struct text *text, const struct request *request, int64_t count, int64_t number);

void read_products(struct session *session, enum name name, struct products *products);
void read_parts(struct session *session, struct products *products);
void products_by_ids(struct session *session, const int64_t *ids, size_t count, struct products *products);
void json_product(struct text *text, const struct product *product);

void get_product(struct session *session, int64_t id, struct answer *answer);
void list_products(struct session *session, const struct request *request, struct answer *answer);
void search_products(struct session *session, const struct request *request, struct answer *answer);
void create_product(struct session *session, const struct request *request, struct answer *answer);
void update_product(struct session *session, int64_t id, const struct request *request, struct answer *answer);
void delete_product(struct session *session, int64_t id, struct answer *answer);
void get_order(struct session *session, int64_t id, struct answer *answer);
void list_orders(struct session *session, const struct request *request, struct answer *answer);
void soap(struct session *session, const struct request *request, struct answer *answer);
