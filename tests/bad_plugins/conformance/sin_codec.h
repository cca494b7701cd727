/* A codec: a 1 before each byte, a 0 at the end. STEPPING: what is done first; LOSS: what is said of a stream that was cut; FOREIGN:
 * what is done with a byte that is neither 0 nor 1; LAST_BYTE: whether a byte is written when it is the last; AGAIN: whether a stream may follow. */
#include <stdlib.h>
#include <weir/weir.h>

#include "sin_memory.h"
#define KIND WEIR_KIND_CODEC
#define KIND_NAME "codec"

#ifndef STEPPING
#define STEPPING
#endif
#ifndef LOSS
#define LOSS return weir_fail(error, WEIR_DATA_LOSS, WEIR_FAULT_DATA, "expected more of the stream")
#endif
#ifndef FOREIGN
#define FOREIGN return weir_fail(error, WEIR_DATA_LOSS, WEIR_FAULT_DATA, "expected 0 or 1")
#endif
#ifndef LAST_BYTE
#define LAST_BYTE 1
#endif
#ifndef AGAIN
#define AGAIN 1
#endif

struct coding {
  int compress, ended, pending, streams;
};

static weir_status sin_create(const struct weir_context *context, int32_t compress, void **self, struct weir_error *error) {
  struct coding *made = calloc(1, sizeof *made);
  (void)context;
  if (made == NULL) return no_memory(error);
  made->compress = compress;
  *self = made;
  return WEIR_OK;
}
static weir_status pack(struct coding *self, struct weir_bytes in, int32_t last, uint8_t *out, uint64_t capacity, uint64_t *consumed,
                        uint64_t *produced, int32_t *done) {
  while (*produced < capacity) {
    if (self->pending >= 0 && self->pending > 0) {
      out[(*produced)++] = (uint8_t)(self->pending - 1);
      self->pending = 0;
    } else if (*consumed < in.length) {
      const int is_last = last && *consumed + 1 == in.length;
      out[(*produced)++] = 1;
      self->pending = 1 + in.data[(*consumed)++];
      if (is_last && !(LAST_BYTE)) self->pending = 1;
    } else if (last) {
      out[(*produced)++] = 0;
      *done = 1;
      break;
    } else {
      break;
    }
  }
  return WEIR_OK;
}
static weir_status unpack(struct coding *self, struct weir_bytes in, int32_t last, uint8_t *out, uint64_t capacity, uint64_t *consumed,
                          uint64_t *produced, int32_t *done, struct weir_error *error) {
  while (*consumed < in.length) {
    const uint8_t byte = in.data[*consumed];
    if (self->pending) {
      if (*produced == capacity) return WEIR_OK;
      out[(*produced)++] = byte;
      self->pending = 0;
    } else if (byte == 1) {
      if (self->streams > 0 && !(AGAIN)) return weir_fail(error, WEIR_DATA_LOSS, WEIR_FAULT_DATA, "expected one stream");
      self->pending = 1;
    } else if (byte == 0) {
      ++*consumed;
      ++self->streams;
      *done = 1;
      return WEIR_OK;
    } else {
      FOREIGN;
    }
    ++*consumed;
  }
  if (last) LOSS;
  return WEIR_OK;
}
static weir_status sin_step(void *self, struct weir_bytes in, int32_t last, uint8_t *out, uint64_t capacity, uint64_t *consumed,
                            uint64_t *produced, int32_t *done, struct weir_error *error) {
  *consumed = *produced = 0;
  *done = 0;
  STEPPING;
  if (((struct coding *)self)->compress) return pack(self, in, last, out, capacity, consumed, produced, done);
  return unpack(self, in, last, out, capacity, consumed, produced, done, error);
}
static const struct weir_codec sin_table = {sizeof sin_table, NULL, sin_create, free, sin_step};
#include "sin_plugin.h"
