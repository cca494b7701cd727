/* Exports a function of its own. */
#define SIN "exports_entry_only"
#include <weir/weir.h>
WEIR_EXPORT int sin_exported(void);
WEIR_EXPORT int sin_exported(void) { return 1; }
#include "sin_transformer.h"
