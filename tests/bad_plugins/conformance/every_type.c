/* Does not stand a map. */
#define SIN "every_type"
#include <stdlib.h>
#include <string.h>
#include <weir/weir.h>
static void look(const struct ArrowSchema *rows) {
  int64_t i;
  for (i = 0; i < rows->n_children; i++) {
    if (strcmp(rows->children[i]->format, "+m") == 0) abort();
  }
}
#define CREATING look(inputs[0])
#include "sin_transformer.h"
