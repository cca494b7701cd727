/* What lies between weir.h and Go: tables of functions whose every call goes to an exported Go function, and calls of the host's function
 * pointers, which Go can't make itself. */
#ifndef WEIR_GO_GLUE_H
#define WEIR_GO_GLUE_H

#include <stdlib.h>
#include <string.h>
#include <weir/ext/memory.h>
#include <weir/ext/pushdown.h>
#include <weir/ext/state.h>
#include <weir/weir.h>

/* A component's functions without an instance don't tell which component they are of: each has its own, by its slot. */
enum { WEIR_GO_SLOTS = 8 };

/* The table of a kind at a slot, with what the component has put in. */
const void *weir_go_transformer(int slot, int holds_rows);
const void *weir_go_extractor(int slot, int tells_position);
const void *weir_go_loader(int slot, int commits, int atomic, int finishes);
const void *weir_go_format(int slot, int reads, int writes, int flushes);
const struct weir_plugin *weir_go_plugin(struct weir_string name, struct weir_string version, uint64_t count,
                                         const struct weir_component *const *components);

/* Has a transformer offer weir.state/1; has an extractor or a format, at its slot, offer weir.pushdown/1. */
void weir_go_offer_state(struct weir_component *component);
void weir_go_offer_pushdown(struct weir_component *component, int slot);

/* Releases what the builders make: each buffer, each child, and themselves, all of malloc(). Needs no Go. */
void weir_go_release_array(struct ArrowArray *array);
void weir_go_release_schema(struct ArrowSchema *schema);
static inline void weir_go_own_array(struct ArrowArray *array) { array->release = weir_go_release_array; }
static inline void weir_go_own_schema(struct ArrowSchema *schema) { schema->release = weir_go_release_schema; }
static inline void weir_go_drop_array(struct ArrowArray *array) {
  if (array->release != NULL) array->release(array);
}
static inline int weir_go_has_array(const struct ArrowArray *array) { return array->release != NULL; }
static inline void weir_go_forget_array(struct ArrowArray *array) { array->release = NULL; }

/* ------------------------------------------------------------------------------------- calls of the host -- */

#define WEIR_GO_TEXT(name) (struct weir_string){name, name##_length}
#define WEIR_GO_BYTES(name) (struct weir_bytes){name, name##_length}

