/* stars: a transformer in C against weir.h alone. It replaces one column of a batch and leaves the others alone. */
#include <stdlib.h>
#include <string.h>

#include "weir_plugin_info.h"

struct mask {
  int64_t column, keep;
};

/* The new column: it keeps the old one, whose validity it shares, and ends with its offsets and its text. */
struct masked {
  struct ArrowArray old;
  const void *buffers[3];
  int32_t offsets[];
};

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->keeps_rows = 1; /* output row i is input row i: no origins needed */
  return WEIR_OK;
}

static weir_status create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                          const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                          void **self, struct weir_error *error) {
  const struct weir_config *config = context->config;
  const struct weir_string wanted = config->text(config, weir_text("/column"));
  struct mask *mask = malloc(sizeof *mask);
  (void)names, (void)count;
  if (mask == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  *mask = (struct mask){0, config->integer(config, weir_text("/keep"))};
  for (; mask->column < inputs[0]->n_children; mask->column++) {
    const struct ArrowSchema *field = inputs[0]->children[mask->column];
    if (!weir_string_is(wanted, field->name) || strcmp(field->format, "u") != 0) continue;
    *self = mask;
    return outputs->same(outputs, weir_text(""), inputs[0]);
  }
  free(mask);
  strcpy(error->option, "/column");
  return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no such column of type string");
}

static void release(struct ArrowArray *array) {
  struct masked *masked = array->private_data;
  masked->old.release(&masked->old);
  free(masked);
  array->release = NULL;
}

/* Writes one text, and gives its end. Every byte of UTF-8 but 10xxxxxx begins a character. */
static char *hide(char *to, const char *from, const char *end, int64_t keep) {
  const char *kept = end;
  while (kept != from && keep > 0) keep -= ((unsigned char)*--kept & 0xC0U) != 0x80U;
  if (kept == from) kept = end;
  for (; from != kept; from++)
    if (((unsigned char)*from & 0xC0U) != 0x80U) *to++ = '*';
  return (char *)memcpy(to, kept, (size_t)(end - kept)) + (end - kept);
}

static weir_status process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                           struct weir_error *error) {
  const struct mask *mask = self;
  struct ArrowArray *column = batch->rows.children[mask->column];
  const int64_t first = column->offset, count = column->offset + column->length;
  const int32_t *ends = column->buffers[1];
  const char *old = column->buffers[2];
  const int64_t room = (count + 2) / 2 * 2; /* offsets, so that the text begins at a multiple of 8 bytes */
  struct masked *masked = malloc(sizeof *masked + 4 * (size_t)room + (size_t)(ends[count] - ends[first]));
  (void)input;
  if (masked == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  char *const text = (char *)(masked->offsets + room);
  memset(masked->offsets, 0, 4 * (size_t)(first + 1));
  for (int64_t i = first; i < count; i++)
    masked->offsets[i + 1] =
        (int32_t)(hide(text + masked->offsets[i], old + ends[i], old + ends[i + 1], mask->keep) - text);
  masked->old = *column;
  memcpy(masked->buffers, (const void *[]){column->buffers[0], masked->offsets, text}, sizeof masked->buffers);
  column->buffers = masked->buffers;
  column->private_data = masked;
  column->release = release;
  return weir_push_rows(next, 0, batch);
}

static const struct weir_transformer table = {sizeof table, traits, create, process, free, NULL, NULL};
static const struct weir_component component = {sizeof component, WEIR_STRING("stars"),
    {weir_about_stars, weir_about_stars_length}, WEIR_KIND_TRANSFORMER, 0, &table, NULL};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {
    sizeof plugin, WEIR_ABI, WEIR_VERSION(1, 0), WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
    weir_open_nothing, weir_close_nothing, 1, components};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
