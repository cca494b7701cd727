/* Calls its split something else each time. */
#define SIN "plan_repeats"
#include "sin_rows.h"
static weir_status plan_anew(const struct weir_context *context, struct weir_bytes state, const struct weir_plan *plan, int32_t *more,
                             struct weir_error *error) {
  static char id[2] = "a";
  struct weir_split split = {sizeof split, {id, 1}, {NULL, 0}, {NULL, 0}, -1, -1, 0, 0};
  (void)context, (void)state, (void)error;
  *more = 0;
  id[0]++;
  return plan->add(plan, &split);
}
#define PLAN plan_anew
#include "sin_extractor.h"
