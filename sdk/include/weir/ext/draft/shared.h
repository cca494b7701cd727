/* Draft: loads of one manifest that write to one destination share a writer, so that all their rows commit in one step, with
 * one token. Asked of a loader whose traits say many_inputs: without this its inputs have one config between them. */
#ifndef WEIR_EXT_SHARED_H
#define WEIR_EXT_SHARED_H
#include "../../weir.h"
#define WEIR_SHARED "weir.shared/1"
struct weir_shared {
  size_t size;
  /* Tells, as one item, where a load so configured writes: loads of the component that tell the same share a writer. Two
   * names of one place tell the same, as far as that can be known without changing anything. [any] */
  weir_status (*destination)(const struct weir_config *config, const struct weir_sink *destination,
                             struct weir_error *error);
  /* As the loader's open(), for `count` loads: contexts[i] has the config and the link of the one whose rows are input i.
   * The token, and the committer, are those of contexts[0]. An option that the error names is one of contexts[i]'s config if
   * "/i" stands before it ("/1/table"). [any] */
  weir_status (*open)(const struct weir_context *const *contexts, const struct ArrowSchema *const *inputs, uint64_t count,
                      const struct weir_schema_sink *stored, void **self, struct weir_error *error);
};
#endif
