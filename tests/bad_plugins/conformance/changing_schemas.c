/* Never forgets a schema without columns. */
#define SIN "changing_schemas"
static int spoilt;
#define CREATING spoilt |= inputs[0]->n_children == 0
#define PROCESSING \
  if (spoilt) return next->drop(next, (uint64_t)batch->rows.length, weir_text("spoilt"))
#include "sin_transformer.h"
