/* The tables of a host for tests: each callback goes to Go, with the handle of the Go value behind it. */
#ifndef WEIR_GO_TEST_HOST_H
#define WEIR_GO_TEST_HOST_H

#include <stdlib.h>
#include <string.h>
#include <weir/weir.h>

struct test_host {
  struct weir_host host;
  struct weir_config config;
  struct weir_context context;
  struct weir_string stream;
  struct weir_schema_sink schemas;
  struct weir_next next;
  struct weir_plan plan;
  struct weir_sink sink;
  struct weir_input input;
  struct weir_output output;
  uintptr_t handle;
  uint8_t *bytes; /* of the input; owned */
  size_t length, step, at;
};

struct test_host *test_host_new(uintptr_t handle, void *bytes, size_t length, size_t step);
void test_host_free(struct test_host *host);

/* What the component `name` of a kind has as its table; null: there is none. */
const void *test_table(const struct weir_plugin *plugin, const char *name, int32_t kind);

/* One call each of the plugin's tables. */
weir_status test_create(const void *table, struct test_host *h, struct ArrowSchema *input, void **self, struct weir_error *error);
weir_status test_process(const void *table, void *self, struct weir_batch *batch, struct test_host *h, struct weir_error *error);
weir_status test_flush(const void *table, void *self, struct test_host *h, struct weir_error *error);
void test_destroy(const void *table, void *self);
weir_status test_plan(const void *table, struct test_host *h, struct weir_error *error);
weir_status test_open_split(const void *table, struct test_host *h, const char *id, void *token, size_t length, void **self,
                            struct weir_error *error);
const struct weir_reader *test_split_reader(const void *table);
weir_status test_open_reader(const void *table, struct test_host *h, void **self, struct weir_error *error);
const struct weir_reader *test_format_reader(const void *table);
weir_status test_read(const struct weir_reader *reader, void *self, struct test_host *h, int32_t *outcome, struct weir_error *error);
void test_close(const struct weir_reader *reader, void *self);
weir_status test_open_writer(const void *table, struct test_host *h, struct ArrowSchema *input, void **self, struct weir_error *error);
weir_status test_write(const void *table, void *self, struct weir_batch *batch, struct test_host *h, struct weir_error *error);
weir_status test_prepare(const void *table, void *self, struct test_host *h, int64_t *rows, struct weir_error *error);
void test_close_writer(const void *table, void *self);
weir_status test_commit(const void *table, struct test_host *h, struct weir_bytes *committables, size_t count, struct weir_error *error);
weir_status test_open_encoder(const void *table, struct test_host *h, struct ArrowSchema *input, void **self, struct weir_error *error);
weir_status test_encode(const void *table, void *self, struct weir_batch *batch, struct test_host *h, struct weir_error *error);
weir_status test_end(const void *table, void *self, struct weir_error *error);
void test_close_encoder(const void *table, void *self);

static inline void test_release_array(struct ArrowArray *array) {
  if (array->release != NULL) array->release(array);
}
static inline void test_release_schema(struct ArrowSchema *schema) {
  if (schema->release != NULL) schema->release(schema);
}

#endif
