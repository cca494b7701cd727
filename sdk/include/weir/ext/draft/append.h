/* Draft: rows written behind those that a file has (append: true of a load). Asked of a format that writes; files of one without
 * it can't be appended to. The host copies what the object has, expanded or not as it is stored, asks what must stand in
 * between, and opens the encoder on an output whose `written` is more than 0. An empty object is written as a new one. */
#ifndef WEIR_EXT_APPEND_H
#define WEIR_EXT_APPEND_H
#include "../../weir.h"
#define WEIR_APPEND "weir.append/1"
struct weir_append {
  size_t size;
  /* Fails if rows of the schema `input` can't stand behind what begins with `head` (1 MiB of it, or all): with other columns,
   * in another spelling. [any] */
  weir_status (*fits)(const struct weir_context *context, const struct ArrowSchema *input, struct weir_bytes head,
                      struct weir_error *error);
  /* Tells, as one item, what must stand between what ends with `tail` (64 bytes of it, or all) and the rows: the line end
   * that is missing. Tells none where nothing must. [any] */
  weir_status (*between)(const struct weir_context *context, struct weir_bytes tail, const struct weir_sink *bytes,
                         struct weir_error *error);
};
#endif
