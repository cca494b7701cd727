/* {{name}}: a transformer. It takes white space off the ends of the texts of a column, and leaves the other columns alone. */
#include <stdlib.h>
#include <string.h>

#include "weir_plugin_info.h"

struct trim {
  int64_t column;
};

/* The new column: it keeps the old one, whose validity and text it shares, and ends with its offsets and its text. */
struct trimmed {
  struct ArrowArray old;
  const void *buffers[3];
  int32_t offsets[];
};

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->keeps_rows = 1; /* output row i is always input row i */
  return WEIR_OK;
}

static weir_status create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                          const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                          void **self, struct weir_error *error) {
  const struct weir_string wanted = context->config->text(context->config, weir_text("/column"));
  struct trim *trim = malloc(sizeof *trim);
  (void)names, (void)count;
  if (trim == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  for (trim->column = 0; trim->column < inputs[0]->n_children; trim->column++) {
    const struct ArrowSchema *field = inputs[0]->children[trim->column];
    if (!weir_string_is(wanted, field->name) || strcmp(field->format, "u") != 0) continue;
    *self = trim;
    return outputs->same(outputs, weir_text(""), inputs[0]);
  }
  free(trim);
  strcpy(error->option, "/column");
  return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                   "expected a column of type string, found none of that name");
}

static void release(struct ArrowArray *array) {
  struct trimmed *trimmed = array->private_data;
  trimmed->old.release(&trimmed->old);
  free(trimmed);
  array->release = NULL;
}

static int is_space(char letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n'; }

static weir_status process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                           struct weir_error *error) {
  const struct trim *trim = self;
  struct ArrowArray *column = batch->rows.children[trim->column];
  /* A slice of the rows moves their columns too; the new column begins with the same values before its slice. */
  const int64_t first = column->offset + batch->rows.offset, count = first + batch->rows.length;
  const int32_t *ends = column->buffers[1];
  const char *old = column->buffers[2];
  const int64_t room = (count + 2) / 2 * 2; /* offsets, so that the text begins at a multiple of 8 bytes */
  struct trimmed *trimmed = malloc(sizeof *trimmed + 4 * (size_t)room + (size_t)(ends[count] - ends[first]));
  (void)input;
  if (trimmed == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  char *const text = (char *)(trimmed->offsets + room);
  memset(trimmed->offsets, 0, 4 * (size_t)(first + 1));
  for (int64_t i = first; i < count; i++) {
    const char *from = old + ends[i], *to = old + ends[i + 1];
    while (from != to && is_space(*from)) from++;
    while (from != to && is_space(to[-1])) to--;
    if (from != to) memcpy(text + trimmed->offsets[i], from, (size_t)(to - from));
    trimmed->offsets[i + 1] = trimmed->offsets[i] + (int32_t)(to - from);
  }
  trimmed->old = *column;
  trimmed->buffers[0] = column->buffers[0];
  trimmed->buffers[1] = trimmed->offsets;
  trimmed->buffers[2] = text;
  column->buffers = trimmed->buffers;
  column->private_data = trimmed;
  column->release = release;
  column->length = batch->rows.offset + batch->rows.length;
  if (column->null_count != 0) column->null_count = -1; /* not counted */
  return weir_push_rows(next, 0, batch);
}

static const struct weir_transformer table = {sizeof table, traits, create, process, free, NULL, NULL};
static const struct weir_component component = {sizeof component, WEIR_STRING("{{name}}"),
    {weir_about_{{name}}, weir_about_{{name}}_length}, WEIR_KIND_TRANSFORMER, 0, &table, NULL};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {
    sizeof plugin, WEIR_ABI, WEIR_VERSION(1, 0), WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
    weir_open_nothing, weir_close_nothing, 1, components};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
