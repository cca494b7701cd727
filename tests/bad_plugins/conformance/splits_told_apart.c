/* Has two splits of one name. */
#define SIN "splits_told_apart"
#include "sin_rows.h"
static weir_status plan_twice(const struct weir_context *context, struct weir_bytes state, const struct weir_plan *plan, int32_t *more,
                              struct weir_error *error) {
  struct weir_split split = {sizeof split, {"same", 4}, {NULL, 0}, {NULL, 0}, -1, -1, 0, 0};
  weir_status status = plan->add(plan, &split);
  (void)context, (void)state, (void)error;
  *more = 0;
  return status != WEIR_OK ? status : plan->add(plan, &split);
}
#define PLAN plan_twice
#include "sin_extractor.h"
