// FastCGI on a unix socket: threads share one epoll, in which each connection is armed for one of them at a time.
#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

enum { BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, KEEP_CONNECTION = 1, HEAD = 8 };
enum { RECORD = 65528, READ = 16 * 1024 };

struct connection {
    int socket;
    bool is_kept;
    unsigned char id[2];
    struct text input, parameters, body;
};

static int events, listener;

static void must(bool is_right, const char *what)
{
    if (!is_right) {
        perror(what);
        exit(1);
    }
}

static void arm(int action, int socket, void *connection)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = connection};
    must(!epoll_ctl(events, action, socket, &event), "epoll_ctl");
}

static void end(struct connection *connection)
{
    close(connection->socket);
    free(connection->input.bytes);
    free(connection->parameters.bytes);
    free(connection->body.bytes);
    free(connection);
}

// --- the answer -----------------------------------------------------------------------------------------------------

static void fill_head(unsigned char *head, const struct connection *connection, int type, size_t length)
{
    memcpy(head, (unsigned char[HEAD]){1, (unsigned char)type, connection->id[0], connection->id[1],
        (unsigned char)(length >> 8), (unsigned char)length}, HEAD);
}

static bool send_all(int socket, struct iovec *parts, size_t count)
{
    while (count) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = count < 1000 ? count : 1000};
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        for (; count && (size_t)sent >= parts->iov_len; parts++, count--)
            sent -= (ssize_t)parts->iov_len;
        if (count) {
            parts->iov_base = (char *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
    return true;
}

// Sends the head and the body in records, and the end, without copying the body.
static bool send_answer(struct session *session, const struct connection *connection, const struct answer *answer)
{
    char head[160];
    int head_length = answer->status == 204
        ? snprintf(head, sizeof head, "Status: 204\r\n\r\n")
        : snprintf(head, sizeof head, "Status: %d\r\nContent-Type: %s\r\n\r\n", answer->status, answer->type);
    size_t records = answer->body.length / RECORD + 3, count = 0;
    struct iovec *parts = get(&session->arena, records * 2 * sizeof *parts);
    unsigned char *heads = get(&session->arena, records * HEAD);
    fill_head(heads, connection, STDOUT, (size_t)head_length);
    parts[count++] = (struct iovec){heads, HEAD};
    parts[count++] = (struct iovec){head, (size_t)head_length};
    for (size_t from = 0; from < answer->body.length; from += RECORD) {
        size_t length = answer->body.length - from < RECORD ? answer->body.length - from : RECORD;
        fill_head(heads += HEAD, connection, STDOUT, length);
        parts[count++] = (struct iovec){heads, HEAD};
        parts[count++] = (struct iovec){answer->body.bytes + from, length};
    }
    unsigned char last[3 * HEAD] = {0};
    fill_head(last, connection, STDOUT, 0);
    fill_head(last + HEAD, connection, END_REQUEST, HEAD);
    parts[count++] = (struct iovec){last, sizeof last};
    return send_all(connection->socket, parts, count);
}

// --- the request ----------------------------------------------------------------------------------------------------

static bool read_length(const unsigned char **at, const unsigned char *end, size_t *length)
{
    if (*at == end || (**at >= 128 && end - *at < 4))
        return false;
    if (**at < 128) {
        *length = *(*at)++;
    } else {
        *length = (size_t)((*at)[0] & 127) << 24 | (size_t)(*at)[1] << 16 | (size_t)(*at)[2] << 8 | (*at)[3];
        *at += 4;
    }
    return true;
}

static bool read_request(const struct connection *connection, struct request *request)
{
    const unsigned char *at = (unsigned char *)connection->parameters.bytes;
    const unsigned char *end = at + connection->parameters.length;
    struct value uri = {"", 0};
    while (at < end) {
        size_t name_length, length;
        if (!read_length(&at, end, &name_length) || !read_length(&at, end, &length)
            || (size_t)(end - at) < name_length + length)
            return false;
        struct value name = {(const char *)at, name_length}, value = {(const char *)at + name_length, length};
        at += name_length + length;
        if (equals(name, "REQUEST_METHOD"))
            request->method = value;
        else if (equals(name, "REQUEST_URI"))
            uri = value;
        else if (equals(name, "HTTP_HOST"))
            request->host = value;
    }
    const char *mark = memchr(uri.bytes, '?', uri.length);
    request->path = (struct value){uri.bytes, mark ? (size_t)(mark - uri.bytes) : uri.length};
    request->query = mark ? (struct value){mark + 1, uri.length - request->path.length - 1} : (struct value){"", 0};
    request->body = (struct value){connection->body.bytes ? connection->body.bytes : "", connection->body.length};
    return true;
}

static struct value decoded(struct session *session, const char *at, const char *end)
{
    char *out = get(&session->arena, (size_t)(end - at) + 1), *start = out;
    for (; at < end; at++) {
        unsigned byte;
        if (*at == '%' && end - at > 2 && sscanf(at + 1, "%2x", &byte) == 1) {
            *out++ = (char)byte;
            at += 2;
        } else {
            *out++ = *at == '+' ? ' ' : *at;
        }
    }
    return (struct value){start, (size_t)(out - start)};
}

struct value parameter(struct session *session, const struct request *request, const char *name)
{
    const char *at = request->query.bytes, *end = at + request->query.length;
    while (at < end) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        const char *sign = memchr(at, '=', (size_t)(stop - at));
        if (sign && equals((struct value){at, (size_t)(sign - at)}, name))
            return decoded(session, sign + 1, stop);
        at = stop + 1;
    }
    return (struct value){0};
}

