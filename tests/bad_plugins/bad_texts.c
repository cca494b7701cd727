/* Fails with texts that have no end and are no UTF-8. */
#include <weir/weir.h>
#define SIN "bad_texts"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)next;
  for (size_t i = 0; i < sizeof error->message; i++) error->message[i] = (char)0xFF;
  for (size_t i = 0; i < sizeof error->hint; i++) error->hint[i] = 'h';
  for (size_t i = 0; i < sizeof error->column; i++) error->column[i] = 'c';
  error->row = -77;
  error->offset = -77;
  return WEIR_DATA_LOSS;
}
#include "bad_plugin.h"
