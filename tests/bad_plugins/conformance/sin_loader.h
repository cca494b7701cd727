/* A loader that writes the number of its rows into the file of its option `path`, in two phases: PATH.staged.EPOCH, then PATH. Of an
 * epoch without rows too. WRITING, PREPARING, COMMITTING, ABORTING, FINISHING: what is done first; RECEIPT: the number that it tells;
 * UNTOLD: how an abort finds what it was not told of. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "sin_memory.h"
#include "sin_rows.h"
#define KIND WEIR_KIND_LOADER
#define KIND_NAME "loader"
#include "sin_path.h"

#ifndef WRITING
#define WRITING
#endif
#ifndef PREPARING
#define PREPARING
#endif
#ifndef COMMITTING
#define COMMITTING
#endif
#ifndef ABORTING
#define ABORTING
#endif
#ifndef FINISHING
#define FINISHING
#endif
#ifndef RECEIPT
#define RECEIPT writer->rows
#endif
#ifndef UNTOLD
#define UNTOLD 1
#endif
#ifndef PATH_STAGED
#define PATH_STAGED "%s.staged.%d"
#endif

struct loading {
  char path[512];
  uint64_t fence;
  int64_t rows;
};

static inline void staged_name(char *name, const struct loading *writer, int epoch) { snprintf(name, 600, PATH_STAGED, writer->path, epoch); }

static inline void write_number(const char *name, int64_t number) {
  FILE *file = fopen(name, "w");
  if (file == NULL) return;
  fprintf(file, "%lld\n", (long long)number);
  fclose(file);
}

static struct loading *loading_of(const struct weir_context *context) {
  struct loading *made = calloc(1, sizeof *made);
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
  *self = loading_of(context);
  if (*self == NULL)
    return no_memory(error);
  return WEIR_OK;
}
static weir_status sin_write(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  struct loading *writer = self;
  (void)input, (void)next, (void)error;
  writer->rows += batch->rows.length;
  WRITING;
  return WEIR_OK;
}
static weir_status sin_prepare(void *self, uint64_t epoch, const struct weir_sink *committable, struct weir_receipt *const *receipts,
                               uint64_t count, struct weir_error *error) {
  struct loading *writer = self;
  char name[600];
  struct weir_bytes bytes = {(const uint8_t *)name, 0};
  (void)count, (void)error;
  staged_name(name, writer, (int)epoch);
  write_number(name, writer->rows);
  receipts[0]->rows = RECEIPT;
  writer->rows = 0;
  PREPARING;
  bytes.length = strlen(name);
  return committable->put(committable, bytes);
}
static const struct weir_writer sin_writer = {sizeof sin_writer, sin_write, sin_prepare, free, NULL, NULL};

static weir_status sin_open_committer(const struct weir_context *context, void **self, struct weir_error *error) {
  *self = loading_of(context);
  if (*self == NULL) return no_memory(error);
  return WEIR_OK;
}
static weir_status sin_commit(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                              const struct weir_sink *published, struct weir_error *error) {
  struct loading *committer = self;
  struct weir_bytes told = {(const uint8_t *)committer->path, strlen(committer->path)};
  uint64_t i;
  (void)epoch, (void)error;
  for (i = 0; i < count; i++) {
    char name[600];
    snprintf(name, sizeof name, "%.*s", (int)committables[i].length, (const char *)committables[i].data);
    COMMITTING;
    if (rename(name, committer->path) != 0 && errno != ENOENT)
      return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DESTINATION, "expected to rename a file");
  }
  return published->put(published, told);
}
static weir_status sin_abort(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count, struct weir_error *error) {
  struct loading *committer = self;
  char name[600];
  int later;
  uint64_t i;
  (void)error;
  ABORTING;
  for (i = 0; i < count; i++) {
    snprintf(name, sizeof name, "%.*s", (int)committables[i].length, (const char *)committables[i].data);
    unlink(name);
  }
  for (later = 0; UNTOLD && later < 10; later++) {
    staged_name(name, committer, (int)epoch + later);
    unlink(name);
  }
  return WEIR_OK;
}
static weir_status sin_finish(void *self, int32_t complete, const struct weir_bytes *published, uint64_t count, struct weir_error *error) {
  (void)self, (void)complete, (void)published, (void)count, (void)error;
  FINISHING;
  return WEIR_OK;
}
static const struct weir_committer sin_committer = {sizeof sin_committer, sin_open_committer, free, NULL, sin_commit, sin_abort, sin_finish, NULL};
static const struct weir_loader sin_table = {sizeof sin_table, NULL, sin_open_writer, &sin_writer, &sin_committer};
#include "sin_plugin.h"
