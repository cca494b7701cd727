/* An extractor that lists its streams, as its option `how` says: `two` of them, which is no sin; one `twice`; with `keys` that are
 * no list; with a name of other `bytes` than UTF-8; or `never`, for it fails. Each stream has two rows. */
#include "bad_rows.h"
#include <weir/ext/discover.h>
#include <string.h>
#define SIN "lists"
#define SIN_INFO                                                                                                     \
  "{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"sdk\":\"0.1.0\",\"name\":\"lists\",\"version\":\"1.0.0\",\"license\":"         \
  "\"Apache-2.0\",\"summary\":\"Lists streams.\",\"components\":{\"lists\":{\"kind\":\"extractor\",\"summary\":\"Lists."   \
  "\",\"description\":\"For tests.\",\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"      \
  "\"how\":{\"type\":\"string\",\"description\":\"How.\",\"examples\":[\"two\"]}}}}}}"
#define SIN_READ sins

static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  static const int64_t values[] = {1, 2};
  static const void* buffers[] = {NULL, values};
  struct ArrowArray column = column_of(2, 0, buffers, 2);
  (void)self, (void)deadline, (void)error;
  *outcome = WEIR_READ_END;
  return push_rows(next, 2, &column);
}

static weir_status put(const struct weir_stream_sink* streams, const char* name, const char* keys) {
  struct weir_stream stream;
  memset(&stream, 0, sizeof stream);
  stream.size = sizeof stream;
  stream.name = weir_text(name);
  stream.keys = weir_text(keys);
  stream.rows = 2;
  stream.bytes = -1;
  return streams->put(streams, &stream, NULL);
}

static weir_status list(const struct weir_context* context, const struct weir_stream_sink* streams,
                        struct weir_error* error) {
  const struct weir_string how = context->config->text(context->config, weir_text("/how"));
  const char way = how.length == 0 ? 't' : how.data[0];
  weir_status status = put(streams, "a", way == 'k' ? "{\"a\": 1}" : "[\"x\"]");
  if (way == 'n') return weir_fail(error, WEIR_UNAUTHENTICATED, WEIR_FAULT_SOURCE, "expected a password, found none");
  if (status != WEIR_OK) return status;
  return put(streams, way == 'b' ? "\xff" : how.length == 5 ? "a" : "b", "");
}

static const void* extension(struct weir_string id) {
  static const struct weir_discover discover = {sizeof discover, list};
  return id.length == sizeof WEIR_DISCOVER - 1 && memcmp(id.data, WEIR_DISCOVER, id.length) == 0 ? &discover : NULL;
}

static const struct weir_component lists;
#define SIN_COMPONENTS &lists
#include "bad_reader.h"
static const struct weir_component lists = {
    sizeof lists, {SIN, sizeof SIN - 1}, {"{}", 2}, WEIR_KIND_EXTRACTOR, 0, &sin_extractor, extension};
