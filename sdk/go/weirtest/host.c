#include "host.h"

#include "_cgo_export.h"

#define HOST_OF(raw, field) ((struct test_host *)((char *)(raw) - offsetof(struct test_host, field)))
#define HANDLE_OF(raw, field) HOST_OF(raw, field)->handle

static int64_t now(const struct weir_host *self) { return (void)self, 0; }
static void write_log(const struct weir_host *self, int32_t level, struct weir_string event, struct weir_string detail) {
  (void)self, (void)level, (void)event, (void)detail;
}
static const void *extension(const struct weir_host *self, struct weir_string id) { return (void)self, (void)id, NULL; }
static int32_t cancelled(const struct weir_host *self) { return (void)self, 0; }

static struct weir_string config_text(const struct weir_config *self, struct weir_string path) {
  return goConfigText(HANDLE_OF(self, config), path);
}
static int64_t config_integer(const struct weir_config *self, struct weir_string path) {
  return goConfigInteger(HANDLE_OF(self, config), path);
}
static double config_number(const struct weir_config *self, struct weir_string path) {
  return goConfigNumber(HANDLE_OF(self, config), path);
}
static int32_t config_boolean(const struct weir_config *self, struct weir_string path) {
  return goConfigBoolean(HANDLE_OF(self, config), path);
}
static uint64_t config_count(const struct weir_config *self, struct weir_string path) {
  return goConfigCount(HANDLE_OF(self, config), path);
}
static int32_t config_kind(const struct weir_config *self, struct weir_string path) {
  return goConfigKind(HANDLE_OF(self, config), path);
}
static struct weir_string config_key(const struct weir_config *self, struct weir_string path, uint64_t index) {
  return goConfigKey(HANDLE_OF(self, config), path, index);
}

static weir_status put_schema(const struct weir_schema_sink *self, struct weir_string name, struct ArrowSchema *schema) {
  (void)name;
  goSchema(HANDLE_OF(self, schemas), schema);
  test_release_schema(schema);
  return WEIR_OK;
}
static weir_status same_schema(const struct weir_schema_sink *self, struct weir_string name, const struct ArrowSchema *schema) {
  (void)name;
  goSchema(HANDLE_OF(self, schemas), (struct ArrowSchema *)schema);
  return WEIR_OK;
}
static weir_status push(const struct weir_next *self, uint64_t output, struct weir_batch *batch) {
  goPush(HANDLE_OF(self, next), output, batch);
  test_release_array(&batch->rows);
  test_release_array(&batch->origins);
  return WEIR_OK;
}
static weir_status select_rows(const struct weir_next *self, uint64_t output, const uint32_t *rows, uint64_t count) {
  (void)output;
  goSelect(HANDLE_OF(self, next), (uint32_t *)rows, count);
  return WEIR_OK;
}
static weir_status reject(const struct weir_next *self, const struct weir_reject *reject) {
  goReject(HANDLE_OF(self, next), (struct weir_reject *)reject);
  return WEIR_OK;
}
static weir_status drop(const struct weir_next *self, uint64_t count, struct weir_string reason) {
  (void)reason;
  goDrop(HANDLE_OF(self, next), count);
  return WEIR_OK;
}
static weir_status add(const struct weir_plan *self, const struct weir_split *split) {
  goAdd(HANDLE_OF(self, plan), split->id, split->token);
  return WEIR_OK;
}
static weir_status remove_split(const struct weir_plan *self, struct weir_string id) { return (void)self, (void)id, WEIR_OK; }
static weir_status keep_state(const struct weir_plan *self, struct weir_bytes state) { return (void)self, (void)state, WEIR_OK; }
static weir_status put(const struct weir_sink *self, struct weir_bytes bytes) {
  goPut(HANDLE_OF(self, sink), bytes);
  return WEIR_OK;
}
static weir_status read_input(const struct weir_input *self, int64_t deadline, uint8_t *buffer, uint64_t capacity, uint64_t *got,
                              int32_t *outcome, struct weir_error *error) {
  struct test_host *host = HOST_OF(self, input);
  const size_t left = host->length - host->at, most = host->step < capacity ? host->step : (size_t)capacity;
  *got = left < most ? left : most;
  (void)deadline, (void)error;
  if (*got > 0) memcpy(buffer, host->bytes + host->at, *got);
  host->at += *got;
  *outcome = host->at == host->length ? WEIR_READ_END : WEIR_READ_MORE;
  return WEIR_OK;
}
static weir_status write_output(const struct weir_output *self, struct weir_bytes bytes, struct weir_error *error) {
  (void)error;
  goPut(HANDLE_OF(self, output), bytes);
  return WEIR_OK;
}

struct test_host *test_host_new(uintptr_t handle, void *bytes, size_t length, size_t step) {
  struct test_host *h = calloc(1, sizeof *h);
  h->handle = handle;
  h->bytes = bytes, h->length = length, h->step = step;
  h->host = (struct weir_host){sizeof h->host, WEIR_ABI, 0, now, write_log, extension, cancelled};
  h->config = (struct weir_config){sizeof h->config, WEIR_STRING("{}"), config_text, config_integer, config_number, config_boolean,
                                   config_count, config_kind, config_key};
  h->context.size = sizeof h->context;
  h->context.host = &h->host, h->context.config = &h->config;
  h->context.run = weir_text("run-1"), h->context.link = weir_text("link"), h->context.lane = weir_text("lane");
  h->context.streams = &h->stream, h->context.stream_count = 1;
  h->context.fence = h->context.epoch = 1;
  h->schemas = (struct weir_schema_sink){sizeof h->schemas, put_schema, same_schema};
  h->next = (struct weir_next){sizeof h->next, push, select_rows, reject, drop};
  h->plan = (struct weir_plan){sizeof h->plan, add, remove_split, keep_state};
  h->sink = (struct weir_sink){sizeof h->sink, put};
  h->input.size = sizeof h->input, h->input.length = -1, h->input.read = read_input;
  h->output.size = sizeof h->output, h->output.write = write_output;
  return h;
}

