#include <libxml/xmlversion.h>
// Debian's libxml2 is built with ICU, and its headers then include ICU's headers. This project needs none of them,
// and Foundation, which the tests import, has its own ICU with other definitions of the same names.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
