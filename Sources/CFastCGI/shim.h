// Only fcgiapp.h, since fcgi_stdio.h redefines FILE and printf.
#include <fcgiapp.h>
