/* Its description has another name than its section .weir. */
#define SIN "other_name"
#define SIN_NAME "somebody_else"
#include "bad_plugin.h"
