/* Draft: what a loader would change at its destination before it takes rows, told before a run: weir plan shows it. Asked of a
 * loader. */
#ifndef WEIR_EXT_DDL_H
#define WEIR_EXT_DDL_H
#include "../../weir.h"
#define WEIR_DDL "weir.ddl/1"
struct weir_ddl {
  size_t size;
  /* Tells, an item each, the statements that a writer opened with these would run in a run's first epoch to make its destination,
   * or to change it, in their order and in the destination's language; none where nothing is to be done. Changes nothing. Fails
   * as open() would. [any] */
  weir_status (*statements)(const struct weir_context *context, const struct ArrowSchema *input,
                            const struct weir_sink *statements, struct weir_error *error);
};
#endif