// Answers a complete request; returns whether the connection goes on.
static bool answer_request(struct session **session, struct connection *connection, struct answer *answer)
{
    struct request request = {0};
    if (!read_request(connection, &request))
        return false;
    answer->body.length = 0;
    handle(*session, &request, answer);
    bool is_sent = send_answer(*session, connection, answer);
    clear(&(*session)->arena);
    if ((*session)->has_failed) {
        close_session(*session);
        *session = open_session();
    }
    connection->parameters.length = connection->body.length = 0;
    return is_sent && connection->is_kept;
}

// Takes the complete records from the input; returns whether the connection goes on.
static bool take_records(struct session **session, struct connection *connection, struct answer *answer)
{
    size_t from = 0;
    bool goes_on = true;
    while (goes_on && connection->input.length - from >= HEAD) {
        const unsigned char *head = (unsigned char *)connection->input.bytes + from;
        size_t length = (size_t)head[4] << 8 | head[5], whole = HEAD + length + head[6];
        if (connection->input.length - from < whole)
            break;
        const char *content = (const char *)head + HEAD;
        if (head[1] == BEGIN_REQUEST && length == 8) {
            connection->is_kept = content[2] & KEEP_CONNECTION;
            memcpy(connection->id, head + 2, 2);
        } else if (head[1] == PARAMS) {
            add(&connection->parameters, content, length);
        } else if (head[1] == STDIN && length) {
            add(&connection->body, content, length);
        } else if (head[1] == STDIN) {
            goes_on = answer_request(session, connection, answer);
        }
        from += whole;
    }
    connection->input.length -= from;
    memmove(connection->input.bytes, connection->input.bytes + from, connection->input.length);
    return goes_on;
}

// --- the threads ----------------------------------------------------------------------------------------------------

static void accept_all(void)
{
    int socket;
    while ((socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        must(connection, "calloc");
        connection->socket = socket;
        arm(EPOLL_CTL_ADD, socket, connection);
    }
    arm(EPOLL_CTL_MOD, listener, NULL);
}

static void *work(void *unused)
{
    (void)unused;
    struct session *session = open_session();
    struct answer answer = {0};
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(events, &event, 1, -1) != 1)
            continue;
        struct connection *connection = event.data.ptr;
        if (!connection) {
            accept_all();
            continue;
        }
        ssize_t got = recv(connection->socket, grow(&connection->input, READ), READ, MSG_DONTWAIT);
        if (got > 0)
            connection->input.length += (size_t)got;
        bool is_nothing_yet = got < 0 && (errno == EAGAIN || errno == EINTR);
        if (is_nothing_yet || (got > 0 && take_records(&session, connection, &answer)))
            arm(EPOLL_CTL_MOD, connection->socket, connection);
        else
            end(connection);
    }
    return NULL;
}

void serve(const char *path, int threads)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    must(listener >= 0, "socket");
    must(!bind(listener, (struct sockaddr *)&address, sizeof address), path);
    must(!listen(listener, 4096), path);
    events = epoll_create1(EPOLL_CLOEXEC);
    must(events >= 0, "epoll_create1");
    arm(EPOLL_CTL_ADD, listener, NULL);
    pthread_t thread;
    for (int at = 1; at < threads; at++)
        must(!pthread_create(&thread, NULL, work, NULL), "pthread_create");
    work(NULL);
}
