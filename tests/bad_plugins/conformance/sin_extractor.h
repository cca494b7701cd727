/* An extractor of twenty numbers, four at a time; its position is the next one. PLAN, READ, POSITION, ACKNOWLEDGE: functions of its
 * own; OPENED, READING: what is done first; UNBOUNDED: of its split. */
#include "sin_memory.h"
#include "sin_rows.h"
#define KIND WEIR_KIND_EXTRACTOR
#define KIND_NAME "extractor"

#ifndef OPENED
#define OPENED
#endif
#ifndef READING
#define READING
#endif
#ifndef UNBOUNDED
#define UNBOUNDED 0
#endif

#ifndef PLAN
#define PLAN sin_plan
static weir_status sin_plan(const struct weir_context *context, struct weir_bytes state, const struct weir_plan *plan, int32_t *more,
                            struct weir_error *error) {
  struct weir_split split = {sizeof split, {"only", 4}, {(const uint8_t *)"token", 5}, {NULL, 0}, -1, -1, UNBOUNDED, 0};
  (void)context, (void)state, (void)error;
  *more = 0;
  return plan->add(plan, &split);
}
#endif
static weir_status sin_open_reader(const struct weir_context *context, const struct weir_split *split, struct weir_bytes position,
                                   const struct weir_schema_sink *schema, void **self, struct weir_error *error) {
  int64_t at = 0;
  weir_status status;
  (void)context, (void)split;
  OPENED;
  if (position.length != 0 && position.length != sizeof at)
    return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_SOURCE, "expected a position of 8 bytes");
  if (position.length != 0) memcpy(&at, position.data, sizeof at);
  if (at < 0 || at > 20) return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_SOURCE, "expected a position up to 20");
  status = tell(schema, "l");
  if (status != WEIR_OK) return status;
  *self = malloc(sizeof at);
  if (*self == NULL) return no_memory(error);
  memcpy(*self, &at, sizeof at);
  return WEIR_OK;
}
#ifndef READ
#define READ sin_read
static weir_status sin_read(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome, struct weir_error *error) {
  int64_t *at = self;
  struct weir_batch batch;
  (void)deadline;
  READING;
  *outcome = *at + 4 >= 20 ? WEIR_READ_END : WEIR_READ_MORE;
  if (*at >= 20) return WEIR_OK;
  batch = numbers(*at, 4);
  if (batch.rows.release == NULL) return no_memory(error);
  *at += 4;
  return next->push(next, 0, &batch);
}
#endif
#ifndef POSITION
#define POSITION sin_position
static weir_status sin_position(void *self, const struct weir_sink *position, struct weir_error *error) {
  struct weir_bytes bytes = {self, sizeof(int64_t)};
  (void)error;
  return position->put(position, bytes);
}
#endif
#ifndef ACKNOWLEDGE
#define ACKNOWLEDGE NULL
#endif
static const struct weir_reader sin_reader = {sizeof sin_reader, READ, POSITION, free, ACKNOWLEDGE, NULL};
static const struct weir_extractor sin_table = {sizeof sin_table, NULL, PLAN, sin_open_reader, &sin_reader};
#include "sin_plugin.h"
