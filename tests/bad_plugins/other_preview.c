/* Was built against a later preview of the ABI. */
#define SIN "other_preview"
#define SIN_INFO_PREVIEW "1000"
#include "bad_plugin.h"
