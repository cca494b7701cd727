/* For sins in what is pushed: rows of one column, `x`, made of static memory. A sin calls push_rows() with the column. */
#ifndef BAD_ROWS_H
#define BAD_ROWS_H

#include <weir/weir.h>

static void sin_release_array(struct ArrowArray *array) { array->release = NULL; }
static void sin_release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

/* Tells a schema of one column of the given format. */
static inline weir_status tell_column(const struct weir_schema_sink *outputs, const char *format, int64_t flags) {
  static struct ArrowSchema column;
  static struct ArrowSchema *columns[] = {&column};
  struct ArrowSchema rows = {"+s", "", NULL, 0, 1, columns, NULL, sin_release_schema, NULL};
  struct ArrowSchema made = {format, "x", NULL, flags, 0, NULL, NULL, sin_release_schema, NULL};
  struct weir_string only = {"", 0};
  column = made;
  return outputs->put(outputs, only, &rows);
}

/* An array of `length` values in up to three buffers. */
static inline struct ArrowArray column_of(int64_t length, int64_t null_count, const void **buffers, int64_t n_buffers) {
  struct ArrowArray column = {length, null_count, 0, n_buffers, 0, buffers, NULL, NULL, sin_release_array, NULL};
  return column;
}

/* Pushes `length` rows of that column. They outlive the call, so they stand in static memory: one batch at a time. */
static inline weir_status push_rows(const struct weir_next *next, int64_t length, struct ArrowArray *column) {
  static const void *none[1];
  static struct ArrowArray only;
  static struct ArrowArray *columns[] = {&only};
  struct weir_batch batch;
  struct ArrowArray rows = {length, 0, 0, 1, 1, none, NULL, NULL, sin_release_array, NULL};
  only = *column;
  weir_batch_clear(&batch);
  batch.rows = rows;
  batch.rows.children = columns;
  return next->push(next, 0, &batch);
}

#define SIN_TELLS(format, flags)                                                                                   \
  static weir_status sin_tells(const struct weir_context *context, const struct ArrowSchema *const *inputs,        \
                               const struct weir_string *names, uint64_t count,                                    \
                               const struct weir_schema_sink *outputs, void **self, struct weir_error *error) {    \
    (void)context, (void)inputs, (void)names, (void)count, (void)error;                                            \
    *self = NULL;                                                                                                  \
    return tell_column(outputs, format, flags);                                                                    \
  }

#endif
