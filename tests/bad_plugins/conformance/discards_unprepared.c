/* Shows its file while it is written. */
#define SIN "discards_unprepared"
#define WRITING write_number(writer->path, 1)
#include "sin_loader.h"
