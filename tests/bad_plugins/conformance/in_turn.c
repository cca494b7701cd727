/* Remembers the instance that was made last. */
#define SIN "in_turn"
static void *last;
static char places[64];
static int made;
#define CREATING *self = last = places + made++ % 64
#define PROCESSING \
  if (self != last) return next->drop(next, (uint64_t)batch->rows.length, weir_text("older"))
#include "sin_transformer.h"
