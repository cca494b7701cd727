/* For sins of an extractor: one split of one column `x`, int64. A sin defines SIN_READ, and SIN_CANCEL and
 * SIN_CLOSE_READER if it has its own. */
#ifndef BAD_READER_H
#define BAD_READER_H

#include "bad_rows.h"

static weir_status sin_traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->replay = WEIR_REPLAY_EXACT;
  return WEIR_OK;
}

static weir_status sin_plan(const struct weir_context *context, struct weir_bytes state, const struct weir_plan *plan,
                            int32_t *more, struct weir_error *error) {
  struct weir_split split = {sizeof split, WEIR_STRING("only"), {NULL, 0}, {NULL, 0}, -1, -1, 0, 0};
  (void)context, (void)state, (void)error;
  *more = 0;
  return plan->add(plan, &split);
}

static weir_status sin_open_reader(const struct weir_context *context, const struct weir_split *split,
                                   struct weir_bytes position, const struct weir_schema_sink *schema, void **self,
                                   struct weir_error *error) {
  (void)context, (void)split, (void)position, (void)error;
  *self = NULL;
  return tell_column(schema, "l", 0);
}

#ifndef SIN_CLOSE_READER
#define SIN_CLOSE_READER sin_close_reader
static void sin_close_reader(void *self) { (void)self; }
#endif

#ifndef SIN_CANCEL
#define SIN_CANCEL NULL
#endif
static const struct weir_reader sin_reader = {sizeof sin_reader, SIN_READ, NULL, SIN_CLOSE_READER, NULL, SIN_CANCEL};
static const struct weir_extractor sin_extractor = {sizeof sin_extractor, sin_traits, sin_plan, sin_open_reader, &sin_reader};

#define SIN_KIND WEIR_KIND_EXTRACTOR
#define SIN_KIND_NAME "extractor"
#define SIN_CREATE NULL
#define SIN_PROCESS NULL
#define SIN_TABLE &sin_extractor
#include "bad_plugin.h"

#endif
