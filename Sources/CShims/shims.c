#define _GNU_SOURCE
#include "process_shims.h"
#include <dlfcn.h>
#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int cshims_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

// Signals that a broken program gets. If they were blocked, they would end the process without a log line.
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS };
enum { crash_signal_count = sizeof crash_signals / sizeof *crash_signals, most_frames = 64 };

/// Appends formatted text and leaves out what does not fit.
static size_t put(char *line, size_t size, size_t length, const char *format, ...) {
    if (length >= size) return length;
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(line + length, size - length, format, arguments);
    va_end(arguments);
    return written < 0 ? length : length + (size_t)written < size ? length + (size_t)written : size - 1;
}

/// Writes one JSON line like the log's other lines. It allocates nothing: the crashed thread may hold malloc's lock.
static void report(int number, siginfo_t *info, void *context) {
    (void)context;
    void *frames[most_frames];
    int count = backtrace(frames, most_frames);
    char line[8192];
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    size_t length = put(line, sizeof line, 0,
        "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"critical\",\"message\":\"crashed\","
        "\"process\":%d,\"signal\":\"SIG%s\",\"address\":\"%p\",\"backtrace\":[",
        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        (int)(now.tv_nsec / 1000000), getpid(), sigabbrev_np(number), info->si_addr);
    // The loop stops while a long name still fits, so that the line keeps its JSON ending.
    for (int index = 0; index < count && length < sizeof line - 1024; index++) {
        Dl_info place;
        // addr2line takes an offset in the file, since the program's address differs in every process.
        if (!dladdr(frames[index], &place) || !place.dli_fname) continue;
        const char *name = strrchr(place.dli_fname, '/');
        length = put(line, sizeof line, length, "%s\"%.200s+0x%lx%s%.400s\"", index ? "," : "",
            name ? name + 1 : place.dli_fname, (unsigned long)((char *)frames[index] - (char *)place.dli_fbase),
            place.dli_sname ? " " : "", place.dli_sname ? place.dli_sname : "");
    }
    length = put(line, sizeof line, length, "]}\n");
    if (write(STDERR_FILENO, line, length) < 0) { /* There is nobody else to tell. */ }
    signal(number, SIG_DFL);
    // The signal arrives when this handler returns, and ends the process as if there were no handler.
    raise(number);
}

void cshims_report_crashes(void) {
    void *frame;
    // The first call of backtrace() loads a library, which must not happen in a process that has crashed.
    backtrace(&frame, 1);
    cshims_prepare_thread_for_crash();
    struct sigaction action = { .sa_sigaction = report, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigfillset(&action.sa_mask);
    for (int index = 0; index < crash_signal_count; index++) sigaction(crash_signals[index], &action, NULL);
}

void cshims_block_signals(void) {
    sigset_t set;
    sigfillset(&set);
    for (int index = 0; index < crash_signal_count; index++) sigdelset(&set, crash_signals[index]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void cshims_prepare_thread_for_crash(void) {
    // Never freed: every thread lives as long as the process.
    stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
    if (stack.ss_sp) sigaltstack(&stack, NULL);
}