void test_host_free(struct test_host *host) {
  free(host->bytes);
  free(host);
}

const void *test_table(const struct weir_plugin *plugin, const char *name, int32_t kind) {
  for (uint64_t i = 0; plugin != NULL && i < plugin->count; i++) {
    if (weir_string_is(plugin->components[i]->name, name) && plugin->components[i]->kind == kind) return plugin->components[i]->table;
  }
  return NULL;
}

#define TABLE(kind) const struct weir_##kind *const t = table
static const struct weir_string unnamed;

weir_status test_create(const void *table, struct test_host *h, struct ArrowSchema *input, void **self, struct weir_error *error) {
  TABLE(transformer);
  const struct ArrowSchema *inputs[] = {input};
  return t->create(&h->context, inputs, &unnamed, 1, &h->schemas, self, error);
}
weir_status test_process(const void *table, void *self, struct weir_batch *batch, struct test_host *h, struct weir_error *error) {
  TABLE(transformer);
  return t->process(self, 0, batch, &h->next, error);
}
weir_status test_flush(const void *table, void *self, struct test_host *h, struct weir_error *error) {
  TABLE(transformer);
  return t->flush == NULL ? WEIR_OK : t->flush(self, 0, WEIR_FLUSH_END, &h->next, error);
}
void test_destroy(const void *table, void *self) {
  TABLE(transformer);
  t->destroy(self);
}
weir_status test_plan(const void *table, struct test_host *h, struct weir_error *error) {
  TABLE(extractor);
  int32_t more = 0;
  return t->plan(&h->context, (struct weir_bytes){NULL, 0}, &h->plan, &more, error);
}
weir_status test_open_split(const void *table, struct test_host *h, const char *id, void *token, size_t length, void **self,
                            struct weir_error *error) {
  TABLE(extractor);
  struct weir_split split;
  memset(&split, 0, sizeof split);
  split.size = sizeof split;
  split.id = weir_text(id);
  split.token = (struct weir_bytes){token, length};
  return t->open(&h->context, &split, (struct weir_bytes){NULL, 0}, &h->schemas, self, error);
}
const struct weir_reader *test_split_reader(const void *table) {
  TABLE(extractor);
  return t->reader;
}
weir_status test_open_reader(const void *table, struct test_host *h, void **self, struct weir_error *error) {
  TABLE(format);
  return t->open_reader(&h->context, &h->input, (struct weir_bytes){NULL, 0}, &h->schemas, self, error);
}
const struct weir_reader *test_format_reader(const void *table) {
  TABLE(format);
  return t->reader;
}
weir_status test_read(const struct weir_reader *reader, void *self, struct test_host *h, int32_t *outcome, struct weir_error *error) {
  return reader->read(self, INT64_MAX, &h->next, outcome, error);
}
void test_close(const struct weir_reader *reader, void *self) { reader->close(self); }
weir_status test_open_writer(const void *table, struct test_host *h, struct ArrowSchema *input, void **self, struct weir_error *error) {
  TABLE(loader);
  const struct ArrowSchema *inputs[] = {input};
  return t->open(&h->context, inputs, &unnamed, 1, &h->schemas, self, error);
}
weir_status test_write(const void *table, void *self, struct weir_batch *batch, struct test_host *h, struct weir_error *error) {
  TABLE(loader);
  return t->writer->write(self, 0, batch, &h->next, error);
}
weir_status test_prepare(const void *table, void *self, struct test_host *h, int64_t *rows, struct weir_error *error) {
  TABLE(loader);
  struct weir_receipt receipt, *const receipts[] = {&receipt};
  memset(&receipt, 0, sizeof receipt);
  receipt.size = sizeof receipt;
  receipt.rows = -1;
  weir_status status = t->writer->prepare(self, 1, &h->sink, receipts, 1, error);
  *rows = receipt.rows;
  if (status == WEIR_OK && t->writer->commit != NULL) status = t->writer->commit(self, 1, error);
  return status;
}
void test_close_writer(const void *table, void *self) {
  TABLE(loader);
  t->writer->close(self);
}
weir_status test_commit(const void *table, struct test_host *h, struct weir_bytes *committables, size_t count, struct weir_error *error) {
  TABLE(loader);
  void *self = NULL;
  if (t->committer == NULL || t->committer->commit == NULL) return WEIR_OK;
  weir_status status = t->committer->open(&h->context, &self, error);
  if (status != WEIR_OK) return status;
  status = t->committer->commit(self, 1, committables, count, &h->sink, error);
  t->committer->close(self);
  return status;
}
weir_status test_open_encoder(const void *table, struct test_host *h, struct ArrowSchema *input, void **self, struct weir_error *error) {
  TABLE(format);
  return t->open_encoder(&h->context, input, &h->schemas, &h->output, self, error);
}
weir_status test_encode(const void *table, void *self, struct weir_batch *batch, struct test_host *h, struct weir_error *error) {
  TABLE(format);
  return t->encode(self, batch, &h->next, error);
}
weir_status test_end(const void *table, void *self, struct weir_error *error) {
  TABLE(format);
  return t->end(self, error);
}
void test_close_encoder(const void *table, void *self) {
  TABLE(format);
  t->close_encoder(self);
}
