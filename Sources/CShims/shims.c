#define _GNU_SOURCE
#include "process_shims.h"

int cshims_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int cshims_count_connection(int change) {
    static int connections;
    return __atomic_add_fetch(&connections, change, __ATOMIC_SEQ_CST);
}
