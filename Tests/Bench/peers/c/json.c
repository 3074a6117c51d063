// JSON: escaped strings out, the members of one flat object in.
#include "peer.h"

#include <string.h>

void json_string(struct text *text, struct value value)
{
    static const char hex[] = "0123456789abcdef";
    if (!value.bytes) {
        ADD(text, "null");
        return;
    }
    // Every byte may become six.
    char *start = grow(text, value.length * 6 + 2), *at = start;
    *at++ = '"';
    for (size_t from = 0; from < value.length; from++) {
        unsigned char byte = (unsigned char)value.bytes[from];
        if (byte == '"' || byte == '\\') {
            *at++ = '\\';
            *at++ = (char)byte;
        } else if (byte < 0x20) {
            memcpy(at, "\\u00", 4);
            at[4] = hex[byte >> 4];
            at[5] = hex[byte & 15];
            at += 6;
        } else {
            *at++ = (char)byte;
        }
    }
    *at++ = '"';
    text->length += (size_t)(at - start);
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

static int hex_digit(char digit)
{
    return digit >= '0' && digit <= '9' ? digit - '0'
        : (digit | 32) >= 'a' && (digit | 32) <= 'f' ? (digit | 32) - 'a' + 10
                                                     : -1;
}

static size_t utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 63));
    out[2] = (char)(0x80 | (code & 63));
    return 3;
}

// Reads a string from behind its first quote; returns what follows it, or NULL. A pair of surrogates is refused.
static const char *read_string(struct arena *arena, const char *at, const char *end, struct value *value)
{
    char *out = get(arena, (size_t)(end - at) + 1), *start = out;
    while (at < end && *at != '"') {
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        if (end - at < 2)
            return NULL;
        static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
        const char *known = strchr(from, at[1]);
        if (at[1] && known) {
            *out++ = to[known - from];
            at += 2;
            continue;
        }
        if (at[1] != 'u' || end - at < 6)
            return NULL;
        unsigned code = 0;
        for (int digit = 2; digit < 6; digit++) {
            int four = hex_digit(at[digit]);
            if (four < 0)
                return NULL;
            code = code << 4 | (unsigned)four;
        }
        if (code >= 0xD800 && code < 0xE000)
            return NULL;
        out += utf8(out, code);
        at += 6;
    }
    if (at == end)
        return NULL;
    *value = (struct value){start, (size_t)(out - start)};
    return at + 1;
}

// The number of members of an object of strings, numbers and words; 0 if it is not one.
size_t json_members(struct arena *arena, struct value object, struct member *members, size_t most)
{
    const char *at = object.bytes, *end = at + object.length;
    size_t count = 0;
    at = skip_space(at, end);
    if (at == end || *at++ != '{')
        return 0;
    for (;;) {
        at = skip_space(at, end);
        if (count == most || at == end || *at++ != '"')
            return 0;
        struct member *member = &members[count++];
        if (!(at = read_string(arena, at, end, &member->name)))
            return 0;
        at = skip_space(at, end);
        if (at == end || *at++ != ':')
            return 0;
        at = skip_space(at, end);
        if (at < end && *at == '"') {
            if (!(at = read_string(arena, at + 1, end, &member->value)))
                return 0;
        } else {
            const char *start = at;
            while (at < end && !strchr(",} \t\r\n", *at))
                at++;
            member->value = keep(arena, start, (size_t)(at - start));
            if (equals(member->value, "null"))
                member->value = (struct value){0};
        }
        at = skip_space(at, end);
        if (at == end || (*at != ',' && *at != '}'))
            return 0;
        if (*at++ == '}')
            return count;
    }
}