static inline struct weir_string weir_go_config_text(const struct weir_config *c, const char *path, uint64_t path_length) {
  return c->text(c, WEIR_GO_TEXT(path));
}
static inline int64_t weir_go_config_integer(const struct weir_config *c, const char *path, uint64_t path_length) {
  return c->integer(c, WEIR_GO_TEXT(path));
}
static inline double weir_go_config_number(const struct weir_config *c, const char *path, uint64_t path_length) {
  return c->number(c, WEIR_GO_TEXT(path));
}
static inline int32_t weir_go_config_boolean(const struct weir_config *c, const char *path, uint64_t path_length) {
  return c->boolean(c, WEIR_GO_TEXT(path));
}
static inline uint64_t weir_go_config_count(const struct weir_config *c, const char *path, uint64_t path_length) {
  return c->count(c, WEIR_GO_TEXT(path));
}
static inline int32_t weir_go_config_kind(const struct weir_config *c, const char *path, uint64_t path_length) {
  return c->kind(c, WEIR_GO_TEXT(path));
}
static inline struct weir_string weir_go_config_key(const struct weir_config *c, const char *path, uint64_t path_length,
                                                    uint64_t index) {
  return c->key(c, WEIR_GO_TEXT(path), index);
}
static inline int64_t weir_go_now(const struct weir_host *h) { return h->now(h); }
static inline int32_t weir_go_cancelled(const struct weir_host *h) { return h->cancelled(h); }
static inline void weir_go_log(const struct weir_host *h, int32_t level, const char *event, uint64_t event_length,
                               const char *detail, uint64_t detail_length) {
  h->log(h, level, WEIR_GO_TEXT(event), WEIR_GO_TEXT(detail));
}
static inline weir_status weir_go_put_item(const struct weir_state_sink *s, const uint8_t *key, uint64_t key_length, const uint8_t *value,
                                           uint64_t value_length) {
  return s->put(s, WEIR_GO_BYTES(key), WEIR_GO_BYTES(value));
}
static inline weir_status weir_go_remove_item(const struct weir_state_sink *s, const uint8_t *key, uint64_t key_length) {
  return s->remove(s, WEIR_GO_BYTES(key));
}
/* OK where the host counts nothing. */
static inline weir_status weir_go_reserve(const struct weir_host *h, int64_t bytes, struct weir_error *error) {
  const struct weir_memory *memory = (const struct weir_memory *)h->extension(h, weir_text(WEIR_MEMORY));
  return memory == NULL ? WEIR_OK : memory->reserve(h, bytes, error);
}
static inline weir_status weir_go_put_schema(const struct weir_schema_sink *s, const char *name, uint64_t name_length,
                                             struct ArrowSchema *schema) {
  return s->put(s, WEIR_GO_TEXT(name), schema);
}
static inline weir_status weir_go_put(const struct weir_sink *s, const uint8_t *bytes, uint64_t bytes_length) {
  return s->put(s, WEIR_GO_BYTES(bytes));
}
static inline weir_status weir_go_push(const struct weir_next *n, uint64_t output, struct ArrowArray *rows,
                                       struct ArrowArray *origins, int64_t base) {
  struct weir_batch batch;
  weir_batch_clear(&batch);
  batch.rows = *rows;
  batch.origins = *origins;
  batch.base = base;
  return n->push(n, output, &batch);
}
static inline weir_status weir_go_select(const struct weir_next *n, uint64_t output, const uint32_t *rows, uint64_t count) {
  return n->select(n, output, rows, count);
}
static inline weir_status weir_go_drop(const struct weir_next *n, uint64_t count, const char *reason, uint64_t reason_length) {
  return n->drop(n, count, WEIR_GO_TEXT(reason));
}
static inline weir_status weir_go_reject(const struct weir_next *n, int64_t row, int64_t offset, const uint8_t *record,
                                         uint64_t record_length, const char *column, uint64_t column_length,
                                         const char *reason, uint64_t reason_length, const char *detail,
                                         uint64_t detail_length) {
  struct weir_reject reject;
  weir_reject_clear(&reject);
  reject.row = row;
  reject.offset = offset;
  reject.record = WEIR_GO_BYTES(record);
  reject.column = WEIR_GO_TEXT(column);
  reject.reason = WEIR_GO_TEXT(reason);
  reject.detail = WEIR_GO_TEXT(detail);
  return n->reject(n, &reject);
}
static inline weir_status weir_go_add_split(const struct weir_plan *p, const char *id, uint64_t id_length,
                                            const uint8_t *token, uint64_t token_length, int64_t rows, int64_t bytes,
                                            int32_t unbounded) {
  struct weir_split split;
  memset(&split, 0, sizeof split);
  split.size = sizeof split;
  split.id = WEIR_GO_TEXT(id);
  split.token = WEIR_GO_BYTES(token);
  split.rows = rows;
  split.bytes = bytes;
  split.unbounded = unbounded;
  return p->add(p, &split);
}
static inline weir_status weir_go_remove_split(const struct weir_plan *p, const char *id, uint64_t id_length) {
  return p->remove(p, WEIR_GO_TEXT(id));
}
static inline weir_status weir_go_plan_state(const struct weir_plan *p, const uint8_t *state, uint64_t state_length) {
  return p->state(p, WEIR_GO_BYTES(state));
}
static inline weir_status weir_go_input_read(const struct weir_input *i, int64_t deadline, uint8_t *buffer, uint64_t capacity,
                                             uint64_t *got, int32_t *outcome, struct weir_error *error) {
  return i->read(i, deadline, buffer, capacity, got, outcome, error);
}
static inline weir_status weir_go_output_write(const struct weir_output *o, const uint8_t *bytes, uint64_t bytes_length,
                                               struct weir_error *error) {
  return o->write(o, WEIR_GO_BYTES(bytes), error);
}

#endif
