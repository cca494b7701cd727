/* Says that it is a plugin, and has no entry. */
#include <weir/weir.h>

WEIR_INFO(
    "{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"name\":\"missing_symbol\",\"version\":\"1.0.0\","
    "\"components\":{\"missing_symbol\":{\"kind\":\"transformer\"}}}");

WEIR_EXPORT int something_else(void);
WEIR_EXPORT int something_else(void) { return 1; }
