// Memory for the time of a request, texts that grow, and rows by id.
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 * 1024 };

struct block {
    struct block *next;
    size_t used, room;
    max_align_t bytes[];
};

static void *must(void *memory)
{
    if (!memory) {
        fputs("no memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *get(struct arena *arena, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    struct block *block = arena->blocks;
    if (!block || block->room - block->used < size) {
        size_t room = size > BLOCK ? size : BLOCK;
        block = must(malloc(sizeof *block + room));
        *block = (struct block){.next = arena->blocks, .room = room};
        arena->blocks = block;
    }
    void *memory = (char *)block->bytes + block->used;
    block->used += size;
    return memory;
}

void clear(struct arena *arena)
{
    // The first block stays for the next request.
    while (arena->blocks && arena->blocks->next) {
        struct block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
    if (arena->blocks)
        arena->blocks->used = 0;
}

struct value keep(struct arena *arena, const char *bytes, size_t length)
{
    return (struct value){memcpy(get(arena, length + 1), bytes, length), length};
}

char *grow(struct text *text, size_t more)
{
    if (text->room - text->length < more) {
        text->room = (text->length + more) * 2;
        text->bytes = must(realloc(text->bytes, text->room));
    }
    return text->bytes + text->length;
}

void add(struct text *text, const char *bytes, size_t length)
{
    memcpy(grow(text, length), bytes, length);
    text->length += length;
}

void add_value(struct text *text, struct value value)
{
    add(text, value.bytes ? value.bytes : "", value.length);
}

void add_number(struct text *text, int64_t number)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    add(text, at, (size_t)(digits + sizeof digits - at));
}

static char *digits(char *at, unsigned long number, int count)
{
    for (int place = count; place-- > 0; number /= 10)
        at[place] = (char)('0' + number % 10);
    return at + count;
}

void add_time(struct text *text, const MYSQL_TIME *time)
{
    char *start = grow(text, 32), *at = digits(start, time->year, 4);
    *at++ = '-';
    at = digits(at, time->month, 2);
    *at++ = '-';
    at = digits(at, time->day, 2);
    *at++ = 'T';
    at = digits(at, time->hour, 2);
    *at++ = ':';
    at = digits(at, time->minute, 2);
    *at++ = ':';
    at = digits(at, time->second, 2);
    if (time->second_part) {
        *at++ = '.';
        at = digits(at, time->second_part, 6);
    }
    *at++ = 'Z';
    text->length += (size_t)(at - start);
}

bool equals(struct value value, const char *text)
{
    return value.bytes && value.length == strlen(text) && !memcmp(value.bytes, text, value.length);
}

// The number of the digits, or -1 if there is anything else.
int64_t number_of(struct value value)
{
    int64_t number = 0;
    if (value.length == 0 || value.length > 18)
        return -1;
    for (size_t at = 0; at < value.length; at++) {
        if (value.bytes[at] < '0' || value.bytes[at] > '9')
            return -1;
        number = number * 10 + value.bytes[at] - '0';
    }
    return number;
}

void make_map(struct arena *arena, struct map *map, size_t count)
{
    size_t size = 4;
    while (size < count * 2)
        size *= 2;
    map->places = memset(get(arena, size * sizeof *map->places), 0, size * sizeof *map->places);
    map->mask = size - 1;
}

static struct place *place_of(const struct map *map, int64_t id)
{
    size_t at = (size_t)id * 0x9E3779B97F4A7C15u >> 32 & map->mask;
    while (map->places[at].row && map->places[at].id != id)
        at = (at + 1) & map->mask;
    return &map->places[at];
}

void put(struct map *map, int64_t id, void *row)
{
    *place_of(map, id) = (struct place){id, row};
}

void *find(const struct map *map, int64_t id)
{
    return place_of(map, id)->row;
}
