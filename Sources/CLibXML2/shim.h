#include <libxml/xmlversion.h>
// Debian's libxml2 is built with ICU, and its headers then include ICU's. Nothing here uses what that declares, and
// Foundation, which the tests import, brings an ICU of its own with other definitions of the same names.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
