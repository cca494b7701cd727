/* Drops rows without a reason. */
#define SIN "drops_say_why"
#define PROCESSING return next->drop(next, (uint64_t)batch->rows.length, weir_text(""))
#include "sin_transformer.h"
