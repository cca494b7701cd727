/* {{name}}: an extractor. It counts from one number to another. */
#include <stdlib.h>
#include <string.h>

#include "weir_plugin_info.h"

enum { ROWS = 65536 }; /* of a batch */

struct counter {
  int64_t next, last;
};

/* The column may be moved out of its rows, and outlive them: each owns its own memory. */
struct column {
  const void *buffers[2];
  int64_t numbers[];
};

struct rows {
  struct ArrowArray column, *children[1];
  const void *buffers[1];
};

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->replay = WEIR_REPLAY_EXACT; /* the same rows come again: the host counts them, and skips to where it was */
  return WEIR_OK;
}

/* One split holds all. Several would be read side by side. */
static weir_status find_splits(const struct weir_context *context, struct weir_bytes state, const struct weir_plan *plan,
                               int32_t *more, struct weir_error *error) {
  struct weir_split split;
  (void)context, (void)state, (void)error;
  memset(&split, 0, sizeof split);
  split.size = sizeof split;
  split.id = weir_text("all");
  split.rows = split.bytes = -1;
  *more = 0;
  return plan->add(plan, &split);
}

static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; } /* nothing of it is allocated */

static weir_status tell_schema(const struct weir_schema_sink *sink) {
  static const struct ArrowSchema column = {"l", "n", NULL, 0, 0, NULL, NULL, keep_schema, NULL};
  struct ArrowSchema field = column, *fields[] = {&field};
  struct ArrowSchema rows = {"+s", "", NULL, 0, 1, fields, NULL, keep_schema, NULL};
  return sink->same(sink, weir_text(""), &rows); /* the sink makes a copy: this one goes with the call */
}

static weir_status open_split(const struct weir_context *context, const struct weir_split *split,
                              struct weir_bytes position, const struct weir_schema_sink *schema, void **self,
                              struct weir_error *error) {
  const struct weir_config *config = context->config;
  struct counter *counter = malloc(sizeof *counter);
  (void)split, (void)position;
  if (counter == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  counter->next = config->integer(config, weir_text("/from"));
  counter->last = config->integer(config, weir_text("/to"));
  const weir_status told = tell_schema(schema);
  if (told == WEIR_OK) *self = counter;
  if (told != WEIR_OK) free(counter);
  return told;
}

static void release_column(struct ArrowArray *array) {
  free(array->private_data);
  array->release = NULL;
}

static void release_rows(struct ArrowArray *array) {
  struct rows *rows = array->private_data;
  if (rows->column.release != NULL) rows->column.release(&rows->column); /* null: it was moved out */
  free(rows);
  array->release = NULL;
}

/* Makes the next `count` rows; 0: there is no memory. */
static int make_rows(struct counter *counter, int64_t count, struct ArrowArray *made) {
  struct column *column = malloc(sizeof *column + sizeof(int64_t) * (size_t)count);
  struct rows *rows = malloc(sizeof *rows);
  if (column == NULL || rows == NULL) {
    free(column);
    free(rows);
    return 0;
  }
  for (int64_t i = 0; i < count; i++) column->numbers[i] = counter->next++;
  column->buffers[0] = rows->buffers[0] = NULL; /* no nulls */
  column->buffers[1] = column->numbers;
  rows->column = (struct ArrowArray){count, 0, 0, 2, 0, column->buffers, NULL, NULL, release_column, column};
  rows->children[0] = &rows->column;
  *made = (struct ArrowArray){count, 0, 0, 1, 1, rows->buffers, rows->children, NULL, release_rows, rows};
  return 1;
}

static weir_status read_batch(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome,
                              struct weir_error *error) {
  struct counter *counter = self;
  const int64_t left = counter->last - counter->next + 1, count = left < ROWS ? left : ROWS;
  struct weir_batch batch;
  (void)deadline; /* what waits for data looks at it */
  *outcome = WEIR_READ_END;
  if (left <= 0) return WEIR_OK;
  weir_batch_clear(&batch);
  if (!make_rows(counter, count, &batch.rows))
    return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  if (counter->next <= counter->last) *outcome = WEIR_READ_MORE;
  return next->push(next, 0, &batch);
}

static const struct weir_reader reader = {sizeof reader, read_batch, NULL, free, NULL, NULL};
static const struct weir_extractor table = {sizeof table, traits, find_splits, open_split, &reader};
static const struct weir_component component = {sizeof component, WEIR_STRING("{{name}}"),
    {weir_about_{{name}}, weir_about_{{name}}_length}, WEIR_KIND_EXTRACTOR, 0, &table, NULL};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {
    sizeof plugin, WEIR_ABI, WEIR_VERSION(1, 0), WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
    weir_open_nothing, weir_close_nothing, 1, components};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
