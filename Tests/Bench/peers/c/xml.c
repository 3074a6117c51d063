// XML: elements out; in, the content of the first element with a name. It reads what the bench sends, not all of XML.
#include "peer.h"

#include <string.h>

static void tag(struct text *text, const char *start, const char *name)
{
    add(text, start, strlen(start));
    add(text, name, strlen(name));
    ADD(text, ">");
}

void xml_element(struct text *text, const char *name, struct value value)
{
    if (!value.bytes)
        return;
    tag(text, "<", name);
    const char *at = value.bytes, *end = at + value.length;
    while (at < end) {
        const char *from = at;
        while (at < end && *at != '&' && *at != '<' && *at != '>')
            at++;
        add(text, from, (size_t)(at - from));
        if (at == end)
            break;
        if (*at == '&')
            ADD(text, "&amp;");
        else if (*at == '<')
            ADD(text, "&lt;");
        else
            ADD(text, "&gt;");
        at++;
    }
    tag(text, "</", name);
}

void xml_number(struct text *text, const char *name, int64_t number)
{
    tag(text, "<", name);
    add_number(text, number);
    tag(text, "</", name);
}

void xml_time(struct text *text, const char *name, const MYSQL_TIME *time)
{
    tag(text, "<", name);
    add_time(text, time);
    tag(text, "</", name);
}

struct value xml_content(struct value document, const char *name)
{
    size_t length = strlen(name);
    const char *at = document.bytes, *end = at + document.length;
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        at++;
        if ((size_t)(end - at) > length && !memcmp(at, name, length) && (at[length] == '>' || at[length] == ' ')) {
            const char *start = memchr(at, '>', (size_t)(end - at));
            const char *stop = start ? memchr(start, '<', (size_t)(end - start)) : NULL;
            if (stop)
                return (struct value){start + 1, (size_t)(stop - start - 1)};
        }
    }
    return (struct value){0};
}
