/* {{name}}: a format. It reads each line of a text as a row, and writes rows as lines. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "weir_plugin_info.h"

enum { PIECE = 1 << 20 }; /* bytes that are read at once */

struct lines {
  const struct weir_input *input;
  char *bytes; /* read, and not pushed yet */
  size_t length, capacity;
  int64_t offset; /* in the input, of the first of them */
};

/* Arrays, each in its own memory: a column may be moved out of its rows, and outlive them. */
struct texts {
  const void *buffers[3];
  int32_t ends[]; /* and the text behind them */
};

struct numbers {
  const void *buffers[2];
  uint32_t values[];
};

struct rows {
  struct ArrowArray column, *children[1];
  const void *buffers[1];
};

static weir_status out_of_memory(struct weir_error *error) {
  return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
}

static int32_t sniff(const struct weir_sniff *found) {
  static const char ending[] = ".{{name}}";
  const size_t length = sizeof ending - 1;
  return found->name.length > length && memcmp(found->name.data + found->name.length - length, ending, length) == 0 ? 90 : 0;
}

/* ---------------------------------------------------------------------------------------------------- reading -- */

static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; } /* nothing of it is allocated */

static weir_status tell_schema(const struct weir_schema_sink *sink, struct weir_string name, struct weir_error *error) {
  char *zero_ended = strndup(name.data, name.length);
  struct ArrowSchema field = {"u", zero_ended, NULL, ARROW_FLAG_NULLABLE, 0, NULL, NULL, keep_schema, NULL}, *fields[] = {&field};
  struct ArrowSchema rows = {"+s", "", NULL, 0, 1, fields, NULL, keep_schema, NULL};
  const weir_status told = zero_ended == NULL ? out_of_memory(error) : sink->same(sink, weir_text(""), &rows);
  free(zero_ended);
  return told;
}

static weir_status open_reader(const struct weir_context *context, const struct weir_input *input, struct weir_bytes position,
                               const struct weir_schema_sink *schema, void **self, struct weir_error *error) {
  struct lines *lines = calloc(1, sizeof *lines);
  (void)position;
  if (lines == NULL) return out_of_memory(error);
  lines->input = input;
  const weir_status told = tell_schema(schema, context->config->text(context->config, weir_text("/column")), error);
  if (told == WEIR_OK) *self = lines;
  if (told != WEIR_OK) free(lines);
  return told;
}

static void close_reader(void *self) {
  free(((struct lines *)self)->bytes);
  free(self);
}

static void release_buffers(struct ArrowArray *array) {
  free(array->private_data);
  array->release = NULL;
}

static void release_rows(struct ArrowArray *array) {
  struct rows *rows = array->private_data;
  if (rows->column.release != NULL) rows->column.release(&rows->column); /* null: it was moved out */
  free(rows);
  array->release = NULL;
}

/* Makes the batch of the lines in bytes [0, end), `count` of them, each with the place where it began; 0: there is no memory. */
static int make_batch(const struct lines *lines, size_t end, int64_t count, struct weir_batch *batch) {
  const int64_t room = (count + 2) / 2 * 2; /* ends, so that the text begins at a multiple of 8 bytes */
  struct texts *texts = malloc(sizeof *texts + 4 * (size_t)room + end);
  struct numbers *origins = malloc(sizeof *origins + 4 * (size_t)count);
  struct rows *rows = malloc(sizeof *rows);
  if (texts == NULL || origins == NULL || rows == NULL) {
    free(texts), free(origins), free(rows);
    return 0;
  }
  char *const text = (char *)(texts->ends + room);
  texts->ends[0] = 0;
  for (size_t i = 0, begin = 0; i < (size_t)count; i++) {
    const char *stop = memchr(lines->bytes + begin, '\n', end - begin);
    const size_t next = stop == NULL ? end : (size_t)(stop - lines->bytes) + 1;
    size_t length = (stop == NULL ? end : next - 1) - begin;
    origins->values[i] = (uint32_t)begin;
    if (length > 0 && lines->bytes[begin + length - 1] == '\r') length--;
    memcpy(text + texts->ends[i], lines->bytes + begin, length);
    texts->ends[i + 1] = texts->ends[i] + (int32_t)length;
    begin = next;
  }
  texts->buffers[0] = origins->buffers[0] = rows->buffers[0] = NULL; /* no nulls */
  texts->buffers[1] = texts->ends, texts->buffers[2] = text;
  origins->buffers[1] = origins->values;
  rows->column = (struct ArrowArray){count, 0, 0, 3, 0, texts->buffers, NULL, NULL, release_buffers, texts};
  rows->children[0] = &rows->column;
  weir_batch_clear(batch);
  batch->rows = (struct ArrowArray){count, 0, 0, 1, 1, rows->buffers, rows->children, NULL, release_rows, rows};
  batch->origins = (struct ArrowArray){count, 0, 0, 2, 0, origins->buffers, NULL, NULL, release_buffers, origins};
  batch->base = lines->offset;
  return 1;
}

