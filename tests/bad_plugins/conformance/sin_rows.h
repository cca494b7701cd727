/* Rows of one column `x` of whole numbers: the schema told, batches pushed, each freed by its release(). */
#ifndef SIN_ROWS_H
#define SIN_ROWS_H

#include <stdlib.h>
#include <string.h>
#include <weir/weir.h>

struct owned_rows {
  struct ArrowArray column;
  struct ArrowArray *columns[1];
  const void *none[1];
  const void *buffers[2];
  int64_t values[1];
};

static inline void release_column(struct ArrowArray *array) { array->release = NULL; }

static inline void release_rows(struct ArrowArray *array) {
  array->release = NULL;
  free(array->private_data);
}

/* Makes rows first, first + 1, …; without a release() if there is no memory. */
static inline struct weir_batch numbers(int64_t first, int64_t count) {
  struct owned_rows *owned = (struct owned_rows *)calloc(1, sizeof *owned + (size_t)count * sizeof(int64_t));
  struct ArrowArray column = {count, 0, 0, 2, 0, owned->buffers, NULL, NULL, release_column, NULL};
  struct ArrowArray rows = {count, 0, 0, 1, 1, owned->none, owned->columns, NULL, release_rows, owned};
  struct weir_batch batch;
  int64_t i;
  weir_batch_clear(&batch);
  if (owned == NULL) return batch;
  for (i = 0; i < count; i++) owned->values[i] = first + i;
  owned->column = column;
  owned->columns[0] = &owned->column;
  owned->buffers[1] = owned->values;
  batch.rows = rows;
  return batch;
}

static inline void release_static(struct ArrowSchema *schema) { schema->release = NULL; }

/* Tells that column. */
static inline weir_status tell(const struct weir_schema_sink *sink, const char *format) {
  struct ArrowSchema column = {format, "x", NULL, 0, 0, NULL, NULL, release_static, NULL};
  struct ArrowSchema *columns[1];
  struct ArrowSchema rows = {"+s", "", NULL, 0, 1, columns, NULL, release_static, NULL};
  struct weir_string only = {"", 0};
  columns[0] = &column;
  return sink->same(sink, only, &rows);
}

#endif
