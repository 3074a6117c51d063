// Functions that Swift cannot call itself: headers outside the Glibc module, macros and variadic functions.
#pragma once
#include <stdint.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/// Sleeps the whole time: this program's threads block all signals, so that none ends the sleep early.
static inline void cshims_sleep_milliseconds(uint32_t milliseconds) {
    struct timespec pause = { milliseconds / 1000, (long)(milliseconds % 1000) * 1000000L };
    nanosleep(&pause, NULL);
}

/// Milliseconds of the monotonic clock, which nobody can set. clock_gettime itself fills a structure.
static inline int64_t cshims_monotonic_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Nanoseconds of the monotonic clock.
static inline int64_t cshims_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Milliseconds since 1970 by the clock that other programs of this machine read as well.
static inline int64_t cshims_wall_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Makes the kernel end this process when its parent thread ends; prctl is variadic.
static inline void cshims_die_with_parent(int signal_number) { prctl(PR_SET_PDEATHSIG, signal_number); }

/// Makes a descriptor nonblocking; fcntl is variadic.
static inline int cshims_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}
static inline int cshims_set_close_on_exec(int descriptor, bool closes) {
    return fcntl(descriptor, F_SETFD, closes ? FD_CLOEXEC : 0);
}

/// Fills a sockaddr_un, whose path Swift imports as a tuple. Returns 0, or -1 when the path is too long.
static inline int cshims_unix_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -1;
    strcpy(address->sun_path, path);
    return 0;
}

/// Accepts a connection with accept4, which needs _GNU_SOURCE.
int cshims_accept(int listener);

/// Makes reads and writes on a stalled connection end with EAGAIN; setsockopt takes a struct timeval.
static inline void cshims_set_timeouts(int connection, int receive_seconds, int send_seconds) {
    struct timeval receive = { receive_seconds, 0 }, send = { send_seconds, 0 };
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof receive);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof send);
}

/// The exit code of a child; WIFEXITED and WEXITSTATUS are macros.
static inline int cshims_exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : 255;
}

/// Raises this process's limit of open descriptors, to 65536 at most, and returns it. RLIMIT_NOFILE is an enum.
static inline int64_t cshims_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    struct rlimit raised = { limit.rlim_max < 65536 ? limit.rlim_max : 65536, limit.rlim_max };
    if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    return (int64_t)limit.rlim_cur;
}

/// Makes a crash of this process write a line to standard error: the signal and where it happened. Called once.
void cshims_report_crashes(void);

/// Blocks every signal in this thread and in those it starts, except the signals of a crash, which would end the process
/// even when blocked.
void cshims_block_signals(void);

/// Gives the calling thread a second stack for the crash report, so that a stack overflow is reported as well.
void cshims_prepare_thread_for_crash(void);
