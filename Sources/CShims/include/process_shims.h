// What Swift cannot call by itself: headers that are not in the Glibc module, macros and variadic functions.
#pragma once
#include <stdint.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/// Sleeps; a thread of ours takes no signals, so nothing wakes it early.
static inline void cshims_sleep_milliseconds(uint32_t milliseconds) {
    struct timespec pause = { milliseconds / 1000, (long)(milliseconds % 1000) * 1000000L };
    nanosleep(&pause, NULL);
}

/// prctl is variadic: the kernel ends this process when its parent thread ends.
static inline void cshims_die_with_parent(int signal_number) { prctl(PR_SET_PDEATHSIG, signal_number); }

/// fcntl is variadic.
static inline int cshims_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}
static inline int cshims_set_close_on_exec(int descriptor, bool closes) {
    return fcntl(descriptor, F_SETFD, closes ? FD_CLOEXEC : 0);
}

/// sockaddr_un's path is a C array, which Swift imports as a tuple. Returns 0, or -1 when the path is too long.
static inline int cshims_unix_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -1;
    strcpy(address->sun_path, path);
    return 0;
}

/// accept4 needs _GNU_SOURCE.
int cshims_accept(int listener);

/// setsockopt takes a struct timeval; a stalled peer then ends a read or a write with EAGAIN.
static inline void cshims_set_timeouts(int connection, int receive_seconds, int send_seconds) {
    struct timeval receive = { receive_seconds, 0 }, send = { send_seconds, 0 };
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof receive);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof send);
}

/// WIFEXITED and its kin are macros.
static inline int cshims_exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : 255;
}
