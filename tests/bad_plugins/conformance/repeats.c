/* Drops the rows of all instances but the first. */
#define SIN "repeats"
static int lives;
#define CREATING lives++
#define PROCESSING \
  if (lives > 1) return next->drop(next, (uint64_t)batch->rows.length, weir_text("again"))
#include "sin_transformer.h"
