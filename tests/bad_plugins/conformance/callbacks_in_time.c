/* Keeps what was lent to it. */
#define SIN "callbacks_in_time"
#include <weir/weir.h>
static const struct weir_next *kept;
#define PROCESSING kept = next
#define DESTROYING \
  if (kept != NULL) kept->drop(kept, 0, weir_text("late"))
#include "sin_transformer.h"
