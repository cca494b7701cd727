/* Has a table for whatever is asked. */
#define SIN "extension_unknown"
#include <weir/weir.h>
static const void *answers(struct weir_string id) {
  static const uint64_t table = sizeof table;
  (void)id;
  return &table;
}
#define EXTENSION answers
#include "sin_transformer.h"
