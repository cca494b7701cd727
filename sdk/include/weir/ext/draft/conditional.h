/* Draft: small objects that are replaced only if nobody else was faster. Asked of a storage: the host can keep its state in one
 * that has it (state: store: of a manifest). */
#ifndef WEIR_EXT_CONDITIONAL_H
#define WEIR_EXT_CONDITIONAL_H
#include "../../weir.h"
#define WEIR_CONDITIONAL "weir.conditional/1"
struct weir_conditional {
  size_t size;
  /* Gives an object these bytes if its version is still `expected` (empty: there must be none of that name), and tells it, with its
   * new version. In one step: nobody sees a part of it, and of several callers in any process one wins; durable before it returns.
   * A version that was once told of a name is never that of other bytes. FAILED_PRECONDITION: it has another version by now, or
   * is there, or is not; nothing was changed. After any other error the caller looks what is there. [any] */
  weir_status (*replace)(void *self, struct weir_string name, struct weir_bytes bytes, struct weir_string expected,
                         const struct weir_object_sink *object, struct weir_error *error);
};
#endif
