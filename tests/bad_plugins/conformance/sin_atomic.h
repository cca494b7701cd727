/* A loader that stores epoch, fence and number of rows in one file, in one step. LAST: the epoch that it tells; REFUSES: whether it
 * looks at fences. */
#include <stdio.h>
#include <string.h>
#include "sin_memory.h"
#include "sin_rows.h"
#define KIND WEIR_KIND_LOADER
#define KIND_NAME "loader"
#include "sin_path.h"

#ifndef LAST
#define LAST token.epoch
#endif
#ifndef REFUSES
#define REFUSES 1
#endif

struct token {
  unsigned long long epoch, fence, rows;
};
struct storing {
  char path[512];
  unsigned long long fence, rows;
};

static struct token token_of(const struct storing *self) {
  struct token token = {0, 0, 0};
  FILE *file = fopen(self->path, "r");
  if (file == NULL) return token;
  if (fscanf(file, "%llu %llu %llu", &token.epoch, &token.fence, &token.rows) != 3) token.epoch = 0;
  fclose(file);
  return token;
}
static void keep_token(const struct storing *self, struct token token) {
  char name[600];
  FILE *file;
  snprintf(name, sizeof name, "%s.new", self->path);
  file = fopen(name, "w");
  if (file == NULL) return;
  fprintf(file, "%llu %llu %llu\n", token.epoch, token.fence, token.rows);
  fclose(file);
  rename(name, self->path);
}
static struct storing *storing_of(const struct weir_context *context) {
  struct storing *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  path_of(context, made->path, sizeof made->path);
  made->fence = context->fence;
  return made;
}
static weir_status sin_open_writer(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                                   const struct weir_string *streams, uint64_t count, const struct weir_schema_sink *stored, void **self,
                                   struct weir_error *error) {
  struct weir_string only = {"", 0};
  weir_status status = stored->same(stored, only, inputs[0]);
  (void)streams, (void)count;
  if (status != WEIR_OK) return status;
  *self = storing_of(context);
  if (*self == NULL)
    return no_memory(error);
  return WEIR_OK;
}
static weir_status sin_write(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  (void)input, (void)next, (void)error;
  ((struct storing *)self)->rows += (unsigned long long)batch->rows.length;
  return WEIR_OK;
}
static weir_status sin_prepare(void *self, uint64_t epoch, const struct weir_sink *committable, struct weir_receipt *const *receipts,
                               uint64_t count, struct weir_error *error) {
  (void)self, (void)epoch, (void)committable, (void)receipts, (void)count, (void)error;
  return WEIR_OK;
}
static weir_status sin_commit(void *self, uint64_t epoch, struct weir_error *error) {
  struct storing *writer = self;
  struct token token = token_of(writer);
  if (REFUSES && token.fence > writer->fence) return weir_fail(error, WEIR_ABORTED, WEIR_FAULT_DESTINATION, "expected the highest fence");
  token.epoch = epoch;
  token.fence = writer->fence;
  token.rows += writer->rows;
  writer->rows = 0;
  keep_token(writer, token);
  return WEIR_OK;
}
static const struct weir_writer sin_writer = {sizeof sin_writer, sin_write, sin_prepare, free, sin_commit, NULL};
static weir_status sin_open_committer(const struct weir_context *context, void **self, struct weir_error *error) {
  struct storing *made = storing_of(context);
  struct token token;
  if (made == NULL) return no_memory(error);
  token = token_of(made);
  if (token.fence < made->fence) {
    token.fence = made->fence;
    keep_token(made, token);
  }
  *self = made;
  return WEIR_OK;
}
static weir_status sin_last(void *self, uint64_t *epoch, struct weir_error *error) {
  struct token token = token_of(self);
  (void)error, (void)token;
  *epoch = LAST;
  return WEIR_OK;
}
static const struct weir_committer sin_committer = {sizeof sin_committer, sin_open_committer, free, sin_last, NULL, NULL, NULL, NULL};
static const struct weir_loader sin_table = {sizeof sin_table, NULL, sin_open_writer, &sin_writer, &sin_committer};
#include "sin_plugin.h"
