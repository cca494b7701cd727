/* Writes other bytes. */
#define SIN "written_is_read"
#define WRITTEN byte ^ 1
#include "sin_storage.h"
