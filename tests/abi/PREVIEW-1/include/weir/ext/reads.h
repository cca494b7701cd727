/* weir.reads/1: what a transformer reads and where its columns come from. Asked of the component; `self` is a
 * transformer's. The host opens the source wide, creates the chain, asks, and opens the source narrow (ext/pushdown.h); the
 * schemas stay, and a column that nobody has told to read comes all null (zeros or empty texts where it is not nullable). It
 * answers `weir plan --lineage` too. */
#ifndef WEIR_EXT_READS_H
#define WEIR_EXT_READS_H
#include "pushdown.h"
#define WEIR_READS "weir.reads/1"
struct weir_condition_sink {
  size_t size;
  /* A condition that every row of input `input` that gets through meets; its constant is the one row of *constant. Both
   * are taken; both null if `is` has no constant. */
  weir_status (*put)(const struct weir_condition_sink *self, uint64_t input, struct weir_string column, int32_t is,
                     struct ArrowSchema *schema, struct ArrowArray *constant);
};
struct weir_reads {
  size_t size;
  /* Names the columns of input `input` that it reads itself (not those it only passes on). [instance] */
  weir_status (*columns)(void *self, uint64_t input, const struct weir_sink *names, struct weir_error *error);
  /* Null: none. [instance] */
  weir_status (*conditions)(void *self, const struct weir_condition_sink *conditions, struct weir_error *error);
  /* Names the columns of input `input` that `column` of output `output` is made from. Null: the same name, if there is
   * one. [instance] */
  weir_status (*lineage)(void *self, uint64_t output, struct weir_string column, uint64_t input,
                         const struct weir_sink *names, struct weir_error *error);
};
#endif
