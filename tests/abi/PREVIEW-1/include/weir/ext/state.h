/* weir.state/1: a transformer that remembers (dedupe, aggregate, sessions). Asked of the component; `self`
 * is a transformer's. Without it, a transformer must be able to forget everything at a barrier. With it there is one
 * instance a lane, whatever its scope: chains are not the same after a restart. A loader or
 * format may have it too, for a writer or encoder that goes on with one file over many epochs: snapshot() comes
 * after prepare(), restore() after open(). */
#ifndef WEIR_EXT_STATE_H
#define WEIR_EXT_STATE_H
#include "../weir.h"
#define WEIR_STATE "weir.state/1"
/* Receives what changed since the last snapshot: a checkpoint is a delta. Lent for one call. */
struct weir_state_sink {
  size_t size;
  weir_status (*put)(const struct weir_state_sink *self, struct weir_bytes key, struct weir_bytes value);
  weir_status (*remove)(const struct weir_state_sink *self, struct weir_bytes key);
};
struct weir_state {
  size_t size;
  /* Tells what changed since the last one that returned OK; the first: since restore(), or, without one, all. Called
   * at a barrier, after flush(); the instance goes on. Each key once, put or removed. Items may be as many as
   * convenient: a key has at most 1 KiB, a value 16 MiB; begin values with a format version of your own: a later release
   * of the plugin will read them. [instance] */
  weir_status (*snapshot)(void *self, const struct weir_state_sink *changes, struct weir_error *error);
  /* Puts the items back (item i is keys[i], values[i]; each key once, in any order), in calls of some items each,
   * `last` 1 with the last, which may have none. Right after create(), before anything else; perhaps with another
   * input schema, in another process, by a later release. FAILED_PRECONDITION if it can't be done. [instance] */
  weir_status (*restore)(void *self, const struct weir_bytes *keys, const struct weir_bytes *values, uint64_t count,
                         int32_t last, struct weir_error *error);
  /* 1: it has something to remember, so configured; 0: nothing, ever, so chains may have an instance each. Pure. Null:
   * it has. [any] */
  int32_t (*remembers)(const struct weir_config *config);
};
#endif
