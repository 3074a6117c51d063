// Only fcgiapp.h: fcgi_stdio.h redefines FILE and printf.
#include <fcgiapp.h>