/* Where in bytes [0, end) the first is that is not UTF-8; end: all are. */
static size_t invalid_at(const char *bytes, size_t end) {
  for (size_t i = 0; i < end;) {
    const unsigned char lead = (unsigned char)bytes[i];
    const size_t more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 4;
    const unsigned char second = more > 0 && i + 1 < end ? (unsigned char)bytes[i + 1] : 0;
    if (more == 4 || i + more >= end) return i;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F))
      return i;
    for (size_t k = 1; k <= more; k++)
      if (((unsigned char)bytes[i + k] & 0xC0) != 0x80) return i;
    i += more + 1;
  }
  return end;
}

/* Pushes the lines that end in bytes [0, end), and takes them away. */
static weir_status push_lines(struct lines *lines, size_t end, const struct weir_next *next, struct weir_error *error) {
  const size_t bad = invalid_at(lines->bytes, end);
  int64_t count = lines->bytes[end - 1] == '\n' ? 0 : 1;
  struct weir_batch batch;
  if (bad < end) {
    error->offset = lines->offset + (int64_t)bad;
    return weir_fail(error, WEIR_DATA_LOSS, WEIR_FAULT_DATA, "expected UTF-8, found another byte");
  }
  for (size_t i = 0; i < end; i++) count += lines->bytes[i] == '\n';
  if (!make_batch(lines, end, count, &batch)) return out_of_memory(error);
  memmove(lines->bytes, lines->bytes + end, lines->length - end);
  lines->length -= end;
  lines->offset += (int64_t)end;
  return next->push(next, 0, &batch);
}

static weir_status read_piece(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome,
                              struct weir_error *error) {
  struct lines *lines = self;
  uint64_t got = 0;
  if (lines->capacity - lines->length < PIECE) {
    char *bytes = realloc(lines->bytes, 2 * lines->length + PIECE);
    if (bytes == NULL) return out_of_memory(error);
    lines->bytes = bytes;
    lines->capacity = 2 * lines->length + PIECE;
  }
  const weir_status status = lines->input->read(lines->input, deadline, (uint8_t *)lines->bytes + lines->length, PIECE, &got, outcome, error);
  if (status != WEIR_OK) return status;
  size_t end = lines->length += got;
  while (*outcome != WEIR_READ_END && end > 0 && lines->bytes[end - 1] != '\n') end--;
  return end == 0 ? WEIR_OK : push_lines(lines, end, next, error);
}

/* ---------------------------------------------------------------------------------------------------- writing -- */

/* The output is all that an encoder has. */
static weir_status open_encoder(const struct weir_context *context, const struct ArrowSchema *input,
                                const struct weir_schema_sink *stored, const struct weir_output *output, void **self,
                                struct weir_error *error) {
  (void)context;
  if (input->n_children != 1 || strcmp(input->children[0]->format, "u") != 0) {
    strcpy(error->hint, "a select before the load can keep one");
    return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected one column of type string, found others");
  }
  *self = (void *)output;
  return stored->same(stored, weir_text(""), input);
}

static weir_status encode(void *self, struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  const struct weir_output *output = self;
  const struct ArrowArray *column = batch->rows.children[0];
  const int64_t first = column->offset + batch->rows.offset, count = batch->rows.length;
  const uint8_t *valid = column->null_count != 0 ? column->buffers[0] : NULL;
  const int32_t *ends = (const int32_t *)column->buffers[1] + first;
  uint8_t *bytes = malloc((size_t)(ends[count] - ends[0]) + (size_t)count + 1);
  size_t length = 0;
  (void)next;
  if (bytes == NULL) return out_of_memory(error);
  for (int64_t row = 0; row < count; row++) {
    const int64_t i = first + row;
    const size_t size = valid != NULL && (valid[i / 8] >> (i % 8) & 1) == 0 ? 0 : (size_t)(ends[row + 1] - ends[row]);
    if (size > 0) memcpy(bytes + length, (const char *)column->buffers[2] + ends[row], size);
    bytes[length + size] = '\n';
    length += size + 1;
  }
  const weir_status status = output->write(output, (struct weir_bytes){bytes, length}, error);
  free(bytes);
  return status;
}

static weir_status do_nothing(void *self, struct weir_error *error) {
  (void)self, (void)error;
  return WEIR_OK;
}

static void close_encoder(void *self) { (void)self; }

static const struct weir_reader reader = {sizeof reader, read_piece, NULL, close_reader, NULL, NULL};
static const struct weir_format table = {sizeof table, sniff, open_reader, &reader, open_encoder, encode, do_nothing, do_nothing, close_encoder};
static const struct weir_component component = {sizeof component, WEIR_STRING("{{name}}"),
    {weir_about_{{name}}, weir_about_{{name}}_length}, WEIR_KIND_FORMAT, 0, &table, NULL};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {
    sizeof plugin, WEIR_ABI, WEIR_VERSION(1, 0), WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
    weir_open_nothing, weir_close_nothing, 1, components};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
