/* No sin: reads 20 batches of 4096 rows, the numbers from 0, in buffers of the host's (weir.memory/1). */
#include "bad_rows.h"

#include <stdlib.h>
#include <weir/ext/memory.h>

#define SIN "host_memory"
#define SIN_KIND WEIR_KIND_EXTRACTOR
#define SIN_KIND_NAME "extractor"
#define SIN_CREATE NULL
#define SIN_PROCESS NULL
#define SIN_TABLE &extractor
enum { ROWS = 4096, BATCHES = 20 };

struct numbers {
  const struct weir_host *host;
  const struct weir_memory *memory;
  int64_t batches; /* read */
};

/* One batch, and all that it points to but the values. */
struct rows {
  struct numbers from; /* a copy: the reader may be closed before the rows are released */
  uint8_t *values;
  const void *buffers[2];
  const void *none[1];
  struct ArrowArray column;
  struct ArrowArray *columns[1];
};

static void release_rows(struct ArrowArray *array) {
  struct rows *rows = array->private_data;
  if (rows->column.release != NULL) rows->column.release(&rows->column);
  rows->from.memory->free(rows->from.host, rows->values);
  free(rows);
  array->release = NULL;
}

static weir_status plan_numbers(const struct weir_context *context, struct weir_bytes state, const struct weir_plan *plan,
                                int32_t *more, struct weir_error *error) {
  struct weir_split split = {sizeof split, WEIR_STRING("only"), {NULL, 0}, {NULL, 0}, -1, -1, 0, 0};
  (void)context, (void)state, (void)error;
  *more = 0;
  return plan->add(plan, &split);
}

static weir_status open_numbers(const struct weir_context *context, const struct weir_split *split,
                                struct weir_bytes position, const struct weir_schema_sink *schema, void **self,
                                struct weir_error *error) {
  struct numbers *numbers = malloc(sizeof *numbers);
  (void)split, (void)position;
  if (numbers == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  numbers->host = context->host;
  numbers->memory = context->host->extension(context->host, weir_text(WEIR_MEMORY));
  numbers->batches = 0;
  *self = numbers;
  if (numbers->memory != NULL) return tell_column(schema, "l", 0);
  free(numbers);
  return weir_fail(error, WEIR_UNIMPLEMENTED, WEIR_FAULT_UNKNOWN, "expected weir.memory/1 of the host, found none");
}

static weir_status read_numbers(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome,
                                struct weir_error *error) {
  struct numbers *numbers = self;
  struct weir_batch batch;
  struct rows *rows = malloc(sizeof *rows);
  weir_status status;
  if (rows == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  rows->from = *numbers;
  status = numbers->memory->allocate(numbers->host, ROWS * sizeof(int64_t), deadline, &rows->values, error);
  if (status != WEIR_OK) {
    free(rows);
    return status;
  }
  for (int64_t i = 0; i < ROWS; i++) ((int64_t *)(void *)rows->values)[i] = numbers->batches * ROWS + i;
  rows->buffers[0] = NULL;
  rows->buffers[1] = rows->values;
  rows->none[0] = NULL;
  rows->column = column_of(ROWS, 0, rows->buffers, 2);
  rows->columns[0] = &rows->column;
  weir_batch_clear(&batch);
  batch.rows = (struct ArrowArray){ROWS, 0, 0, 1, 1, rows->none, rows->columns, NULL, release_rows, rows};
  *outcome = ++numbers->batches == BATCHES ? WEIR_READ_END : WEIR_READ_MORE;
  return next->push(next, 0, &batch);
}

static void close_numbers(void *self) { free(self); }

static const struct weir_reader reader = {sizeof reader, read_numbers, NULL, close_numbers, NULL, NULL};
static const struct weir_extractor extractor = {sizeof extractor, NULL, plan_numbers, open_numbers, &reader};
#include "bad_plugin.h"
