/* weir.chunked/1: a format whose records can be parsed apart. Asked of the format; `self` is a reader opened
 * on the input, which has read the head (header line, schema). The host finds boundaries in order, then
 * parses the chunks between them on every core. */
#ifndef WEIR_EXT_CHUNKED_H
#define WEIR_EXT_CHUNKED_H
#include "../weir.h"
#define WEIR_CHUNKED "weir.chunked/1"
struct weir_chunked {
  size_t size;
  /* Tells where the first record begins, after whatever the reader took for itself. [instance] */
  weir_status (*start)(void *self, uint64_t *offset, struct weir_error *error);
  /* Looks through `bytes`, which follow those of the last call, and tells the offset in them after the last
   * record that ends there (0: none does). `state` is the scanner's own (in quotes or not), zero at the
   * start. Pure but for `state`. [any] */
  weir_status (*boundary)(const void *self, struct weir_bytes bytes, uint64_t state[4], uint64_t *end,
                          struct weir_error *error);
  /* Parses whole records. Pure: on any thread, several at a time. Origins and rejects count from the chunk;
   * the host, which knows the chunks before, makes records and lines of the file of them when somebody asks.
   * [any] */
  weir_status (*parse)(const void *self, struct weir_bytes chunk, const struct weir_next *next,
                       struct weir_error *error);
  /* The input has ended, `state` is behind its last byte, and all chunks have been parsed: fails if it may not end there,
   * which no chunk can tell (an array that was never closed). Null, or unknown to the format: it may end anywhere. [any] */
  weir_status (*finish)(const void *self, const uint64_t state[4], struct weir_error *error);
};
#endif
