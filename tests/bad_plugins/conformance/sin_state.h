/* A transformer that drops every third row, and remembers how many came: their number is two items, a byte each. KEYS: how many items
 * it tells; RESTORING: what is done first for an item, of `key` and `value`; SNAPPING: what is done first in a snapshot. */
#include <stdlib.h>
#include <string.h>
#include <weir/ext/state.h>
#include <weir/weir.h>

#include "sin_memory.h"

#ifndef RESTORING
#define RESTORING
#endif
#ifndef SNAPPING
#define SNAPPING
#endif

struct counter {
  uint64_t rows;
  uint64_t snapshots, restored;
};
static const char *const keys[2] = {"high", "low"};

static weir_status snapshot(void *self, const struct weir_state_sink *changes, struct weir_error *error) {
  struct counter *counter = (struct counter *)self;
  uint8_t bytes[2] = {(uint8_t)(counter->rows >> 8), (uint8_t)counter->rows};
  int i;
  (void)error;
  counter->snapshots++;
  SNAPPING;
  for (i = 0; i < 2; i++) {
    struct weir_bytes key = {(const uint8_t *)keys[i], strlen(keys[i])}, value = {bytes + i, 1};
    weir_status status = changes->put(changes, key, value);
    if (status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

static weir_status restore(void *self, const struct weir_bytes *all, const struct weir_bytes *values, uint64_t count, int32_t last,
                           struct weir_error *error) {
  struct counter *counter = (struct counter *)self;
  uint64_t i;
  (void)last;
  for (i = 0; i < count; i++) {
    struct weir_bytes key = all[i], value = values[i];
    int low = key.length == 3 && memcmp(key.data, "low", 3) == 0;
    RESTORING;
    if (value.length != 1 || (!low && (key.length != 4 || memcmp(key.data, "high", 4) != 0)))
      return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_DATA, "expected a count of rows, found another item");
    counter->rows |= (uint64_t)value.data[0] << (low ? 0 : 8);
    counter->restored++;
  }
  return WEIR_OK;
}

static const struct weir_state state_table = {sizeof state_table, snapshot, restore, NULL};

static const void *extension(struct weir_string id) {
  return id.length == strlen(WEIR_STATE) && memcmp(id.data, WEIR_STATE, id.length) == 0 ? &state_table : NULL;
}
#define EXTENSION extension

static weir_status create(const struct weir_context *context, const struct ArrowSchema *const *inputs, const struct weir_string *names,
                          uint64_t count, const struct weir_schema_sink *outputs, void **self, struct weir_error *error) {
  struct weir_string only = {"", 0};
  weir_status status = outputs->same(outputs, only, inputs[0]);
  (void)context, (void)names, (void)count;
  if (status != WEIR_OK) return status;
  *self = calloc(1, sizeof(struct counter));
  if (*self == NULL) return no_memory(error);
  return WEIR_OK;
}
#define CREATE create

static weir_status pass_some(void *self, const struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  struct counter *counter = (struct counter *)self;
  uint64_t count = (uint64_t)batch->rows.length, passed = 0, i;
  uint32_t *rows = (uint32_t *)calloc(count + 1, sizeof *rows);
  weir_status status;
  if (rows == NULL) return no_memory(error);
  for (i = 0; i < count; i++) {
    if (counter->rows++ % 3 != 0) rows[passed++] = (uint32_t)i;
  }
  status = next->select(next, 0, rows, passed);
  free(rows);
  return status != WEIR_OK || passed == count ? status : next->drop(next, count - passed, weir_text("a third"));
}
#define PROCESSING return pass_some(self, batch, next, error)
#define DESTROYING free(self)
#include "sin_transformer.h"
