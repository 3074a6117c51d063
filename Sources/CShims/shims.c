#define _GNU_SOURCE
#include "process_shims.h"

int cshims_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }
