/* Its description is shorter than any. */
#define SIN "short_description"
#define SIN_SIZE sizeof(size_t)
#include "bad_plugin.h"
