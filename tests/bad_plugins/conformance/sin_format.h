/* A format of whole numbers, one a line. ENCODED: the number that is written for `value`; AFTER_READ: done when the bytes are there;
 * READS: whether it asks for more after `got` bytes; AT: the row at which a position opens it; SNIFF, CUT. */
#include <stdio.h>
#include <weir/ext/chunked.h>
#include "sin_memory.h"
#include "sin_rows.h"
#define KIND WEIR_KIND_FORMAT
#define KIND_NAME "format"
#define CONFORMANCE ",\"conformance\":{\"columns\":{\"x\":\"int64 not null\"}}"

#ifndef ENCODED
#define ENCODED value
#endif
#ifndef AFTER_READ
#define AFTER_READ
#endif
#ifndef READS
#define READS 1
#endif
#ifndef AT
#define AT at
#endif
#ifndef SNIFFED
#define SNIFFED 10
#endif
#ifndef CUT
#define CUT i + 1
#endif

struct parsing {
  char *bytes;
  uint64_t length, at;
  int64_t row;
};

/* The next number; 0: there is none. */
static int next_number(struct parsing *self, int64_t *number) {
  int any = 0;
  *number = 0;
  while (self->at < self->length && self->bytes[self->at] != '\n') {
    const char digit = self->bytes[self->at++];
    if (digit >= '0' && digit <= '9') *number = (*number * 10 + digit - '0') % 1000000000;
    any = 1;
  }
  self->at++;
  return any;
}
static weir_status push_rows(struct parsing *self, int64_t most, const struct weir_next *next, int *ended, struct weir_error *error) {
  struct weir_batch batch = numbers(0, most);
  struct owned_rows *owned = batch.rows.private_data;
  int64_t count = 0;
  if (batch.rows.release == NULL) return no_memory(error);
  while (count < most && next_number(self, &owned->values[count])) count++;
  *ended = count < most;
  self->row += count;
  batch.rows.length = owned->column.length = count;
  return next->push(next, 0, &batch);
}
static weir_status sin_open_reader(const struct weir_context *context, const struct weir_input *input, struct weir_bytes position,
                                   const struct weir_schema_sink *schema, void **self, struct weir_error *error) {
  struct parsing *made;
  int64_t at = 0, row, number;
  uint64_t got = 0, capacity = 64;
  int32_t outcome = WEIR_READ_MORE;
  weir_status status = tell(schema, "l");
  (void)context;
  if (position.length == sizeof at) memcpy(&at, position.data, sizeof at);
  if (status != WEIR_OK) return status;
  made = calloc(1, sizeof *made);
  if (made == NULL) return no_memory(error);
  while (status == WEIR_OK && outcome == WEIR_READ_MORE) {
    if (made->bytes == NULL || made->length == capacity) {
      char *more = realloc(made->bytes, capacity *= 2);
      if (more == NULL) {
        free(made->bytes);
        free(made);
        return no_memory(error);
      }
      made->bytes = more;
    }
    status = input->read(input, INT64_MAX, (uint8_t *)made->bytes + made->length, capacity - made->length, &got, &outcome, error);
    if (status == WEIR_OK) made->length += got;
    if (!(READS)) break;
  }
  if (status != WEIR_OK) {
    free(made->bytes);
    free(made);
    return status;
  }
  AFTER_READ;
  for (row = 0; row < (AT); row++) next_number(made, &number);
  made->row = (AT);
  *self = made;
  return WEIR_OK;
}
static weir_status sin_read(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome, struct weir_error *error) {
  int ended = 0;
  weir_status status = push_rows(self, 8, next, &ended, error);
  (void)deadline;
  *outcome = ended ? WEIR_READ_END : WEIR_READ_MORE;
  return status;
}
static weir_status sin_position(void *self, const struct weir_sink *position, struct weir_error *error) {
  struct weir_bytes bytes = {(const uint8_t *)&((struct parsing *)self)->row, sizeof(int64_t)};
  (void)error;
  return position->put(position, bytes);
}
static void sin_close_reader(void *self) {
  free(((struct parsing *)self)->bytes);
  free(self);
}
static const struct weir_reader sin_reader = {sizeof sin_reader, sin_read, sin_position, sin_close_reader, NULL, NULL};

struct encoding {
  const struct weir_output *output;
};
static weir_status sin_open_encoder(const struct weir_context *context, const struct ArrowSchema *input, const struct weir_schema_sink *stored,
                                    const struct weir_output *output, void **self, struct weir_error *error) {
  struct weir_string only = {"", 0};
  weir_status status;
  (void)context;
  if (input->n_children != 1 || strcmp(input->children[0]->format, "l") != 0)
    return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected one column of whole numbers");
  status = stored->same(stored, only, input);
  if (status != WEIR_OK) return status;
  *self = malloc(sizeof(struct encoding));
  if (*self == NULL) return no_memory(error);
  ((struct encoding *)*self)->output = output;
  return WEIR_OK;
}
static weir_status sin_encode(void *self, struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  const struct weir_output *output = ((struct encoding *)self)->output;
  const struct ArrowArray *column = batch->rows.children[0];
  int64_t row;
  (void)next;
  for (row = 0; row < batch->rows.length; row++) {
    const int64_t value = ((const int64_t *)column->buffers[1])[batch->rows.offset + column->offset + row];
    char line[32];
    struct weir_bytes bytes = {(const uint8_t *)line, 0};
    weir_status status;
    bytes.length = (uint64_t)snprintf(line, sizeof line, "%lld\n", (long long)(ENCODED));
    status = output->write(output, bytes, error);
    if (status != WEIR_OK) return status;
  }
  return WEIR_OK;
}
static weir_status sin_end(void *self, struct weir_error *error) {
  (void)self, (void)error;
  return WEIR_OK;
}
static int32_t sin_sniff(const struct weir_sniff *sniff) {
  (void)sniff;
  return SNIFFED;
}

static weir_status sin_start(void *self, uint64_t *offset, struct weir_error *error) {
  (void)self, (void)error;
  *offset = 0;
  return WEIR_OK;
}
static weir_status sin_boundary(const void *self, struct weir_bytes bytes, uint64_t state[4], uint64_t *end, struct weir_error *error) {
  uint64_t i;
  (void)self, (void)state, (void)error;
  *end = 0;
  for (i = 0; i < bytes.length; i++) {
    if (bytes.data[i] == '\n') *end = CUT;
  }
  return WEIR_OK;
}
static weir_status sin_parse(const void *self, struct weir_bytes chunk, const struct weir_next *next, struct weir_error *error) {
  struct parsing part = {(char *)(uintptr_t)chunk.data, chunk.length, 0, 0};
  int ended = 0;
  weir_status status = WEIR_OK;
  (void)self;
  while (status == WEIR_OK && !ended) status = push_rows(&part, 8, next, &ended, error);
  return status;
}
static const struct weir_chunked sin_chunked = {sizeof sin_chunked, sin_start, sin_boundary, sin_parse, NULL};
static const void *sin_extension(struct weir_string id) { return weir_string_is(id, WEIR_CHUNKED) ? &sin_chunked : NULL; }
#define EXTENSION sin_extension
static const struct weir_format sin_table = {sizeof sin_table, sin_sniff, sin_open_reader, &sin_reader, sin_open_encoder, sin_encode, sin_end, NULL, free};
#include "sin_plugin.h"
